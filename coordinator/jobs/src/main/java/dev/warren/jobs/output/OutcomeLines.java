package dev.warren.jobs.output;

import dev.warren.jobs.store.CallNumber;
import dev.warren.jobs.store.Segment;
import dev.warren.jobs.store.StoredJob;
import dev.warren.json.Lines;
import dev.warren.task.Payload;
import org.jspecify.annotations.Nullable;

/** Reads the outcomes of consecutive calls from the journal. Confined to one thread. */
public final class OutcomeLines {
  /** Aim for the bytes of one batch. */
  private static final int BATCH_BYTES = 4 << 20;

  private static final int MAX_CALLS = 20_000;

  private final StoredJob job;
  private double averageBytes = 1024;

  public OutcomeLines(StoredJob job) {
    this.job = job;
  }

  /** Number of calls to read at once. */
  int batch() {
    return (int) Math.max(1, Math.min(MAX_CALLS, BATCH_BYTES / averageBytes));
  }

  /**
   * Returns the outcome lines of calls that have ended, the last round's of each.
   *
   * @param first index of the first call
   */
  public @Nullable Payload[] read(long first, int count) {
    @Nullable Payload[] lines = new @Nullable Payload[count];
    job.outcomes(first, first + count - 1, segment -> collect(segment, first, lines));
    long bytes = 0;
    for (Payload line : lines) {
      bytes += line == null ? 0 : line.length();
    }
    averageBytes = Math.max(16, (averageBytes + (double) bytes / count) / 2);
    return lines;
  }

  private static void collect(Segment segment, long from, @Nullable Payload[] into) {
    Lines lines = Lines.split(segment.body(), segment.calls().count());
    int[] line = {0};
    segment
        .calls()
        .forEachRange(
            (first, last) -> {
              long start = CallNumber.index(first);
              long end = start + last - first;
              for (long i = Math.max(start, from);
                  i <= Math.min(end, from + into.length - 1);
                  i++) {
                // a copy, so that one line does not retain its whole segment
                Payload found = lines.get(line[0] + (int) (i - start));
                into[(int) (i - from)] = Payload.of(found.toBytes());
              }
              line[0] += (int) (last - first + 1);
            });
  }
}
