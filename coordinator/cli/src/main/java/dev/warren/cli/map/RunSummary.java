package dev.warren.cli.map;

import dev.warren.lifecycle.TimeSource;
import dev.warren.task.FailureKind;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.HdrHistogram.Histogram;

/** Counts a run's outcomes and their times for its last line. Confined to the main thread. */
final class RunSummary {
  private static final long LONGEST_MICROS = 8L * 24 * 3600 * 1_000_000;

  private final TimeSource time;
  private final long start;
  private final Map<FailureKind, Long> failed = new EnumMap<>(FailureKind.class);
  private final Histogram micros = new Histogram(1, LONGEST_MICROS, 2);
  private long ended;

  RunSummary(TimeSource time) {
    this.time = time;
    this.start = time.nanos();
  }

  /** Counts a call that returned a value; {@code took} is 0 or less if its time is unknown. */
  void succeeded(long took) {
    ended++;
    time(took);
  }

  /** Counts a call that failed. */
  void failed(FailureKind kind, long took) {
    ended++;
    failed.merge(kind, 1L, Long::sum);
    time(took);
  }

  private void time(long took) {
    if (took > 0) { // workers report 0 for a call that failed
      micros.recordValue(Math.min(LONGEST_MICROS, took));
    }
  }

  long ended() {
    return ended;
  }

  long failed() {
    return failed.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * The line for the user.
   *
   * @param interrupted whether the run ended before its input
   * @param earlier number of calls that an earlier run had finished
   * @param children what became of children or workers; may be empty
   */
  String line(boolean interrupted, long earlier, String children) {
    StringBuilder line = new StringBuilder(interrupted ? "interrupted: " : "");
    line.append(count(ended)).append(ended == 1 ? " call" : " calls");
    line.append(" in ").append(Times.text((time.nanos() - start) / 1_000)).append(": ");
    line.append(count(ended - failed())).append(" ok, ").append(count(failed())).append(" failed");
    if (!failed.isEmpty()) {
      StringJoiner kinds = new StringJoiner(", ", " (", ")");
      failed.forEach((kind, calls) -> kinds.add(kind.wire() + " " + count(calls)));
      line.append(kinds);
    }
    if (micros.getTotalCount() > 0) {
      line.append("; call time p50 ").append(Times.text(micros.getValueAtPercentile(50)));
      line.append(", p95 ").append(Times.text(micros.getValueAtPercentile(95)));
      line.append(", max ").append(Times.text(micros.getMaxValue()));
    }
    line.append(children.isEmpty() ? "" : "; " + children);
    line.append(earlier == 0 ? "" : "; " + count(earlier) + " done before");
    return line.toString();
  }

  private static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
