package dev.warren.worker.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.lifecycle.TimeSource;
import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.TaskMessage;
import dev.warren.worker.TaskSample;
import org.junit.jupiter.api.Test;

/** The lines that a worker logs about failed calls. */
class FailureLogTest {
  private final TaskMessage task = TaskSample.of(3).build();
  private final FailureLog log = new FailureLog(TimeSource.SYSTEM);

  private static RemoteFailure failure(String message) {
    return RemoteFailure.of(FailureKind.FAILED, message, 1);
  }

  @Test
  void line_names_call_function_and_reason() {
    long now = TimeSource.SYSTEM.nanos();
    assertThat(log.line(task, 2, failure("no\nsecond line"), now))
        .isEqualTo(
            "call "
                + task.calls().get(2)
                + " of task "
                + task.id()
                + " failed: "
                + task.function().shortName()
                + ": failed: no");
  }

  @Test
  void function_that_always_fails_does_not_fill_the_log() {
    long now = TimeSource.SYSTEM.nanos();
    for (int i = 0; i < FailureLog.LINES; i++) {
      assertThat(log.line(task, 0, failure("no"), now)).isNotNull();
    }
    for (int i = 0; i < 100; i++) {
      assertThat(log.line(task, 0, failure("no"), now)).isNull();
    }
    assertThat(log.line(task, 0, failure("no"), now + FailureLog.INTERVAL.toNanos()))
        .endsWith(" (and 100 other failed calls before it)");
  }
}
