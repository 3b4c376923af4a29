package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.warren.task.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** User code and hostile outcome lines, on the caller's side. */
class HostileOutcomesTest extends WithFakeWorker {
  private static final CountDownLatch NEVER = new CountDownLatch(1);

  /** Lines that are not outcomes, or failures without content. */
  private static final List<String> HOSTILE =
      List.of(
          "garbage",
          "",
          "{\"value\":1} trailing",
          "{\"value\":1}{\"value\":2}",
          "{\"value\":",
          "{\"value\":}",
          "{\"error\":null}",
          "{\"error\":[]}",
          "{\"error\":{\"kind\":5}}",
          "{\"error\":{\"types\":[null,null],\"details\":{\"a\":null}}}",
          "{\"error\":{\"type\":null,\"message\":7}}",
          "{\"error\":{}}",
          "null",
          "[]",
          "{\"value\":\"\u0001\"}");

  @Test
  void a_line_that_is_no_outcome_ends_its_own_call_typed_and_no_other() {
    for (String hostile : HOSTILE) {
      worker.answer = line -> line.text().equals("{\"value\":14}") ? Payload.of(hostile) : line;
      assertThatThrownBy(() -> pool.map(WithFakeWorker::twice, upTo(20), 20))
          .as(hostile)
          .isInstanceOf(TaskFailedException.class)
          .satisfies(e -> assertThat(e.getSuppressed()).isEmpty());
      List<Integer> values = new ArrayList<>();
      try (ResultIterator<Integer> results = pool.imap(WithFakeWorker::twice, upTo(20), 20)) {
        for (int i = 0; i < 20; i++) {
          if (i == 7) {
            assertThatThrownBy(results::next).as(hostile).isInstanceOf(TaskFailedException.class);
          } else {
            values.add(results.next());
          }
        }
      }
      assertThat(values).hasSize(19).doesNotContain(14).startsWith(0, 2).endsWith(36, 38);
      if (!hostile.isEmpty()) { // a message without a line is not a result, see ResultCollectorTest
        assertThatThrownBy(() -> pool.apply(WithFakeWorker::twice, 7))
            .as(hostile)
            .isInstanceOf(TaskFailedException.class);
      }
    }
  }

