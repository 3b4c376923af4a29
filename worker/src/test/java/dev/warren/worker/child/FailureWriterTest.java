package dev.warren.worker.child;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import java.io.FileNotFoundException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class FailureWriterTest {
  private final FailureWriter writer =
      new FailureWriter(new RemoteFailure.Where("host", 17, "w-1"));

  @Test
  void causes_and_suppressed_exceptions_are_in_the_stack_text() {
    IOException cause = new IOException("disk");
    cause.addSuppressed(new IllegalStateException("and on closing"));
    RemoteFailure failure = writer.failed(new RuntimeException("outer", cause), 3, null);
    assertThat(failure.stack())
        .contains("RuntimeException: outer", "Caused by: java.io.IOException: disk")
        .contains("\tSuppressed: java.lang.IllegalStateException: and on closing", "\t... ");
    assertThat(failure.attempt()).isEqualTo(3);
  }

  @Test
  void a_cycle_of_causes_ends() {
    Exception first = new Exception("first");
    first.initCause(new Exception("second", first));
    assertThat(writer.failed(first, 1, null).stack()).contains("(seen above)");
  }

  @Test
  void a_hostile_exception_is_reported_all_the_same() {
    RemoteFailure failure = writer.failed(new TestFunctions.Hostile(), 1, null);
    assertThat(failure.kind()).isEqualTo(FailureKind.FAILED);
    assertThat(failure.type()).isEqualTo(TestFunctions.Hostile.class.getName());
    assertThat(failure.message())
        .isEqualTo("(its getMessage threw java.lang.IllegalStateException)");
    assertThat(failure.stack()).contains("its toString threw");
  }

  @Test
  void a_null_message_stays_null() {
    assertThat(writer.failed(new Exception(), 1, null).message()).isNull();
  }

  @Test
  void huge_texts_are_cut_with_a_note() {
    Throwable deep = new Exception("bottom");
    for (int i = 0; i < 3000; i++) {
      deep = new Exception("level " + i, deep);
    }
    RemoteFailure failure = writer.failed(deep, 1, null);
    assertThat(failure.stack()).hasSizeLessThan(FailureWriter.LONGEST_TEXT + 100).contains("(cut)");
    RemoteFailure wide = writer.failed(new Exception("x".repeat(1_000_000)), 1, null);
    assertThat(wide.message()).hasSizeLessThan(70_000).endsWith("(cut; 1000000 characters)");
  }

  @Test
  void only_the_named_exceptions_and_their_subclasses_are_worth_a_retry() {
    String retryOn = "java.lang.IllegalStateException,java.io.IOException";
    assertThat(writer.failed(new FileNotFoundException(), 1, retryOn).retryable()).isTrue();
    assertThat(writer.failed(new IllegalStateException(), 1, retryOn).retryable()).isTrue();
    assertThat(writer.failed(new RuntimeException(), 1, retryOn).retryable()).isFalse();
    assertThat(writer.failed(new OutOfMemoryError(), 1, null).retryable()).isTrue();
  }
}
