package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.task.FailureKind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Conformance: exceptions whose methods throw, return nonsense, recurse or never return. */
class HostileExceptionsIT extends OnOneSite {

  /** Calls that return their argument, mixed with calls that fail in every way. */
  private static final List<Integer> MIXED =
      IntStream.range(-5, HostileFunctions.KINDS + 5).boxed().toList();

  @Test
  void an_exception_whose_methods_misbehave_costs_its_own_call_only() throws Exception {
    try (ResultIterator<Integer> results = pool().imap(HostileFunctions::fail, MIXED, 7)) {
      for (int kind : MIXED) {
        if (kind < 0 || kind >= HostileFunctions.KINDS) {
          assertThat(results.next(SOON)).isEqualTo(kind);
        } else {
          assertThatThrownBy(() -> results.next(SOON))
              .as("kind %s", kind)
              .isExactlyInstanceOf(TaskFailedException.class)
              .satisfies(
                  e ->
                      assertThat(((TaskFailedException) e).failure().type())
                          .startsWith(HostileFunctions.class.getName() + "$"));
        }
      }
    }
  }

  @Test
  void a_map_of_failing_calls_ends_with_the_first_failure() {
    assertThatThrownBy(() -> pool().map(HostileFunctions::fail, MIXED, 5))
        .isExactlyInstanceOf(TaskFailedException.class)
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(10));
  }

  @Test
  void each_call_by_itself_ends_and_calls_back() throws Exception {
    for (int kind = 0; kind < HostileFunctions.KINDS; kind++) {
      CompletableFuture<Throwable> told = new CompletableFuture<>();
      AsyncResult<Integer> result =
          pool().applyAsync(HostileFunctions::fail, kind, value -> {}, told::complete);
      assertThat(result.await(SOON)).as("kind %s", kind).isTrue();
      assertThat(told.get(SOON.toSeconds(), TimeUnit.SECONDS))
          .isInstanceOf(TaskFailedException.class);
    }
  }

  @Test
  void the_child_survives_an_unreadable_exception() {
    Pool one = open(builder().processes(1));
    long before = one.apply(Functions::pid, 0);
    for (int kind = 0; kind < HostileFunctions.KINDS; kind++) {
      int hostile = kind;
      assertThatThrownBy(() -> one.apply(HostileFunctions::fail, hostile))
          .isInstanceOf(TaskFailedException.class);
    }
    long after = one.apply(Functions::pid, 0);
    if (site == Site.LOCAL) { // over a broker the children are the workers'
      assertThat(after).isEqualTo(before);
    }
  }

  @Test
  void a_message_that_never_comes_fails_its_call_and_the_others_go_on() throws Exception {
    try (ResultIterator<Integer> results = pool().imap(HostileFunctions::block, List.of(0, 1, 2))) {
      assertThat(results.next(SOON)).isZero();
      assertThatThrownBy(() -> results.next(SOON))
          .isExactlyInstanceOf(TaskFailedException.class)
          .hasMessageContaining("its own methods did not return within 5 s")
          .satisfies(
              e -> assertThat(((TaskFailedException) e).kind()).isEqualTo(FailureKind.FAILED));
      assertThat(results.next(Duration.ofMinutes(3))).isEqualTo(2);
    }
  }
}