  /** Its constructor blocks in the caller. */
  public static final class BlocksWhenRebuilt extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BlocksWhenRebuilt(String message) throws InterruptedException {
      super(message);
      if (message.startsWith("block")) {
        NEVER.await();
      }
    }
  }

  private static final String BLOCKS =
      "{\"error\":{\"kind\":\"failed\",\"type\":\"T\",\"message\":\"block\",\"stack\":\"\",\"types\":[\""
          + BlocksWhenRebuilt.class.getName()
          + "\"],\"retryable\":false,\"attempt\":1}}";

  @Test
  void rebuilding_an_exception_that_blocks_holds_up_no_other_callback() throws Exception {
    worker.answer = line -> line.text().equals("{\"value\":14}") ? Payload.of(BLOCKS) : line;
    AsyncResult<Integer> blocked = pool.applyAsync(WithFakeWorker::twice, 7, v -> {}, e -> {});
    CompletableFuture<Integer> other = new CompletableFuture<>();
    AsyncResult<Integer> next =
        pool.applyAsync(WithFakeWorker::twice, 4, other::complete, other::completeExceptionally);
    assertThat(other.get(180, TimeUnit.SECONDS)).isEqualTo(8);
    assertThat(next.get()).isEqualTo(8);
    assertThat(
            pool.applyAsync(WithFakeWorker::twice, 5)
                .toCompletableFuture()
                .get(180, TimeUnit.SECONDS))
        .isEqualTo(10);
    assertThat(pool.map(WithFakeWorker::twice, List.of(1, 2))).containsExactly(2, 4);
    assertThatThrownBy(blocked::get)
        .hasCauseExactlyInstanceOf(TaskFailedException.class)
        .hasRootCauseExactlyInstanceOf(RemoteException.class);
  }

  /** Reading it blocks in the caller, for 7; in this test the worker answers by hand. */
  record Slow(int n) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Slow of(int n) throws InterruptedException {
      if (n == 7) {
        NEVER.await();
      }
      return new Slow(n);
    }
  }

  static Slow slow(int n) {
    return new Slow(n);
  }

  @Test
  void reading_a_value_that_blocks_holds_up_no_other_map() throws Exception {
    worker.answer = line -> Payload.of(line.text().replaceAll("\\{\"n\":(\\d+)}", "$1"));
    AsyncResult<List<Slow>> blocked = pool.mapAsync(HostileOutcomesTest::slow, upTo(10));
    AsyncResult<List<Slow>> other = pool.mapAsync(HostileOutcomesTest::slow, List.of(1, 2, 3));
    assertThat(other.get(180, TimeUnit.SECONDS))
        .containsExactly(new Slow(1), new Slow(2), new Slow(3));
    assertThat(pool.map(WithFakeWorker::twice, List.of(1, 2))).containsExactly(2, 4);
    assertThat(blocked.ready()).isFalse();
  }

  record Item(int n) {
    @Override
    public int n() {
      if (n == 7) {
        throw new AssertionError("getter");
      }
      return n;
    }
  }

  static int number(Item item) {
    return item.n();
  }

  @Test
  void an_argument_whose_getter_throws_an_error_fails_its_own_call() {
    List<Item> items = IntStream.range(0, 10).mapToObj(Item::new).toList();
    assertThatThrownBy(() -> pool.map(HostileOutcomesTest::number, items))
        .isInstanceOf(TaskRejectedException.class)
        .satisfies(e -> assertThat(e.getSuppressed()).isEmpty());
  }

  @Test
  void an_input_that_throws_an_error_from_its_list_ends_the_map() {
    List<Integer> hostile =
        new java.util.AbstractList<>() {
          @Override
          public Integer get(int index) {
            if (index == 5) {
              throw new LinkageError("hostile");
            }
            return index;
          }

          @Override
          public int size() {
            return 10;
          }
        };
    assertThatThrownBy(() -> pool.map(WithFakeWorker::twice, hostile))
        .isInstanceOf(LinkageError.class);
  }

  /** None of its methods works. */
  @SuppressWarnings("OverrideThrowableToString") // its hostility
  private static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new AssertionError("hostile");
    }

    @Override
    public String toString() {
      throw new AssertionError("hostile");
    }

    @Override
    public StackTraceElement[] getStackTrace() {
      throw new AssertionError("hostile");
    }

    @Override
    public synchronized Throwable getCause() {
      throw new AssertionError("hostile");
    }
  }

  @Test
  void callbacks_and_listeners_that_throw_unloggable_exceptions_affect_nothing() throws Exception {
    AsyncResult<Integer> first =
        pool.applyAsync(
            WithFakeWorker::twice,
            1,
            value -> {
              throw new Unreadable();
            },
            e -> {});
    CompletableFuture<Integer> second = new CompletableFuture<>();
    pool.applyAsync(WithFakeWorker::twice, 2, second::complete, second::completeExceptionally);
    assertThat(second.get(180, TimeUnit.SECONDS)).isEqualTo(4);
    assertThat(first.get()).isEqualTo(2);
  }

  @Test
  void an_executor_that_throws_anything_loses_no_callback() throws Exception {
    try (Pool other =
        Pool.builder()
            .callbackExecutor(
                task -> {
                  throw new Unreadable();
                })
            .openOn(broker)) {
      for (int i = 0; i < 3; i++) {
        CompletableFuture<Integer> told = new CompletableFuture<>();
        other.applyAsync(WithFakeWorker::twice, i, told::complete, told::completeExceptionally);
        assertThat(told.get(180, TimeUnit.SECONDS)).isEqualTo(2 * i);
      }
    }
  }

  @Test
  void an_input_with_an_unreadable_exception_ends_the_map() {
    Iterable<Integer> hostile =
        () -> {
          throw new Unreadable();
        };
    assertThatThrownBy(() -> pool.map(WithFakeWorker::twice, hostile))
        .isInstanceOf(Unreadable.class);
    assertThat(pool.map(WithFakeWorker::twice, List.of(1))).containsExactly(2);
  }

  // ---- cancelEffect

  private static AsyncResult.CancelEffect effect(AsyncResult<?> result) throws Exception {
    return result.cancelEffect().get(180, TimeUnit.SECONDS);
  }

  @Test
  void the_effect_of_a_cancel_that_did_not_happen_is_known_when_the_result_is() throws Exception {
    AsyncResult<Integer> result = pool.applyAsync(WithFakeWorker::twice, 1);
    CompletableFuture<AsyncResult.CancelEffect> early = result.cancelEffect();
    assertThat(result.get()).isEqualTo(2);
    assertThat(early.get(180, TimeUnit.SECONDS)).isEqualTo(AsyncResult.CancelEffect.NOT_CANCELLED);
    AsyncResult<List<Integer>> map = pool.mapAsync(WithFakeWorker::twice, upTo(5));
    map.get();
    assertThat(effect(map)).isEqualTo(AsyncResult.CancelEffect.NOT_CANCELLED);
    AsyncResult<Integer> failed = pool.applyAsync(WithFakeWorker::failIfOdd, 1);
    assertThat(effect(failed)).isEqualTo(AsyncResult.CancelEffect.NOT_CANCELLED);
  }

  @Test
  void the_effect_of_a_cancelled_map_is_that_of_its_open_calls() throws Exception {
    worker.hold();
    AsyncResult<List<Integer>> map = pool.mapAsync(WithFakeWorker::twice, upTo(100), 10);
    await().until(() -> worker.messages() > 0);
    assertThat(map.cancel(true)).isTrue();
    assertThat(map.cancelEffect()).isNotDone();
    assertThatThrownBy(map::get).isInstanceOf(CancellationException.class);
    await().until(() -> !worker.cancels.isEmpty());
    worker.go();
    assertThat(effect(map)).isEqualTo(AsyncResult.CancelEffect.NEVER_STARTED);
    assertThat(pool.map(WithFakeWorker::twice, List.of(3))).containsExactly(6);
  }

  @Test
  void a_map_whose_calls_ended_by_themselves_is_not_stopped() throws Exception {
    worker.hold();
    worker.answer = line -> Payload.of("{\"value\":1}"); // the cancel arrives too late
    AsyncResult<List<Integer>> map = pool.mapAsync(WithFakeWorker::twice, upTo(10), 10);
    await().until(() -> worker.messages() > 0);
    map.cancel(true);
    worker.go();
    assertThat(effect(map)).isEqualTo(AsyncResult.CancelEffect.FINISHED);
  }

  @Test
  void the_effect_is_reported_if_the_pool_ends_before_a_worker_answers() throws Exception {
    worker.hold();
    Pool other = Pool.builder().openOn(broker);
    AsyncResult<Integer> single = other.applyAsync(WithFakeWorker::twice, 1);
    AsyncResult<List<Integer>> map = other.mapAsync(WithFakeWorker::twice, upTo(10));
    await().until(() -> worker.messages() > 1);
    single.cancel(true);
    map.cancel(true);
    other.terminate();
    assertThat(other.join(Duration.ofMinutes(3))).isTrue();
    assertThat(effect(single)).isEqualTo(AsyncResult.CancelEffect.UNKNOWN);
    assertThat(effect(map)).isEqualTo(AsyncResult.CancelEffect.UNKNOWN);
    worker.go();
  }

  @Test
  void terminate_ends_every_remaining_result() throws Exception {
    worker.hold();
    Pool other = Pool.builder().openOn(broker);
    AsyncResult<List<Integer>> map =
        other.mapAsync(WithFakeWorker::twice, Collections.nCopies(5, 1));
    other.terminate();
    assertThatThrownBy(() -> map.get(180, TimeUnit.SECONDS))
        .hasCauseInstanceOf(PoolTerminatedException.class);
    assertThat(effect(map)).isEqualTo(AsyncResult.CancelEffect.NOT_CANCELLED);
    worker.go();
  }
}
