package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Conformance: calls that end without a value. */
class FailuresIT extends OnOneSite {

  private static String message(Callable<?> call) {
    try {
      call.call();
    } catch (TaskFailedException e) {
      return e.failure().message();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    throw new AssertionError("did not fail");
  }

  @Test
  void a_function_that_throws_fails_with_its_exception_and_the_remote_stack() {
    assertThatThrownBy(() -> pool().apply(Functions::failIfOdd, 3))
        .isExactlyInstanceOf(TaskFailedException.class)
        .hasCauseExactlyInstanceOf(IllegalStateException.class)
        .satisfies(
            e -> {
              TaskFailedException failed = (TaskFailedException) e;
              assertThat(failed.remoteStack()).get().asString().contains("failIfOdd");
              assertThat(failed.where()).get().satisfies(w -> assertThat(w.pid()).isPositive());
            });
  }

  @Test
  void every_call_of_a_chunk_has_its_own_outcome() {
    ResultIterator<Integer> results = pool().imap(Functions::failIfOdd, upTo(8), 4);
    for (int i = 0; i < 8; i += 2) {
      assertThat(results.next()).isEqualTo(i);
      assertThatThrownBy(results::next).isInstanceOf(TaskFailedException.class);
    }
    assertThat(results.hasNext()).isFalse();
    assertThatThrownBy(() -> pool().map(Functions::failIfOdd, upTo(100)))
        .hasMessageContaining("odd: 1 ")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(10));
  }

  @Test
  void an_exception_that_cannot_be_rebuilt_and_a_result_that_cannot_be_written_fail_their_call() {
    assertThatThrownBy(() -> pool().apply(Functions::throwOdd, 3))
        .isExactlyInstanceOf(TaskFailedException.class)
        .hasCauseExactlyInstanceOf(RemoteException.class)
        .hasMessageContaining("3 and 3");
    assertThatThrownBy(() -> pool().apply(Functions::unwritable, 3))
        .isExactlyInstanceOf(ResultNotSerializableException.class);
    assertThat(pool().apply(Functions::twice, 3)).isEqualTo(6);
  }

  @Test
  void a_result_that_cannot_be_read_here_fails_its_call_alone() {
    System.setProperty("warren.test.owner", "true");
    try {
      ResultIterator<Functions.Even> results = pool().imap(Functions::even, upTo(3), 3);
      assertThat(results.next()).isEqualTo(new Functions.Even(0));
      assertThatThrownBy(results::next)
          .isExactlyInstanceOf(ResultNotSerializableException.class)
          .hasMessageContaining("Even");
      assertThat(results.next()).isEqualTo(new Functions.Even(2));
      assertThatThrownBy(() -> pool().map(Functions::even, upTo(3)))
          .isExactlyInstanceOf(ResultNotSerializableException.class);
    } finally {
      System.clearProperty("warren.test.owner");
    }
  }

  @Test
  void a_function_that_the_worker_does_not_have_is_rejected_naming_it() {
    String unknown = "com.acme.Nowhere::f";
    try (JsonOutcomes outcomes =
        pool().json(unknown, List.of(Payload.of("[1]")).iterator(), true, 0)) {
      String message =
          outcomes
              .next()
              .<String>fold(
                  value -> "",
                  failure -> {
                    assertThat(failure.kind()).isEqualTo(FailureKind.REJECTED);
                    return String.valueOf(failure.message());
                  });
      assertThat(message).contains("com.acme.Nowhere");
    }
  }

  @Test
  void a_child_that_ends_in_any_way_costs_its_call_and_nothing_else() {
    Pool once = pool().with(options().childLost(0).build());
    List<AsyncResult<Integer>> others = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      others.add(pool().applyAsync(Functions::sleep, 20));
    }
    for (String how : List.of("exit", "halt", "kill")) {
      assertThatThrownBy(() -> once.apply(Functions::end, how))
          .as(how)
          .isExactlyInstanceOf(ChildLostException.class)
          .satisfies(
              e -> {
                ChildLostException lost = (ChildLostException) e;
                assertThat(lost.pid()).isPositive();
                assertThat(lost.stderr()).contains("about to end by " + how);
                switch (how) {
                  case "exit" -> assertThat(lost.exitCode()).hasValue(7);
                  case "halt" -> assertThat(lost.exitCode()).hasValue(8);
                  default -> assertThat(lost.signal()).hasValue(9);
                }
              });
    }
    for (AsyncResult<Integer> other : others) {
      assertThat(other.await(SOON)).isTrue();
      assertThat(other.successful()).isTrue();
    }
  }

  @Test
  void every_throwable_is_carried() {
    assertThatThrownBy(() -> pool().apply(Functions::end, "error"))
        .isInstanceOf(TaskFailedException.class)
        .hasCauseInstanceOf(NoClassDefFoundError.class);
    assertThatThrownBy(() -> pool().apply(Functions::end, "stack"))
        .isInstanceOf(TaskFailedException.class)
        .hasMessageContaining("StackOverflowError");
  }

  @Test
  void idle_children_that_are_killed_are_replaced_and_nothing_waits_for_them() {
    Set<Long> pids = new HashSet<>(pool().map(Functions::pid, upTo(40), 1));
    pids.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    assertThat(pool().map(Functions::twice, upTo(50))).hasSize(50);
  }

  @Test
  void what_is_told_of_a_failure_is_the_same_in_every_run() {
    Pool once = pool().with(options().childLost(0).build());
    Pool limited = pool().with(options().timeLimit(Duration.ofMillis(300)).build());
    assertThat(message(() -> once.apply(Functions::end, "halt")))
        .isEqualTo("its child exited with code 8");
    assertThat(message(() -> once.apply(Functions::end, "kill")))
        .isEqualTo("its child was ended by SIGKILL");
    assertThat(message(() -> limited.apply(Functions::sleep, 60_000)))
        .isEqualTo("exceeded its hard limit of 300 ms; its child was killed");
    assertThat(message(() -> once.apply(Functions::failIfOdd, 1))).isEqualTo("odd: 1");
  }
}
