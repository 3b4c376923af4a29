package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.task.TaskOptions;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Maps whose result is the outcome of each call, and jobs that have no values. */
class MapOutcomesTest extends WithFakeWorker {

  static void nothing(int n) {
    if (n == 3) {
      throw new IllegalStateException("three");
    }
  }

  @Test
  void each_item_has_its_outcome_in_order() {
    List<Outcome<Integer>> outcomes = pool.mapOutcomes(WithFakeWorker::failIfOdd, upTo(1000), 7);
    assertThat(outcomes).hasSize(1000);
    assertThat(outcomes)
        .allSatisfy(
            outcome -> {
              assertThat(outcome.isSuccess()).isEqualTo(outcome.index() % 2 == 0);
              if (!outcome.isSuccess()) {
                assertThat(outcome.failure()).isInstanceOf(TaskFailedException.class);
              }
            });
    assertThat(pool.mapOutcomes(WithFakeWorker::twice, List.<Integer>of())).isEmpty();
  }

  @Test
  void fail_fast_marks_the_others_as_cancelled() throws Exception {
    Pool fast = pool.with(TaskOptions.builder().failFast(true).build());
    worker.hold();
    CompletableFuture<List<Outcome<Integer>>> outcomes =
        CompletableFuture.supplyAsync(
            () -> fast.mapOutcomes(WithFakeWorker::failIfOdd, List.of(1, 2, 4, 6, 8), 1));
    worker.go();
    List<Outcome<Integer>> all = outcomes.get(3, TimeUnit.MINUTES);
    assertThat(all).hasSize(5);
    assertThat(all.get(0).failure()).isInstanceOf(TaskFailedException.class);
    assertThat(all.subList(1, 5))
        .allSatisfy(
            outcome ->
                assertThat(
                        outcome.isSuccess() || outcome.failure() instanceof CancellationException)
                    .isTrue());
  }

  @Test
  void an_input_that_throws_is_no_outcome_of_a_call() {
    Iterable<Integer> broken =
        () ->
            new Iterator<>() {
              @Override
              public boolean hasNext() {
                return true;
              }

              @Override
              public Integer next() {
                throw new IllegalArgumentException("no more");
              }
            };
    assertThatThrownBy(() -> pool.mapOutcomes(WithFakeWorker::twice, broken))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no more");
  }

  @Test
  void the_end_of_a_terminated_pool_ends_it() {
    worker.hold();
    CompletableFuture<List<Outcome<Integer>>> outcomes =
        CompletableFuture.supplyAsync(() -> pool.mapOutcomes(WithFakeWorker::twice, upTo(5)));
    org.awaitility.Awaitility.await().until(() -> worker.messages() > 0);
    pool.terminate();
    assertThatThrownBy(() -> outcomes.get(3, TimeUnit.MINUTES))
        .hasCauseInstanceOf(PoolTerminatedException.class);
    worker.go();
  }

  @Test
  void a_for_each_ends_with_the_failure_of_the_lowest_index() throws Exception {
    assertThatThrownBy(() -> pool.forEach(MapOutcomesTest::nothing, upTo(100)))
        .isInstanceOf(TaskFailedException.class)
        .hasMessageContaining("three");
    assertThat(pool.forEachAsync(WithFakeWorker::twice, upTo(100)).get()).isNull();
    pool.forEach(WithFakeWorker::twice, List.<Integer>of());
  }

  @Test
  void an_action_of_any_number_of_arguments_is_sent_with_its_wish_for_no_result() {
    pool.run(() -> add(1, 2));
    pool.run(WithFakeWorker::twice, 1);
    pool.run(WithFakeWorker::add, 1, 2);
    pool.run((Integer a, Integer b, Integer c) -> add(a + b, c), 1, 2, 3);
    pool.run((Integer a, Integer b, Integer c, Integer d) -> add(a + b, c + d), 1, 2, 3, 4);
    assertThat(worker.tasks)
        .hasSize(5)
        .allSatisfy(task -> assertThat(task.function().discardsResult()).isTrue());
  }
}
