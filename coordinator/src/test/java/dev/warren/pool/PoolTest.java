package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.warren.broker.InMemoryBroker;
import dev.warren.task.TaskOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The rules of the API, against a worker that calls functions in this process. */
@Timeout(30)
class PoolTest {
  private final InMemoryBroker broker = InMemoryBroker.open();
  private final FakeWorker worker = new FakeWorker(broker, "default", 4);
  private Pool pool = Pool.builder().openOn(broker);

  @AfterEach
  void closeAll() {
    pool.terminate();
    assertThat(pool.join(Duration.ofSeconds(10))).isTrue();
    worker.close();
  }

  static int twice(int n) {
    return 2 * n;
  }

  static int add(int a, int b) {
    return a + b;
  }

  static int failIfOdd(int n) {
    if (n % 2 == 1) {
      throw new IllegalStateException("odd: " + n);
    }
    return n;
  }

  private static List<Integer> upTo(int n) {
    return IntStream.range(0, n).boxed().toList();
  }

  // ---- single calls

  @Test
  void apply_gives_the_value_for_each_number_of_arguments() {
    assertThat(pool.<String>apply(() -> "zero")).isEqualTo("zero");
    assertThat(pool.apply(PoolTest::twice, 21)).isEqualTo(42);
    assertThat(pool.apply(PoolTest::add, 1, 2)).isEqualTo(3);
    assertThat(pool.apply((Integer a, Integer b, Integer c) -> a + b + c, 1, 2, 3)).isEqualTo(6);
    assertThat(
            pool.apply((Integer a, Integer b, Integer c, Integer d) -> a + b + c + d, 1, 2, 3, 4))
        .isEqualTo(10);
  }

  @Test
  void a_failed_call_throws_its_own_exception_type_as_cause_with_the_remote_stack() {
    assertThatThrownBy(() -> pool.apply(PoolTest::failIfOdd, 3))
        .isExactlyInstanceOf(TaskFailedException.class)
        .hasMessageContaining("odd: 3")
        .hasMessageContaining("fake-1")
        .hasCauseExactlyInstanceOf(IllegalStateException.class)
        .hasRootCauseExactlyInstanceOf(RemoteException.class)
        .satisfies(
            e -> {
              TaskFailedException failed = (TaskFailedException) e;
              assertThat(failed.attempt()).isEqualTo(1);
              assertThat(failed.remoteStack()).get().asString().contains("failIfOdd");
              assertThat(failed.getCause().getStackTrace()[0].getMethodName())
                  .isEqualTo("failIfOdd");
            });
  }

