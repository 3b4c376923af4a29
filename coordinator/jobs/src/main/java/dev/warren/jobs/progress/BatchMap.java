package dev.warren.jobs.progress;

import java.util.Arrays;
import java.util.BitSet;

/**
 * All calls of a job as one picture: a raster of at most {@link #MAX_CELLS} cells, each of which
 * stands for the same number of successive calls and has the worst of their states. Its memory does
 * not depend on the number of calls, except for one bit per failed or ended call. Not thread-safe.
 */
public final class BatchMap {
  /** Maximum number of cells. */
  public static final int MAX_CELLS = 100_000;

  /** Number of cells of a block, the part of the picture that is sent when a cell changes. */
  public static final int BLOCK = 512;

  /** The state of a cell; later ones are worse. The letters are those of {@link #block}. */
  private static final String LETTERS = "kuqrcf";

  private static final int OK = 0;
  private static final int UNREAD = 1;
  private static final int QUEUED = 2;
  private static final int RUNNING = 3;
  private static final int CANCELLED = 4;
  private static final int FAILED = 5;

  private final long calls;
  private final int callsPerCell;
  private final int cells;
  private final BitSet ended;
  private final BitSet failed;
  private final BitSet cancelled = new BitSet();
  // ended, failed and cancelled calls of each cell
  private final int[] endedIn;
  private final int[] failedIn;
  private final int[] cancelledIn;
  private final BitSet running = new BitSet();
  private final BitSet published = new BitSet();
  private final int[] publishedIn;

  /** A picture of a job none of whose calls has been read. */
  public BatchMap(long calls) {
    this.calls = calls;
    this.callsPerCell = (int) Math.max(1, (calls + MAX_CELLS - 1) / MAX_CELLS);
    this.cells = (int) ((calls + callsPerCell - 1) / callsPerCell);
    this.ended = new BitSet();
    this.failed = new BitSet();
    this.endedIn = new int[cells];
    this.failedIn = new int[cells];
    this.cancelledIn = new int[cells];
    this.publishedIn = new int[cells];
  }

  /** How a call has ended. */
  public enum End {
    SUCCEEDED,
    FAILED,
    CANCELLED
  }

  public long calls() {
    return calls;
  }

  public int callsPerCell() {
    return callsPerCell;
  }

  public int cells() {
    return cells;
  }

  /** Number of blocks. */
  public int blocks() {
    return (cells + BLOCK - 1) / BLOCK;
  }

  /** Number of calls that were not given to the broker since they last were to run. */
  public long unread() {
    BitSet begun = (BitSet) published.clone();
    begun.or(ended);
    return calls - begun.cardinality();
  }

  /** Calls were given to the broker; those that are not of this picture are ignored. */
  void published(long from, long to) {
    for (int call = (int) from; call < Math.min(to, calls); call++) {
      if (!published.get(call)) {
        published.set(call);
        publishedIn[call / callsPerCell]++;
      }
    }
  }

  /** A call has ended; a later outcome of the same call is ignored. */
  void ended(long index, End how) {
    int call = (int) index;
    if (call >= calls || ended.get(call)) {
      return;
    }
    int cell = call / callsPerCell;
    ended.set(call);
    endedIn[cell]++;
    if (how == End.FAILED) {
      failed.set(call);
      failedIn[cell]++;
    } else if (how == End.CANCELLED) {
      cancelled.set(call);
      cancelledIn[cell]++;
    }
  }

  /** A call is to run again. */
  void reset(long index) {
    int call = (int) index;
    int cell = call / callsPerCell;
    if (call >= calls) {
      return;
    }
    if (ended.get(call)) {
      ended.clear(call);
      endedIn[cell]--;
    }
    if (failed.get(call)) {
      failed.clear(call);
      failedIn[cell]--;
    }
    if (cancelled.get(call)) {
      cancelled.clear(call);
      cancelledIn[cell]--;
    }
    if (published.get(call)) {
      published.clear(call);
      publishedIn[cell]--;
    }
  }

  /** Replaces the calls that are known to run. */
  void running(long[] indexes) {
    running.clear();
    for (long index : indexes) {
      if (index >= 0 && index < calls) {
        running.set((int) (index / callsPerCell));
      }
    }
  }

  /**
   * A block of the picture as run-length text: a letter per cell and, if it repeats, how often.
   * Letters: k succeeded, u unread, q queued, r running, c cancelled, f failed.
   */
  public String block(int number) {
    StringBuilder text = new StringBuilder();
    int from = number * BLOCK;
    int to = Math.min(cells, from + BLOCK);
    int begin = from;
    for (int cell = from; cell < to; cell++) {
      if (cell + 1 == to || state(cell + 1) != state(begin)) {
        text.append(LETTERS.charAt(state(begin)));
        if (cell > begin) {
          text.append(cell - begin + 1);
        }
        begin = cell + 1;
      }
    }
    return text.toString();
  }

  private int state(int cell) {
    int size = (int) Math.min(callsPerCell, calls - (long) cell * callsPerCell);
    if (failedIn[cell] > 0) {
      return FAILED;
    }
    if (cancelledIn[cell] > 0) {
      return CANCELLED;
    }
    if (running.get(cell)) {
      return RUNNING;
    }
    if (endedIn[cell] == size) {
      return OK;
    }
    return publishedIn[cell] > endedIn[cell] || publishedIn[cell] == size ? QUEUED : UNREAD;
  }

  @Override
  public String toString() {
    return cells + " cells, " + Arrays.stream(endedIn).sum() + " of " + calls + " calls ended";
  }
}
