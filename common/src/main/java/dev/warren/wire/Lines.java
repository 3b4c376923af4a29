package dev.warren.wire;

import dev.warren.task.Payload;
import java.util.Arrays;

/**
 * A body cut into its lines. The cut finds line feeds only: JSON never holds a raw one inside a
 * string. Immutable; slices share the body's bytes.
 */
public final class Lines {
  private static final byte LF = '\n';

  public static final Lines NONE = new Lines(Payload.EMPTY, new int[0]);

  private final Payload body;
  // ends[i] is the index behind the last byte of line i, its line feed not counted
  private final int[] ends;

  private Lines(Payload body, int[] ends) {
    this.body = body;
    this.ends = ends;
  }

  /** Cuts at each line feed; one at the very end closes the last line and opens no empty one. */
  public static Lines split(Payload body) {
    int[] ends = new int[16];
    int count = 0;
    for (int start = 0; start < body.length(); ) {
      int end = body.indexOf(LF, start);
      int stop = end < 0 ? body.length() : end;
      if (count == ends.length) {
        ends = Arrays.copyOf(ends, count * 2);
      }
      ends[count++] = stop;
      start = stop + 1;
    }
    return new Lines(body, Arrays.copyOf(ends, count));
  }

  /**
   * One line, whatever bytes it holds: raw line feeds, legal between JSON tokens, become spaces.
   */
  public static Lines single(Payload json) {
    Payload line = json;
    if (json.indexOf(LF, 0) >= 0) {
      byte[] copy = Arrays.copyOfRange(json.array(), json.offset(), json.offset() + json.length());
      for (int i = 0; i < copy.length; i++) {
        if (copy[i] == LF) {
          copy[i] = ' ';
        }
      }
      line = Payload.of(copy);
    }
    return new Lines(line, new int[] {line.length()});
  }

  public int count() {
    return ends.length;
  }

  /** Line {@code index}, without its line feed. */
  public Payload get(int index) {
    return body.slice(start(index), ends[index]);
  }

  /** Lines {@code from} to {@code to} (exclusive) as one run, without the last line feed. */
  public Payload run(int from, int to) {
    return from == to ? Payload.EMPTY : body.slice(start(from), ends[to - 1]);
  }

  /** Length in bytes of {@link #run(int, int)}. */
  public int bytes(int from, int to) {
    return from == to ? 0 : ends[to - 1] - start(from);
  }

  /** The lines from {@code from} on. */
  public Lines from(int from) {
    return split(run(from, count()));
  }

  private int start(int index) {
    return index == 0 ? 0 : ends[index - 1] + 1;
  }
}
