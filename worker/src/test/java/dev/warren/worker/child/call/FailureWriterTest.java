package dev.warren.worker.child.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.ExceptionText;
import dev.warren.worker.child.TestFunctions;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FailureWriterTest {
  private final FailureWriter writer =
      new FailureWriter(
          new RemoteFailure.Where("host", 17, "w-1"), new ExceptionReader(ExceptionReader.WITHIN));

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
  void a_hostile_exception_is_reported() {
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
    assertThat(failure.stack()).hasSizeLessThan(ExceptionText.LONGEST_TEXT + 100).contains("(cut)");
    RemoteFailure wide = writer.failed(new Exception("x".repeat(1_000_000)), 1, null);
    assertThat(wide.message()).hasSizeLessThan(70_000).endsWith("(cut; 1000000 characters)");
  }

  @Test
  void only_the_named_exceptions_and_their_subclasses_are_retryable() {
    String retryOn = "java.lang.IllegalStateException,java.io.IOException";
    assertThat(writer.failed(new FileNotFoundException(), 1, retryOn).retryable()).isTrue();
    assertThat(writer.failed(new IllegalStateException(), 1, retryOn).retryable()).isTrue();
    assertThat(writer.failed(new RuntimeException(), 1, retryOn).retryable()).isFalse();
    assertThat(writer.failed(new OutOfMemoryError(), 1, null).retryable()).isTrue();
  }

  /** Its getMessage never returns, and neither does its toString. */
  private static final class Blocks extends Exception {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      while (true) {
        LockSupport.park(this);
      }
    }
  }

  @Test
  void an_exception_whose_message_blocks_is_reported_without_it() {
    FailureWriter impatient =
        new FailureWriter(
            new RemoteFailure.Where("host", 17, "w-1"), new ExceptionReader(Duration.ofMillis(1)));
    RemoteFailure failure = impatient.failed(new RuntimeException("outer", new Blocks()), 1, null);
    assertThat(failure.type()).isEqualTo("java.lang.RuntimeException");
    assertThat(failure.message()).contains("did not return");
    assertThat(impatient.leftThread()).isTrue();
    assertThat(writer.failed(new Exception("plain"), 1, null).message()).isEqualTo("plain");
    assertThat(writer.leftThread()).isFalse();
  }

  /** Has no stack, and an endless chain of causes. */
  private static final class Endless extends Exception {
    private static final long serialVersionUID = 1L;

    @Override
    public StackTraceElement @Nullable [] getStackTrace() {
      return null;
    }

    @Override
    public synchronized Throwable getCause() {
      return new Endless();
    }
  }

  @Test
  void an_endless_chain_of_causes_is_cut() {
    RemoteFailure failure = writer.failed(new Endless(), 1, null);
    assertThat(failure.stack()).endsWith("(cut)\n").hasSizeLessThan(70_000);
  }

  @Test
  void text_that_utf_8_cannot_encode_is_replaced() {
    RemoteFailure failure = writer.failed(new Exception("a\ud800b\udc00c\ud83d\ude00"), 1, null);
    assertThat(failure.message()).isEqualTo("a\ufffdb\ufffdc\ud83d\ude00");
    assertThat(new String(writer.line(failure), StandardCharsets.UTF_8)).startsWith("{\"error\":{");
  }
}