  static final class Unbuildable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unbuildable(int a, int b) {
      super("from " + a + " and " + b);
    }
  }

  static int throwUnbuildable(int n) {
    throw new Unbuildable(n, n);
  }

  @Test
  void an_exception_that_cannot_be_rebuilt_comes_as_a_remote_exception() {
    assertThatThrownBy(() -> pool.apply(PoolTest::throwUnbuildable, 3))
        .isExactlyInstanceOf(TaskFailedException.class)
        .cause()
        .isExactlyInstanceOf(RemoteException.class)
        .hasMessageContaining("Unbuildable: from 3 and 3");
  }

  @Test
  void get_wraps_the_same_exception_each_time() throws Exception {
    AsyncResult<Integer> result = pool.applyAsync(PoolTest::failIfOdd, 1);
    List<Throwable> causes = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      try {
        result.get();
      } catch (ExecutionException e) {
        causes.add(e.getCause());
      }
    }
    assertThat(causes).hasSize(2);
    assertThat(causes.get(0)).isInstanceOf(TaskFailedException.class).isSameAs(causes.get(1));
    assertThat(result.ready()).isTrue();
    assertThat(result.successful()).isFalse();
  }

  @Test
  void get_with_a_timeout_cancels_nothing() throws Exception {
    worker.hold();
    AsyncResult<Integer> result = pool.applyAsync(PoolTest::twice, 4);
    assertThatThrownBy(() -> result.get(Duration.ofMillis(20)))
        .isInstanceOf(TimeoutException.class);
    assertThatThrownBy(() -> result.get(0, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
    assertThat(result.await(Duration.ZERO)).isFalse();
    assertThatIllegalStateException().isThrownBy(result::successful);
    worker.go();
    assertThat(result.get()).isEqualTo(8);
    assertThat(result.successful()).isTrue();
  }

  @Test
  void calls_that_pile_up_share_messages_and_each_keeps_its_own_outcome() throws Exception {
    worker.hold();
    List<AsyncResult<Integer>> results = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      results.add(pool.applyAsync(PoolTest::failIfOdd, i));
    }
    worker.go();
    for (int i = 0; i < 2000; i++) {
      assertThat(results.get(i).await(Duration.ofSeconds(10))).isTrue();
      assertThat(results.get(i).successful()).isEqualTo(i % 2 == 0);
    }
    assertThat(worker.messages()).isLessThan(500);
  }

  @Test
  void an_interrupted_apply_cancels_its_call_and_keeps_the_flag() throws Exception {
    worker.hold();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    AtomicReference<Boolean> flag = new AtomicReference<>(false);
    Thread caller =
        new Thread(
            () -> {
              try {
                pool.apply(PoolTest::twice, 1);
              } catch (PoolInterruptedException e) {
                thrown.set(e);
                flag.set(Thread.currentThread().isInterrupted());
              }
            });
    caller.start();
    await().until(() -> worker.messages() == 1);
    caller.interrupt();
    caller.join(5000);
    assertThat(thrown.get()).isInstanceOf(PoolInterruptedException.class);
    assertThat(flag.get()).isTrue();
    await().until(() -> !worker.cancels.isEmpty());
    worker.go();
  }

  // ---- functions and arguments

  private final int field = 3;

  @Test
  void a_lambda_that_captures_this_is_refused_saying_so() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pool.apply(n -> n + field, 1))
        .withMessageContaining("captures this")
        .withMessageContaining("PoolTest");
  }

  @Test
  void captured_variables_travel_in_front_of_the_arguments() {
    int offset = 10;
    String word = "x";
    assertThat(pool.map(n -> word + (n + offset), upTo(3))).containsExactly("x10", "x11", "x12");
  }

  @Test
  void a_captured_thing_that_json_cannot_carry_is_refused_saying_what_it_is() {
    Iterator<String> unwritable = List.of("a").iterator();
    Thread thread = Thread.currentThread();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pool.apply(n -> thread.getName() + n, 1))
        .withMessageContaining("java.lang.Thread");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pool.apply(n -> unwritable.next() + n, 1))
        .withMessageContaining("captures a variable");
  }

  @Test
  void a_receiver_bound_to_a_method_reference_travels_if_json_can_carry_it() {
    assertThat(pool.<Integer, String>apply("abcdef"::substring, 2)).isEqualTo("cdef");
    Thread thread = Thread.currentThread();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pool.<String>apply(thread::getName))
        .withMessageContaining("bound to an object");
  }

  @Test
  void instance_methods_and_constructors_take_part() {
    assertThat(pool.<String, Integer>map(String::length, List.of("a", "bcd")))
        .containsExactly(1, 3);
    assertThat(pool.<String, StringBuilder>apply(StringBuilder::new, "s")).isNotNull();
  }

  record Point(int x, int y) {}

  static List<Point> points(int n) {
    return IntStream.range(0, n).mapToObj(i -> new Point(i, i)).toList();
  }

  static <T> T same(T thing) {
    return thing;
  }

  @Test
  void generic_result_types_are_kept() {
    assertThat(pool.apply(PoolTest::points, 2)).containsExactly(new Point(0, 0), new Point(1, 1));
    assertThat(pool.<Point, Point>map(PoolTest::samePoint, Arrays.asList(new Point(1, 2), null)))
        .containsExactly(new Point(1, 2), null);
  }

  static Point samePoint(Point point) {
    return point;
  }

  @Test
  void what_is_no_lambda_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                pool.apply(
                    new dev.warren.task.Fn1<Integer, Integer>() {
                      private static final long serialVersionUID = 1L;

                      @Override
                      public Integer apply(Integer n) {
                        return n;
                      }
                    },
                    1))
        .withMessageContaining("method reference or a lambda");
  }

  @Test
  void an_argument_that_cannot_be_written_is_refused_at_the_call() {
    List<Object> endless = new ArrayList<>();
    endless.add(endless);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pool.apply(list -> 1, endless))
        .withMessageContaining("argument 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pool.map(PoolTest::twice, upTo(3), 0))
        .withMessage("chunkSize is 0; must be at least 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pool.imap(PoolTest::twice, upTo(3), -1))
        .withMessage("chunkSize is -1; must be at least 1");
  }

  // ---- maps

  @Test
  void map_gives_values_in_the_order_of_the_items_for_any_chunk_size() {
    List<Integer> expected = upTo(1000).stream().map(n -> 2 * n).toList();
    assertThat(pool.map(PoolTest::twice, upTo(1000))).isEqualTo(expected);
    for (int chunkSize : List.of(1, 7, 1000, 5000)) {
      assertThat(pool.map(PoolTest::twice, upTo(1000), chunkSize)).isEqualTo(expected);
    }
  }

  @Test
  void map_reads_a_source_without_a_size_while_calls_are_under_way() {
    Iterable<Integer> source = () -> IntStream.range(0, 3000).iterator();
    assertThat(pool.map(PoolTest::twice, source)).hasSize(3000).endsWith(5998);
  }

  @Test
  void starmap_spreads_arguments() {
    assertThat(pool.starmap(PoolTest::add, List.of(Args.of(1, 2), Args.of(3, 4))))
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
        pool.mapAsync(PoolTest::twice, List.of(), told::complete, told::completeExceptionally);
    assertThat(told.get(5, TimeUnit.SECONDS)).isEmpty();
    assertThat(result.get()).isEmpty();
    assertThat(pool.map(PoolTest::twice, List.of())).isEmpty();
    assertThat(pool.imap(PoolTest::twice, List.of()).hasNext()).isFalse();
  }

  @Test
  void a_bad_item_costs_only_its_own_call_and_the_lowest_failure_is_thrown() {
    assertThatThrownBy(() -> pool.map(PoolTest::failIfOdd, upTo(100), 10))
        .isInstanceOf(TaskFailedException.class)
        .hasMessageContaining("odd: 1 ")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(10));
    assertThat(worker.calls()).isEqualTo(100);
  }

  @Test
  void fail_fast_ends_a_map_at_its_first_failure_and_cancels_the_rest() {
    Pool fast = pool.with(TaskOptions.builder().failFast(true).build());
    assertThatThrownBy(() -> fast.map(PoolTest::failIfOdd, upTo(100_000), 1))
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
    assertThatThrownBy(() -> pool.map(PoolTest::twice, source))
        .isExactlyInstanceOf(UnsupportedOperationException.class)
        .hasMessage("source");
    assertThat(pool.apply(PoolTest::twice, 1)).isEqualTo(2);
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
    AsyncResult<List<Integer>> result = pool.mapAsync(PoolTest::twice, items);
    items.clear();
    worker.go();
    assertThat(result.get()).hasSize(100);
  }

  // ---- imap

  @Test
  void imap_gives_results_in_order_and_ends() {
    ResultIterator<Integer> results = pool.imap(PoolTest::twice, upTo(5000).iterator());
    for (int i = 0; i < 5000; i++) {
      assertThat(results.next()).isEqualTo(2 * i);
    }
    assertThat(results.hasNext()).isFalse();
    assertThatThrownBy(results::next).isInstanceOf(NoSuchElementException.class);
    assertThatThrownBy(() -> results.next(Duration.ofSeconds(1)))
        .isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void imap_unordered_gives_each_result_once() {
    List<Integer> all = new ArrayList<>();
    pool.imapUnordered(PoolTest::twice, upTo(5000).stream(), 3).forEachRemaining(all::add);
    Collections.sort(all);
    assertThat(all).isEqualTo(upTo(5000).stream().map(n -> 2 * n).toList());
  }

  @Test
  void imap_never_reads_further_ahead_than_its_window() {
    AtomicInteger read = new AtomicInteger();
    Iterator<Integer> endless = Stream.generate(read::getAndIncrement).iterator();
    Pool windowed = pool.with(TaskOptions.builder().window(10).build());
    try (ResultIterator<Integer> results = windowed.imap(PoolTest::twice, endless, 4)) {
      for (int taken = 0; taken < 200; taken++) {
        assertThat(results.next()).isEqualTo(2 * taken);
        assertThat(read.get()).isLessThanOrEqualTo(taken + 1 + 10);
      }
    }
  }

  @Test
  void a_failed_call_throws_at_its_place_and_iteration_goes_on() {
    ResultIterator<Integer> results = pool.imap(PoolTest::failIfOdd, upTo(4), 2);
    assertThat(results.next()).isEqualTo(0);
    assertThatThrownBy(results::next).isInstanceOf(TaskFailedException.class);
    assertThat(results.next()).isEqualTo(2);
    assertThatThrownBy(results::next).isInstanceOf(TaskFailedException.class);
    assertThat(results.hasNext()).isFalse();
  }

  @Test
  void a_source_that_throws_comes_after_the_results_of_what_it_gave_errors_included() {
    for (Throwable failure : List.of(new IllegalStateException("s"), new AssertionError("e"))) {
      Iterator<Integer> source =
          IntStream.range(0, 20)
              .mapToObj(
                  n -> {
                    if (n == 7) {
                      throw Uninterrupted.sneak(failure);
                    }
                    return n;
                  })
              .iterator();
      ResultIterator<Integer> results = pool.imap(PoolTest::twice, source, 2);
      for (int i = 0; i < 7; i++) {
        assertThat(results.next()).isEqualTo(2 * i);
      }
      assertThatThrownBy(results::next).isSameAs(failure);
      assertThat(results.hasNext()).isFalse();
    }
    assertThat(pool.apply(PoolTest::twice, 1)).isEqualTo(2);
  }

  @Test
  void a_slow_source_delays_nobody_and_its_items_do_not_wait_for_a_full_chunk() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    Iterator<Integer> slow =
        new Iterator<>() {
          private int next;

          @Override
          public boolean hasNext() {
            return next < 3;
          }

          @Override
          public Integer next() {
            if (next == 2) {
              Uninterrupted.await(gate);
            }
            return next++;
          }
        };
    ResultIterator<Integer> results = pool.imap(PoolTest::twice, slow, 100);
    assertThat(results.next(Duration.ofSeconds(5))).isEqualTo(0);
    assertThat(results.next(Duration.ofSeconds(5))).isEqualTo(2);
    assertThat(pool.apply(PoolTest::twice, 7)).isEqualTo(14);
    assertThat(pool.map(PoolTest::twice, upTo(100))).hasSize(100);
    assertThatThrownBy(() -> results.next(Duration.ofMillis(20)))
        .isInstanceOf(TimeoutException.class);
    gate.countDown();
    assertThat(results.next()).isEqualTo(4);
  }

  @Test
  void a_closed_iterator_reads_no_more_and_is_at_its_end() {
    AtomicInteger closed = new AtomicInteger();
    Stream<Integer> endless = Stream.iterate(0, n -> n + 1).onClose(closed::incrementAndGet);
    ResultIterator<Integer> results = pool.imap(PoolTest::twice, endless);
    assertThat(results.next()).isZero();
    results.close();
    results.close();
    assertThat(results.hasNext()).isFalse();
    await().until(() -> closed.get() == 1);
    pool.close();
  }

  // ---- callbacks

  @Test
  void exactly_one_callback_is_called_and_get_implies_that_it_has_returned() throws Exception {
    List<Object> told = Collections.synchronizedList(new ArrayList<>());
    AsyncResult<Integer> good =
        pool.applyAsync(PoolTest::failIfOdd, 2, told::add, e -> told.add("failed"));
    good.get();
    assertThat(told).containsExactly(2);
    AsyncResult<Integer> bad =
        pool.applyAsync(PoolTest::failIfOdd, 3, told::add, e -> told.add("failed"));
    assertThat(bad.await(Duration.ofSeconds(5))).isTrue();
    assertThat(told).containsExactly(2, "failed");
  }

  @Test
  void a_callback_that_throws_harms_nothing() throws Exception {
    AsyncResult<Integer> result =
        pool.applyAsync(
            PoolTest::twice,
            2,
            n -> {
              throw new AssertionError("callback");
            },
            null);
    assertThat(result.get()).isEqualTo(4);
    assertThat(pool.applyAsync(PoolTest::twice, 3, n -> {}, null).get()).isEqualTo(6);
  }

  @Test
  void every_method_of_the_pool_is_legal_inside_a_callback() throws Exception {
    CompletableFuture<String> told = new CompletableFuture<>();
    AtomicReference<AsyncResult<Integer>> own = new AtomicReference<>();
    CountDownLatch submitted = new CountDownLatch(1);
    own.set(
        pool.applyAsync(
            PoolTest::twice,
            1,
            n -> {
              try {
                Uninterrupted.await(submitted);
                int ownValue = own.get().get();
                int other = pool.applyAsync(PoolTest::twice, 5, m -> {}, null).get();
                int mapped = pool.map(PoolTest::twice, upTo(10)).size();
                pool.shutdown();
                pool.join();
                pool.close();
                pool.terminate();
                told.complete(ownValue + " " + other + " " + mapped);
              } catch (Throwable e) {
                told.completeExceptionally(e);
              }
            },
            null));
    submitted.countDown();
    assertThat(told.get(10, TimeUnit.SECONDS)).isEqualTo("2 10 10");
  }

  @Test
  void join_waits_for_callbacks() {
    AtomicInteger done = new AtomicInteger();
    for (int i = 0; i < 20; i++) {
      pool.applyAsync(
          PoolTest::twice,
          i,
          n -> {
            Uninterrupted.millis(2);
            done.incrementAndGet();
          },
          null);
    }
    pool.shutdown();
    pool.join();
    assertThat(done).hasValue(20);
  }

  @Test
  void callbacks_run_one_at_a_time_on_the_given_executor() {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (Pool other =
        Pool.builder()
            .callbackExecutor(command -> new Thread(command, "mine").start())
            .openOn(InMemoryBroker.open())) {
      other.terminate();
    }
    for (int i = 0; i < 50; i++) {
      pool.applyAsync(
          PoolTest::twice,
          i,
          n -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            inside.decrementAndGet();
          },
          null);
    }
    pool.shutdown();
    pool.join();
    assertThat(most).hasValue(1);
  }

  // ---- cancel

  @Test
  void a_cancelled_call_ends_at_once_and_tells_the_workers() throws Exception {
    worker.hold();
    AsyncResult<Integer> result = pool.applyAsync(PoolTest::twice, 1);
    await().until(() -> worker.messages() == 1);
    assertThat(result.cancel(true)).isTrue();
    assertThat(result.cancel(true)).isFalse();
    assertThat(result.isCancelled()).isTrue();
    assertThatThrownBy(result::get).isInstanceOf(CancellationException.class);
    await().until(() -> worker.cancels.size() == 1);
    worker.go();
    AsyncResult<Integer> done = pool.applyAsync(PoolTest::twice, 1);
    done.get();
    assertThat(done.cancel(true)).isFalse();
  }

  @Test
  void a_cancelled_map_cancels_its_calls_and_calls_the_error_callback() throws Exception {
    worker.hold();
    CompletableFuture<Throwable> told = new CompletableFuture<>();
    AsyncResult<List<Integer>> result =
        pool.mapAsync(PoolTest::twice, upTo(100), v -> {}, told::complete);
    await().until(() -> worker.messages() > 0);
    assertThat(result.cancel(true)).isTrue();
    assertThat(told.get(5, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
    await().until(() -> !worker.cancels.isEmpty());
    worker.go();
  }

  @Test
  void a_completable_view_ends_with_it_and_cancels_it() throws Exception {
    assertThat(pool.applyAsync(PoolTest::twice, 2).toCompletableFuture().get()).isEqualTo(4);
    assertThatThrownBy(() -> pool.applyAsync(PoolTest::failIfOdd, 1).toCompletableFuture().join())
        .hasCauseInstanceOf(TaskFailedException.class);
    worker.hold();
    AsyncResult<Integer> result = pool.applyAsync(PoolTest::twice, 2);
    assertThat(result.toCompletableFuture().cancel(true)).isTrue();
    assertThat(result.isCancelled()).isTrue();
    worker.go();
  }

  // ---- life cycle

  @Test
  void nothing_is_taken_after_shutdown_and_what_was_submitted_ends() throws Exception {
    worker.hold();
    AsyncResult<List<Integer>> result = pool.mapAsync(PoolTest::twice, upTo(10_000));
    assertThatIllegalStateException().isThrownBy(pool::join).withMessageContaining("running");
    pool.shutdown();
    assertThat(pool.state()).isEqualTo(Pool.State.SHUTDOWN);
    assertThatIllegalStateException()
        .isThrownBy(() -> pool.apply(PoolTest::twice, 1))
        .withMessageContaining("shut down");
    assertThat(pool.join(Duration.ofMillis(20))).isFalse();
    worker.go();
    pool.join();
    assertThat(result.get()).hasSize(10_000);
  }

  @Test
  void terminate_ends_everything_with_its_own_failure() {
    worker.hold();
    AsyncResult<Integer> single = pool.applyAsync(PoolTest::twice, 1);
    AsyncResult<List<Integer>> map = pool.mapAsync(PoolTest::twice, upTo(100_000));
    ResultIterator<Integer> lazy =
        pool.imap(PoolTest::twice, Stream.iterate(0, n -> n + 1).iterator());
    pool.terminate();
    pool.terminate();
    assertThat(pool.state()).isEqualTo(Pool.State.TERMINATED);
    assertThatThrownBy(() -> single.get(Duration.ofSeconds(5)))
        .hasCauseExactlyInstanceOf(PoolTerminatedException.class);
    assertThatThrownBy(() -> map.get(Duration.ofSeconds(5)))
        .hasCauseExactlyInstanceOf(PoolTerminatedException.class);
    assertThatThrownBy(() -> lazy.next(Duration.ofSeconds(5)))
        .isExactlyInstanceOf(PoolTerminatedException.class);
    pool.join();
    worker.go();
  }

  @Test
  void join_does_not_wait_for_a_lazy_job_that_the_joining_thread_was_taking() {
    ResultIterator<Integer> results =
        pool.imap(PoolTest::twice, Stream.iterate(0, n -> n + 1).iterator());
    assertThat(results.next()).isZero();
    pool.close();
    assertThat(results.next()).isEqualTo(2);
    assertThatThrownBy(() -> results.forEachRemaining(n -> {}))
        .isExactlyInstanceOf(PoolTerminatedException.class)
        .hasMessageContaining("closed before");
    assertThat(results.hasNext()).isFalse();
  }

  @Test
  void results_of_a_lazy_job_can_be_taken_while_another_thread_joins() throws Exception {
    CompletableFuture<Integer> count = new CompletableFuture<>();
    CountDownLatch begun = new CountDownLatch(1);
    Thread taker =
        new Thread(
            () -> {
              ResultIterator<Integer> results = pool.imap(PoolTest::twice, upTo(20_000).iterator());
              int taken = 0;
              while (results.hasNext()) {
                results.next();
                taken++;
                begun.countDown();
              }
              count.complete(taken);
            });
    taker.start();
    begun.await();
    pool.close();
    assertThat(count.get(5, TimeUnit.SECONDS)).isEqualTo(20_000);
  }

  // ---- limits and losses

  @Test
  void a_pool_with_a_bound_never_has_more_tasks_under_way() {
    InMemoryBroker other = InMemoryBroker.open();
    try (FakeWorker eight = new FakeWorker(other, "default", 8);
        Pool bounded = Pool.builder().processes(2).openOn(other)) {
      assertThat(bounded.processes()).isEqualTo(2);
      assertThat(bounded.map(PoolTest::slowly, upTo(50), 1)).hasSize(50);
      assertThat(eight.mostRunning.get()).isEqualTo(2);
      assertThat(eight.tasks).allMatch(task -> task.serial());
    }
  }

  static int slowly(int n) {
    Uninterrupted.millis(3);
    return n;
  }

  @Test
  void chunks_grow_while_calls_are_short() {
    pool.map(PoolTest::twice, upTo(20_000));
    assertThat(worker.messages()).isLessThan(2000);
  }

  @Test
  void a_call_that_expires_with_no_worker_taking_it_ends() {
    InMemoryBroker nobody = InMemoryBroker.open();
    try (Pool lonely =
        Pool.builder()
            .options(TaskOptions.builder().expires(Duration.ofMillis(50)).build())
            .openOn(nobody)) {
      assertThatThrownBy(() -> lonely.apply(PoolTest::twice, 1))
          .isExactlyInstanceOf(TaskExpiredException.class);
    }
  }

  @Test
  void processes_and_state_show_in_the_text() {
    worker.beat(false);
    await().until(() -> pool.processes() == 4);
    assertThat(pool).hasToString("Pool[default, RUNNING, 4 processes, 0 calls pending]");
  }

  @Test
  void a_pool_that_nobody_can_reach_any_more_is_released() {
    InMemoryBroker dropped = InMemoryBroker.open();
    drop(dropped);
    await()
        .until(
            () -> {
              System.gc();
              return !dropped.connected();
            });
  }

  private static void drop(InMemoryBroker dropped) {
    Pool lost = Pool.builder().openOn(dropped);
    assertThat(lost.state()).isEqualTo(Pool.State.RUNNING);
  }

  @Test
  void settings_out_of_bounds_are_refused_naming_the_bound() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Pool.builder().processes(0))
        .withMessage("processes is 0; must be 1 to 4096");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Pool.builder().maxTasksPerChild(0))
        .withMessage("maxTasksPerChild is 0; must be at least 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Pool.builder().uri("http://x"))
        .withMessageContaining("scheme");
    assertThatIllegalArgumentException().isThrownBy(() -> Pool.builder().name("a b").open());
  }
}
