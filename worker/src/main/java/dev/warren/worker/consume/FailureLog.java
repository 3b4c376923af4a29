package dev.warren.worker.consume;

import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.Printable;
import dev.warren.lifecycle.TimeSource;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.TaskMessage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Logs calls that failed for good, one line each: at most {@link #LINES} lines per {@link
 * #INTERVAL}, so that a function that always fails does not fill the disk. Confined to the loop.
 */
final class FailureLog {
  /** Maximum number of lines per interval. */
  static final int LINES = 10;

  static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final Logger log = Logs.of(FailureLog.class);
  private static final int LONGEST = 300;

  private final TimeSource time;
  private long began;
  private int written = LINES; // so that the first line begins an interval
  private long heldBack;

  FailureLog(TimeSource time) {
    this.time = time;
    this.began = time.nanos() - INTERVAL.toNanos();
  }

  /** Logs that a call has failed and will not run again. */
  void failed(TaskMessage task, int index, RemoteFailure failure) {
    String line = line(task, index, failure, time.nanos());
    if (line != null) {
      log.info(line);
    }
  }

  /** The line to log; null if it is held back. */
  @Nullable String line(TaskMessage task, int index, RemoteFailure failure, long now) {
    if (now - began >= INTERVAL.toNanos()) {
      began = now;
      written = 0;
    }
    if (written == LINES) {
      heldBack++;
      return null;
    }
    written++;
    String before = heldBack == 0 ? "" : " (and " + heldBack + " other failed calls before it)";
    heldBack = 0;
    return "call "
        + task.calls().get(index)
        + " of task "
        + task.id()
        + " failed: "
        + task.function().shortName()
        + ": "
        + Printable.line(Printable.cut(reason(failure), LONGEST))
        + (failure.attempt() > 1 ? ", attempt " + failure.attempt() : "")
        + before;
  }

  private static String reason(RemoteFailure failure) {
    String message = failure.message() == null ? "" : failure.message();
    String first = message.lines().findFirst().orElse("");
    return failure.type() + (first.isEmpty() ? "" : ": " + first);
  }
}
