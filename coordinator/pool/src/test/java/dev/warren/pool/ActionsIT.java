package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.task.NamedFunction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Conformance: calls without a value, calls nobody waits for, calls that start later. */
class ActionsIT extends OnEverySite {

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void what_an_action_returns_is_discarded_even_if_json_cannot_carry_it() throws Exception {
    pool().run(Functions::unwritable, 1);
    assertThat(pool().runAsync(Functions::unwritable, 2).get(3, TimeUnit.MINUTES)).isNull();
    pool().forEach(Functions::unwritable, upTo(50));
    String each = file("each");
    pool().forEach(n -> Functions.note(each, "line " + n, 0), upTo(20), 3);
    assertThat(Files.readAllLines(Path.of(each)))
        .containsExactlyInAnyOrderElementsOf(upTo(20).stream().map(n -> "line " + n).toList());
  }

  @Test
  void an_action_that_throws_fails_its_caller() {
    assertThatThrownBy(() -> pool().run(Functions::failIfOdd, 3))
        .isExactlyInstanceOf(TaskFailedException.class)
        .hasCauseExactlyInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> pool().forEach(Functions::failIfOdd, upTo(10)))
        .hasMessageContaining("odd: 1")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(4));
  }

  @Test
  void a_map_of_outcomes_has_the_value_or_failure_of_each_call() {
    List<Outcome<Integer>> outcomes = pool().mapOutcomes(Functions::failIfOdd, upTo(40));
    assertThat(outcomes).hasSize(40);
    for (int i = 0; i < 40; i++) {
      Outcome<Integer> outcome = outcomes.get(i);
      assertThat(outcome.index()).isEqualTo(i);
      assertThat(outcome.isSuccess()).isEqualTo(i % 2 == 0);
      if (outcome.isSuccess()) {
        assertThat(outcome.value()).isEqualTo(i);
        assertThat(outcome.failure()).isNull();
      } else {
        assertThat(outcome.failure()).hasMessageContaining("odd: " + i);
        assertThatThrownBy(outcome::value).isSameAs(outcome.failure());
      }
    }
  }

  @Test
  void a_call_that_nobody_waits_for_is_run() {
    String id = pool().submit(Functions::note, file("submitted"), "done", 0);
    assertThat(id).hasSize(26);
    awaitLines(Path.of(file("submitted")), 1);
  }

  @Test
  void a_call_whose_caller_waits_refuses_another_reply_queue() {
    Pool replying = pool().with(options().replyTo("warren.results.x").build());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> replying.apply(Functions::twice, 1))
        .withMessageContaining("replyTo is warren.results.x");
  }

  @Test
  void a_local_pool_refuses_a_reply_queue() {
    try (Pool local =
        Pool.builder().processes(1).options(options().replyTo("warren.results.x").build()).open()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> local.submit(Functions::twice, 1))
          .withMessageContaining("replyTo is warren.results.x; a local: pool");
    }
  }

  @Test
  void a_delayed_call_does_not_start_before_its_time() throws Exception {
    Path file = Path.of(file("delayed"));
    Pool later = pool().with(options().delay(Duration.ofMillis(700)).build());
    Pool atSome = pool().with(options().notBefore(Instant.now().plusMillis(700)).build());
    long before = System.currentTimeMillis();
    AsyncResult<Integer> single = later.applyAsync(Functions::succeedAtTime, file.toString(), 1);
    AsyncResult<List<Integer>> job =
        atSome.mapAsync(n -> Functions.succeedAtTime(file.toString(), 1), upTo(3));
    later.submit(Functions::succeedAtTime, file.toString(), 1);
    String path = file.toString();
    try (ResultIterator<Integer> lazy =
        later.imap(n -> Functions.succeedAtTime(path, 1), upTo(2))) {
      assertThat(lazy).toIterable().hasSize(2); // waiting for a result does not start the calls
    }
    assertThat(single.get(3, TimeUnit.MINUTES)).isEqualTo(1);
    assertThat(job.get(3, TimeUnit.MINUTES)).hasSize(3);
    awaitLines(file, 7);
    assertThat(Files.readAllLines(file))
        .allSatisfy(at -> assertThat(Long.parseLong(at) - before).isGreaterThanOrEqualTo(690));
  }

  @Test
  void terminating_ends_calls_whose_delay_is_not_over() {
    Pool later = own().with(options().delay(Duration.ofDays(2)).build());
    AsyncResult<Integer> single = later.applyAsync(Functions::twice, 1);
    AsyncResult<List<Integer>> job = later.mapAsync(Functions::twice, upTo(3));
    ResultIterator<Integer> lazy = later.imap(Functions::twice, upTo(3));
    AsyncResult<Integer> cancelled = later.applyAsync(Functions::twice, 1);
    assertThat(cancelled.cancel(true)).isTrue();
    assertThat(cancelled.cancelEffect().join()).isEqualTo(AsyncResult.CancelEffect.NEVER_STARTED);
    later.terminate();
    assertThatThrownBy(() -> single.get(3, TimeUnit.MINUTES))
        .hasCauseInstanceOf(PoolTerminatedException.class);
    assertThatThrownBy(() -> job.get(3, TimeUnit.MINUTES))
        .hasCauseInstanceOf(PoolTerminatedException.class);
    assertThatThrownBy(lazy::next).isInstanceOf(PoolTerminatedException.class);
  }

  @Test
  void a_function_known_by_name_only_is_called() {
    String owner = Functions.class.getName();
    NamedFunction<Integer> add = NamedFunction.of(owner + "::add", Integer.class);
    assertThat(pool().apply(add, 2, 3)).isEqualTo(5);
    assertThat(pool().starmap(add, List.of(Args.of(1, 2), Args.of(3, 4)))).containsExactly(3, 7);
    NamedFunction<Integer> twice = NamedFunction.of(owner + "::twice", Integer.class);
    assertThat(pool().map(twice, upTo(3))).containsExactly(0, 2, 4);
    pool().run(twice, 4);
    assertThatThrownBy(() -> pool().apply(twice, "no number"))
        .isExactlyInstanceOf(TaskRejectedException.class);
  }
}
