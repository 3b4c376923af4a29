package dev.warren.jobs.cause;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.jobs.journal.Cause;
import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CauseReaderTest {
  private static RemoteFailure failure(String type, String message, String stack) {
    return new RemoteFailure(
        FailureKind.FAILED, type, message, stack, List.of(type), true, null, 1, Map.of());
  }

  private static String fingerprint(RemoteFailure failure) {
    return CauseReader.of(failure).fingerprint();
  }

  private static String stack(String method, int line) {
    return "java.io.IOException: x\n"
        + "\tat java.base/java.io.FileInputStream.open(FileInputStream.java:1)\n"
        + "\tat com.acme.Stats."
        + method
        + "(Stats.java:"
        + line
        + ")\n"
        + "\tat dev.warren.worker.child.CallRunner.run(CallRunner.java:9)\n";
  }

  @Test
  void numbers_ids_paths_and_quotes_of_the_message_do_not_matter() {
    Cause one =
        CauseReader.of(
            failure("java.io.IOException", "/data/in/7.txt: 'abc' is not 3.5 of order 12", null));
    Cause other =
        CauseReader.of(
            failure("java.io.IOException", "/data/x.txt: 'defg' is not -8 of order 9", null));
    assertThat(one).isEqualTo(other);
    assertThat(one.title()).isEqualTo("java.io.IOException: /…: '…' is not # of order #");
  }

  @Test
  void another_class_message_or_place_is_another_cause() {
    String cause = fingerprint(failure("a.B", "no room", stack("score", 3)));
    assertThat(fingerprint(failure("a.C", "no room", stack("score", 3)))).isNotEqualTo(cause);
    assertThat(fingerprint(failure("a.B", "no bed", stack("score", 3)))).isNotEqualTo(cause);
    assertThat(fingerprint(failure("a.B", "no room", stack("parse", 3)))).isNotEqualTo(cause);
  }

  @Test
  void the_line_number_of_a_frame_and_the_jdk_s_own_frames_do_not_matter() {
    String cause = fingerprint(failure("a.B", "no room", stack("score", 3)));
    assertThat(fingerprint(failure("a.B", "no room", stack("score", 4)))).isEqualTo(cause);
  }

  @Test
  void a_lost_child_has_a_cause_too() {
    RemoteFailure lost = RemoteFailure.of(FailureKind.CHILD_LOST, "killed by signal 9", 3);
    assertThat(CauseReader.of(lost).title()).isEqualTo(lost.type() + ": killed by signal #");
  }
}
