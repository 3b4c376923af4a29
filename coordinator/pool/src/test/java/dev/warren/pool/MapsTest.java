package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.task.TaskOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Many calls, collected. */
class MapsTest extends WithFakeWorker {

  @Test
  void map_gives_values_in_the_order_of_the_items_for_any_chunk_size() {
    List<Integer> expected = upTo(1000).stream().map(n -> 2 * n).toList();
    assertThat(pool.map(WithFakeWorker::twice, upTo(1000))).isEqualTo(expected);
    for (int chunkSize : List.of(1, 7, 1000, 5000)) {
      assertThat(pool.map(WithFakeWorker::twice, upTo(1000), chunkSize)).isEqualTo(expected);
    }
  }

  @Test
  void map_reads_a_source_without_a_size_while_calls_are_under_way() {
    Iterable<Integer> source = () -> IntStream.range(0, 3000).iterator();
    assertThat(pool.map(WithFakeWorker::twice, source)).hasSize(3000).endsWith(5998);
  }

  @Test
  void starmap_spreads_arguments() {
    assertThat(pool.starmap(WithFakeWorker::add, List.of(Args.of(1, 2), Args.of(3, 4))))
        .containsExactly(3, 7);
    assertThat(
            pool.starmap(
                (Integer a, Integer b, Integer c) -> a * b + c, List.of(Args.of(2, 3, 4)), 2))
        .containsExactly(10);
  }

  @Test
  void an_empty_map_is_ready_at_once_and_calls_the_callback() throws Exception {
    CompletableFuture<List<Integer>> told = new CompletableFuture<>();
    AsyncResult<List<Integer>> result =
        pool.mapAsync(
            WithFakeWorker::twice, List.of(), told::complete, told::completeExceptionally);
    assertThat(told.get(180, TimeUnit.SECONDS)).isEmpty();
    assertThat(result.get()).isEmpty();
    assertThat(pool.map(WithFakeWorker::twice, List.of())).isEmpty();
    assertThat(pool.imap(WithFakeWorker::twice, List.of()).hasNext()).isFalse();
  }

  @Test
  void a_bad_item_costs_only_its_own_call_and_the_lowest_failure_is_thrown() {
    assertThatThrownBy(() -> pool.map(WithFakeWorker::failIfOdd, upTo(100), 10))
        .isInstanceOf(TaskFailedException.class)
        .hasMessageContaining("odd: 1 ")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(10));
    assertThat(worker.calls()).isEqualTo(100);
  }

  @Test
  void fail_fast_ends_a_map_at_its_first_failure_and_cancels_the_rest() {
    Pool fast = pool.with(TaskOptions.builder().failFast(true).build());
    assertThatThrownBy(() -> fast.map(WithFakeWorker::failIfOdd, upTo(100_000), 1))
        .isInstanceOf(TaskFailedException.class)
        .hasMessageContaining("odd");
    assertThat(worker.calls()).isLessThan(100_000);
  }

  @Test
  void a_map_whose_source_throws_throws_the_same() {
    Iterable<Integer> source =
        () ->
            IntStream.range(0, 100)
                .mapToObj(
                    n -> {
                      if (n == 50) {
                        throw new UnsupportedOperationException("source");
                      }
                      return n;
                    })
                .iterator();
    assertThatThrownBy(() -> pool.map(WithFakeWorker::twice, source))
        .isExactlyInstanceOf(UnsupportedOperationException.class)
        .hasMessage("source");
    assertThat(pool.apply(WithFakeWorker::twice, 1)).isEqualTo(2);
  }

  @Test
  void an_item_that_cannot_be_written_fails_its_own_call() {
    List<Object> endless = new ArrayList<>();
    endless.add(endless);
    ResultIterator<Integer> results =
        pool.imap(list -> 1, Arrays.asList(List.of(), endless, List.of()));
    assertThat(results.next()).isEqualTo(1);
    assertThatThrownBy(results::next).isInstanceOf(TaskRejectedException.class);
    assertThat(results.next()).isEqualTo(1);
    assertThat(results.hasNext()).isFalse();
  }

  @Test
  void a_collection_is_read_in_the_call() throws Exception {
    worker.hold();
    List<Integer> items = new ArrayList<>(upTo(100));
    AsyncResult<List<Integer>> result = pool.mapAsync(WithFakeWorker::twice, items);
    items.clear();
    worker.go();
    assertThat(result.get()).hasSize(100);
  }

  @Test
  void a_chunk_size_below_one_is_refused_everywhere() {
    var pairs = List.of(Args.of(1, 2));
    for (int size : List.of(0, -1)) {
      List<ThrowingCallable> calls =
          List.of(
              () -> pool.map(WithFakeWorker::twice, upTo(3), size),
              () -> pool.mapAsync(WithFakeWorker::twice, upTo(3), size),
              () -> pool.mapAsync(WithFakeWorker::twice, upTo(3), size, n -> {}, e -> {}),
              () -> pool.starmap(WithFakeWorker::add, pairs, size),
              () -> pool.starmapAsync(WithFakeWorker::add, pairs, size),
              () -> pool.imap(WithFakeWorker::twice, upTo(3), size),
              () -> pool.imap(WithFakeWorker::twice, upTo(3).iterator(), size),
              () -> pool.imap(WithFakeWorker::twice, upTo(3).stream(), size),
              () -> pool.imapUnordered(WithFakeWorker::twice, upTo(3), size));
      for (ThrowingCallable call : calls) {
        assertThatIllegalArgumentException()
            .isThrownBy(call)
            .withMessage("chunkSize is " + size + "; must be at least 1");
      }
    }
    assertThat(worker.messages()).isZero();
  }

  @Test
  void a_collection_that_lies_about_its_size_is_read_as_far_as_it_goes() {
    List<Integer> short1 =
        new ArrayList<>(upTo(5)) {
          private static final long serialVersionUID = 1L;

          @Override
          public int size() {
            return 10;
          }
        };
    assertThat(pool.map(WithFakeWorker::twice, short1)).containsExactly(0, 2, 4, 6, 8);
  }
}
