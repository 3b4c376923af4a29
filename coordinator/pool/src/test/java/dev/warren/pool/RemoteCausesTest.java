package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.ExceptionText;
import dev.warren.wire.OutcomeLine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Exceptions of other processes, rebuilt with their causes. */
class RemoteCausesTest {

  /** An exception that nobody can rebuild: it has no suitable constructor. */
  static final class Odd extends Exception {
    private static final long serialVersionUID = 1L;

    Odd(int a, Throwable cause) {
      super("odd " + a, cause);
    }
  }

  /** The outcome line that a child writes for this exception. */
  private static Payload line(Throwable thrown) {
    RemoteFailure failure =
        new RemoteFailure(
                FailureKind.FAILED,
                thrown.getClass().getName(),
                thrown.getMessage(),
                ExceptionText.stack(thrown),
                ExceptionText.types(thrown),
                true,
                null,
                1,
                Map.of())
            .withCauses(
                ExceptionText.causes(thrown, UnaryOperator.identity()),
                ExceptionText.suppressed(thrown, UnaryOperator.identity()));
    return OutcomeLine.of(failure);
  }

  private static Throwable rebuilt(Throwable thrown) {
    Throwable cause = Failures.of(line(thrown), RemoteCausesTest.class.getClassLoader()).getCause();
    assertThat(cause).isNotNull();
    return cause;
  }

  private static int causesOf(Throwable thrown) {
    int causes = 0;
    for (Throwable at = thrown.getCause(); at != null; at = at.getCause()) {
      causes++;
    }
    return causes;
  }

  private static StackTraceElement[] plain(StackTraceElement[] trace) {
    StackTraceElement[] plain = trace.clone();
    for (int i = 0; i < trace.length; i++) {
      StackTraceElement frame = trace[i];
      boolean noFile = frame.isNativeMethod() || frame.getFileName() == null;
      plain[i] =
          new StackTraceElement(
              frame.getClassName(),
              frame.getMethodName(),
              noFile ? null : frame.getFileName(),
              noFile && !frame.isNativeMethod() ? -1 : frame.getLineNumber());
    }
    return plain;
  }

  @Test
  void a_chain_of_causes_keeps_classes_messages_and_all_frames() {
    IOException disk = new IOException("disk full");
    Throwable thrown = new IllegalStateException("outer", new UncheckedIOException("middle", disk));
    Throwable back = rebuilt(thrown);
    assertThat(back).isExactlyInstanceOf(IllegalStateException.class).hasMessage("outer");
    assertThat(back.getCause())
        .isExactlyInstanceOf(UncheckedIOException.class)
        .hasMessage("middle");
    assertThat(back.getCause().getCause())
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("disk full")
        .hasNoCause();
    assertThat(back.getStackTrace()).isEqualTo(plain(thrown.getStackTrace()));
    assertThat(back.getCause().getCause().getStackTrace()).isEqualTo(plain(disk.getStackTrace()));
  }

  @Test
  void suppressed_exceptions_keep_their_own_causes() {
    Exception thrown = new Exception("outer");
    thrown.addSuppressed(new IllegalArgumentException("closing", new IOException("again")));
    Throwable back = rebuilt(thrown);
    assertThat(back.getSuppressed()).hasSize(1);
    assertThat(back.getSuppressed()[0])
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("closing")
        .hasCauseExactlyInstanceOf(IOException.class);
  }

  @Test
  void a_class_that_cannot_be_rebuilt_is_replaced_in_the_middle_of_the_chain() {
    Throwable back = rebuilt(new RuntimeException("outer", new Odd(3, new IOException("root"))));
    assertThat(back.getCause())
        .isExactlyInstanceOf(RemoteException.class)
        .hasMessage(Odd.class.getName() + ": odd 3")
        .hasCauseExactlyInstanceOf(IOException.class);
    assertThat(((RemoteException) back.getCause()).remoteType()).isEqualTo(Odd.class.getName());
    assertThat(back.getCause().getStackTrace()).isNotEmpty();
  }

  @Test
  void a_message_that_looks_like_a_stack_trace_adds_no_frames() {
    String message = "first\n\tat evil.Fake.frame(Fake.java:1)\nCaused by: evil.Fake: no";
    Exception thrown = new Exception(message);
    Throwable back = rebuilt(thrown);
    assertThat(back).hasMessage(message).hasNoCause();
    assertThat(back.getStackTrace()).isEqualTo(plain(thrown.getStackTrace()));
  }

  @Test
  void a_cycle_of_causes_ends() {
    Exception first = new Exception("first");
    first.initCause(new Exception("second", first));
    assertThat(rebuilt(first).getCause()).hasMessage("second").hasNoCause();
  }

  @Test
  void an_error_of_java_whose_constructor_fixes_the_cause_keeps_it_as_suppressed() {
    AssertionError thrown = new AssertionError("no", new IOException("why"));
    Throwable back = rebuilt(thrown);
    assertThat(back).isExactlyInstanceOf(AssertionError.class).hasMessage("no");
    assertThat(back.getCause() != null ? back.getCause() : back.getSuppressed()[0])
        .isExactlyInstanceOf(IOException.class);
  }

  @Test
  void an_outcome_with_thousands_of_nested_exceptions_is_rebuilt_in_part() {
    RemoteFailure.Thrown deep =
        new RemoteFailure.Thrown(
            "java.lang.Exception", "leaf", null, List.of(), List.of(), List.of());
    for (int i = 0; i < 300; i++) {
      deep =
          new RemoteFailure.Thrown(
              "java.lang.Exception", "level " + i, null, List.of(), List.of(), List.of(deep, deep));
    }
    RemoteFailure failure =
        RemoteFailure.of(FailureKind.FAILED, "wide", 1)
            .withStack("java.lang.Exception: wide\n")
            .withCauses(List.of(), List.of(deep));
    assertThat(Failures.of(failure, null).getCause()).isNotNull();
  }

  @Test
  void an_outcome_with_a_hundred_thousand_causes_is_rebuilt_in_part() {
    RemoteFailure.Thrown cause =
        new RemoteFailure.Thrown(
            "java.lang.Exception", "deeper", null, List.of(), List.of(), List.of());
    RemoteFailure failure =
        RemoteFailure.of(FailureKind.FAILED, "deep", 1)
            .withStack("java.lang.Exception: deep\n")
            .withCauses(Collections.nCopies(100_000, cause), List.of());
    assertThat(causesOf(Failures.of(failure, null))).isLessThan(1000);
  }

  @Test
  void a_stack_that_is_not_javas_is_part_of_the_message() {
    String trace = "Traceback (most recent call last):\n  File \"a.py\", line 3\nValueError: no\n";
    RemoteFailure failure =
        new RemoteFailure(
            FailureKind.FAILED,
            "builtins.ValueError",
            "no",
            trace,
            List.of("builtins.ValueError"),
            true,
            null,
            1,
            Map.of());
    assertThat(Failures.of(failure, null).getCause())
        .isExactlyInstanceOf(RemoteException.class)
        .hasMessage("builtins.ValueError: no\n" + trace.stripTrailing());
  }
}
