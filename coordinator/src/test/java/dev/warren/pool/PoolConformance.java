package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.warren.task.Backoff;
import dev.warren.task.FailureKind;
import dev.warren.task.Outcome;
import dev.warren.task.Payload;
import dev.warren.task.TaskOptions;
import dev.warren.wire.FunctionRef;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What holds for every pool with real child processes, {@code local:} and over RabbitMQ alike. What
 * a rule of Python's Pool it proves is told in docs/python-to-warren.md.
 */
@Timeout(120)
abstract class PoolConformance {
  private static final Duration SOON = Duration.ofSeconds(60);

  /** Within this of its cause every future must have ended. */
  private static final Duration BOUND = Duration.ofSeconds(5);

  @TempDir Path folder;
  private final List<Pool> opened = new ArrayList<>();

  /** A pool that stands for the whole class; no test ends it. */
  abstract Pool pool();

  /** A builder for a pool of the test's own. */
  abstract Pool.Builder builder();

  private Pool open(Pool.Builder builder) {
    Pool pool = builder.open();
    opened.add(pool);
    return pool;
  }

  private Pool own() {
    return open(builder());
  }

  @AfterEach
  void end() {
    for (Pool pool : opened) {
      pool.terminate();
      assertThat(pool.join(SOON)).as("ended in time").isTrue();
    }
  }

  private static List<Integer> upTo(int n) {
    return IntStream.range(0, n).boxed().toList();
  }

  private static TaskOptions.Builder options() {
    return TaskOptions.builder();
  }

  private int lines(Path file) throws IOException {
    return Files.exists(file) ? Files.readAllLines(file).size() : 0;
  }

  private void awaitLines(Path file, int wanted) {
    await().atMost(SOON).until(() -> lines(file) >= wanted);
  }

  // ---- submitting

  @Test
  void all_kinds_of_calls_give_the_values_of_the_function() throws Exception {
    assertThat(pool().apply(Functions::twice, 4)).isEqualTo(8);
    assertThat(pool().applyAsync(Functions::add, 1, 2).get()).isEqualTo(3);
    assertThat(pool().map(Functions::twice, upTo(500))).hasSize(500).endsWith(998);
    assertThat(pool().mapAsync(Functions::twice, upTo(500), 9).get()).hasSize(500).endsWith(998);
    assertThat(pool().starmap(Functions::add, List.of(Args.of(1, 2), Args.of(3, 4))))
        .containsExactly(3, 7);
    List<Integer> ordered = new ArrayList<>();
    pool().imap(Functions::twice, upTo(500)).forEachRemaining(ordered::add);
    assertThat(ordered).isEqualTo(upTo(500).stream().map(n -> 2 * n).toList());
    List<Integer> unordered = new ArrayList<>();
    pool().imapUnordered(Functions::twice, upTo(500).stream()).forEachRemaining(unordered::add);
    Collections.sort(unordered);
    assertThat(unordered).isEqualTo(ordered);
  }

  @Test
  void lambdas_and_what_they_capture_travel() {
    int offset = 5;
    assertThat(pool().map(n -> n + offset, upTo(3))).containsExactly(5, 6, 7);
    assertThat(pool().<Integer>apply(() -> offset * 2)).isEqualTo(10);
  }

  @Test
  void one_pool_serves_several_threads() throws Exception {
    List<CompletableFuture<List<Integer>>> all = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int from = i * 1000;
      CompletableFuture<List<Integer>> result = new CompletableFuture<>();
      all.add(result);
      new Thread(
              () ->
                  result.complete(
                      pool()
                          .map(
                              Functions::twice,
                              IntStream.range(from, from + 200).boxed().toList())))
          .start();
    }
    for (int i = 0; i < 8; i++) {
      assertThat(all.get(i).get(60, TimeUnit.SECONDS)).hasSize(200).startsWith(i * 2000);
    }
  }

  @Test
  void a_long_call_holds_up_no_short_ones() {
    ResultIterator<Integer> results =
        pool().imapUnordered(Functions::sleep, List.of(3000, 1, 2, 3, 4, 5, 6, 7, 8), 1);
    long start = System.nanoTime();
    for (int i = 0; i < 8; i++) {
      assertThat(results.next()).isLessThan(3000);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(2900));
    results.close();
  }

  @Test
  void results_of_every_shape_keep_their_types() {
    Functions.Shapes shapes =
        new Functions.Shapes(
            List.of(new Functions.Point(1, 2)),
            Map.of("a", new BigDecimal("1.10")),
            DayOfWeek.FRIDAY,
            Optional.of("some"),
            Optional.empty(),
            Instant.parse("2026-01-02T03:04:05.678Z"),
            LocalDate.of(2026, 1, 2),
            new byte[] {1, 2, 3},
            null);
    Functions.Shapes back = pool().apply(Functions::shapes, shapes);
    assertThat(back).usingRecursiveComparison().isEqualTo(shapes);
    assertThat(pool().apply(Functions::generic, 3))
        .isEqualTo(Map.of("points", List.of(new Functions.Point(3, 3))));
    assertThat(pool().<String, String>apply(Functions::nothing, null)).isNull();
    assertThat(pool().apply(Functions::looksLikeAFailure, 1)).containsKey("error");
  }

  // ---- failures

  @Test
  void a_function_that_throws_fails_with_its_exception_and_the_remote_stack() {
    assertThatThrownBy(() -> pool().apply(Functions::failIfOdd, 3))
        .isExactlyInstanceOf(TaskFailedException.class)
        .hasCauseExactlyInstanceOf(IllegalStateException.class)
        .hasRootCauseExactlyInstanceOf(RemoteException.class)
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
    FunctionRef unknown = FunctionRef.parse("com.acme.Nowhere::f", null);
    try (JsonOutcomes outcomes =
        pool().json(unknown, List.of(Payload.of("[1]")).iterator(), true, 0)) {
      Outcome outcome = outcomes.next().outcome();
      String message =
          outcome.fold(
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

  // ---- options

  @Test
  void a_call_past_its_hard_limit_is_ended_with_its_child() throws Exception {
    Path file = folder.resolve("stubborn");
    Pool limited = pool().with(options().timeLimit(Duration.ofMillis(400)).build());
    AsyncResult<Integer> result = limited.applyAsync(Functions::stubborn, file.toString());
    awaitLines(file, 1);
    assertThatThrownBy(() -> result.get(BOUND))
        .cause()
        .isExactlyInstanceOf(TimeLimitExceededException.class)
        .satisfies(e -> assertThat(((TimeLimitExceededException) e).hard()).isTrue());
    long pid = Long.parseLong(Files.readAllLines(file).get(0));
    await().atMost(BOUND).until(() -> ProcessHandle.of(pid).isEmpty());
  }

  @Test
  void a_call_past_its_soft_limit_is_interrupted_and_its_child_lives_on() {
    Pool limited = pool().with(options().softTimeLimit(Duration.ofMillis(200)).build());
    assertThatThrownBy(() -> limited.apply(Functions::sleep, 30_000))
        .isExactlyInstanceOf(TimeLimitExceededException.class)
        .satisfies(e -> assertThat(((TimeLimitExceededException) e).hard()).isFalse());
  }

  @Test
  void a_call_that_throws_is_tried_again_as_often_as_allowed() {
    Pool patient =
        pool()
            .with(
                options()
                    .maxAttempts(3)
                    .backoff(Backoff.fixed(Duration.ofMillis(100)))
                    .retryOn(RuntimeException.class)
                    .build());
    String file = folder.resolve("a").toString();
    assertThat(patient.apply(Functions::succeedAt, file, 3)).isEqualTo(3);
    String other = folder.resolve("b").toString();
    assertThatThrownBy(() -> patient.apply(Functions::succeedAt, other, 5))
        .isInstanceOf(TaskFailedException.class)
        .satisfies(e -> assertThat(((TaskFailedException) e).attempt()).isEqualTo(3));
    Pool picky =
        pool().with(options().maxAttempts(3).retryOn(IllegalArgumentException.class).build());
    assertThatThrownBy(() -> picky.apply(Functions::succeedAt, folder.resolve("c").toString(), 2))
        .satisfies(e -> assertThat(((TaskFailedException) e).attempt()).isEqualTo(1));
  }

  @Test
  void a_call_that_must_not_start_twice_does_not() {
    Pool careful = pool().with(options().atMostOnce(true).build());
    assertThatThrownBy(() -> careful.apply(Functions::end, "kill"))
        .isExactlyInstanceOf(ChildLostException.class);
  }

  @Test
  void a_call_not_started_before_its_expiry_never_is() {
    int slots = pool().processes();
    List<AsyncResult<Integer>> busy = new ArrayList<>();
    for (int i = 0; i < slots * 3; i++) {
      busy.add(pool().applyAsync(Functions::sleep, 500));
    }
    Path file = folder.resolve("expired");
    Pool hurried = pool().with(options().expires(Duration.ofMillis(100)).build());
    assertThatThrownBy(() -> hurried.apply(Functions::mark, file.toString(), 1))
        .isExactlyInstanceOf(TaskExpiredException.class);
    assertThat(file).doesNotExist();
    busy.forEach(result -> assertThat(result.await(SOON)).isTrue());
  }

  @Test
  void fail_fast_cancels_what_has_not_ended() {
    Pool fast = pool().with(options().failFast(true).build());
    List<Integer> items = new ArrayList<>(Collections.nCopies(200, 200));
    items.set(0, -1);
    long start = System.nanoTime();
    assertThatThrownBy(() -> fast.map(Functions::sleep, items, 1))
        .isInstanceOf(TaskFailedException.class)
        .hasMessageContaining("IllegalArgumentException");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUND);
  }

  @Test
  void a_call_knows_its_context() {
    Pool limited = pool().with(options().timeLimit(Duration.ofSeconds(30)).build());
    List<String> context = limited.apply(Functions::context, 1);
    assertThat(context.get(0)).isNotEmpty();
    assertThat(context.subList(2, 5)).containsExactly("1", "true", "false");
  }

  // ---- cancel

  @Test
  void a_cancelled_call_that_waits_never_starts() throws Exception {
    int slots = pool().processes();
    List<AsyncResult<Integer>> busy = new ArrayList<>();
    for (int i = 0; i < slots * 2; i++) {
      busy.add(pool().applyAsync(Functions::sleep, 700));
    }
    Path file = folder.resolve("cancelled");
    AsyncResult<Integer> waiting = pool().applyAsync(Functions::mark, file.toString(), 1);
    assertThat(waiting.cancel(true)).isTrue();
    assertThatThrownBy(waiting::get).isInstanceOf(CancellationException.class);
    assertThat(waiting.cancelEffect().get(60, TimeUnit.SECONDS))
        .isEqualTo(AsyncResult.CancelEffect.NEVER_STARTED);
    busy.forEach(result -> assertThat(result.await(SOON)).isTrue());
    assertThat(pool().map(Functions::twice, upTo(100))).hasSize(100);
    assertThat(file).doesNotExist();
  }

  @Test
  void a_cancelled_call_that_runs_is_interrupted_and_if_need_be_its_child_is_killed()
      throws Exception {
    Path polite = folder.resolve("polite");
    AsyncResult<Integer> sleeping = pool().applyAsync(Functions::mark, polite.toString(), 60_000);
    awaitLines(polite, 1);
    assertThat(sleeping.cancel(true)).isTrue();
    assertThat(sleeping.cancelEffect().get(60, TimeUnit.SECONDS))
        .isEqualTo(AsyncResult.CancelEffect.STOPPED);
    Path file = folder.resolve("stubborn");
    AsyncResult<Integer> stubborn = pool().applyAsync(Functions::stubborn, file.toString());
    awaitLines(file, 1);
    assertThat(stubborn.cancel(true)).isTrue();
    assertThat(stubborn.cancelEffect().get(60, TimeUnit.SECONDS))
        .isEqualTo(AsyncResult.CancelEffect.STOPPED);
    long pid = Long.parseLong(Files.readAllLines(file).get(0));
    await().atMost(BOUND).until(() -> ProcessHandle.of(pid).isEmpty());
  }

  @Test
  void a_running_call_may_be_left_alone_by_its_cancel() throws Exception {
    Path file = folder.resolve("left");
    AsyncResult<Integer> running = pool().applyAsync(Functions::mark, file.toString(), 600);
    awaitLines(file, 1);
    assertThat(running.cancel(false)).isTrue();
    assertThat(running.cancelEffect().get(60, TimeUnit.SECONDS))
        .isEqualTo(AsyncResult.CancelEffect.FINISHED);
  }

  @Test
  void an_interrupted_map_leaves_at_once_and_cancels_its_calls() throws Exception {
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    Path file = folder.resolve("interrupted");
    Thread caller =
        new Thread(
            () -> {
              try {
                pool()
                    .starmap(
                        Functions::mark,
                        Collections.nCopies(100, Args.of(file.toString(), 30_000)),
                        1);
              } catch (PoolInterruptedException e) {
                thrown.complete(Thread.currentThread().isInterrupted() ? e : null);
              }
            });
    caller.start();
    awaitLines(file, 1);
    caller.interrupt();
    assertThat(thrown.get(5, TimeUnit.SECONDS)).isInstanceOf(PoolInterruptedException.class);
    assertThat(pool().map(Functions::twice, upTo(20))).hasSize(20);
  }

  // ---- children and settings

  @Test
  void no_child_runs_more_calls_than_its_bound_however_they_are_chunked() {
    Pool bounded = open(builder().maxTasksPerChild(3));
    Map<Long, Long> most = new HashMap<>();
    for (long[] run : bounded.map(Functions::pidAndCount, upTo(30), 10)) {
      most.merge(run[0], run[1], Math::max);
    }
    assertThat(most.values()).allMatch(count -> count <= 3);
    assertThat(most).hasSizeGreaterThanOrEqualTo(10);
  }

  @Test
  void an_initializer_runs_once_in_each_child_and_again_in_replacements() {
    Pool pool = open(builder().maxTasksPerChild(2).initializer(Functions::init, "set"));
    Set<String> pids = new HashSet<>();
    for (List<String> seen : pool.map(Functions::initialised, upTo(10), 1)) {
      pids.add(seen.get(0));
      assertThat(seen.subList(1, 3)).containsExactly("1", "set");
    }
    assertThat(pids).hasSizeGreaterThanOrEqualTo(5);
  }

  @Test
  void an_initializer_that_fails_ends_pending_and_new_calls_with_its_cause() {
    Pool pool = open(builder().initializer(Functions::failInit));
    AsyncResult<List<Integer>> pending = pool.mapAsync(Functions::twice, upTo(10), 2);
    assertThatThrownBy(() -> pending.get(SOON))
        .cause()
        .isExactlyInstanceOf(InitializerFailedException.class)
        .hasMessageContaining("no start");
    assertThatThrownBy(() -> pool.apply(Functions::twice, 1))
        .isExactlyInstanceOf(InitializerFailedException.class)
        .cause()
        .hasMessageContaining("no start");
    assertThat(pool().apply(Functions::twice, 1)).isEqualTo(2);
  }

  @Test
  void two_pools_with_different_settings_never_mix() throws Exception {
    Pool red = open(builder().initializer(Functions::init, "red"));
    Pool blue = open(builder().initializer(Functions::init, "blue"));
    AsyncResult<List<String>> reds =
        red.mapAsync(Functions::setting, Collections.nCopies(60, 3), 2);
    AsyncResult<List<String>> blues =
        blue.mapAsync(Functions::setting, Collections.nCopies(60, 3), 2);
    assertThat(reds.get(SOON)).containsOnly("red");
    assertThat(blues.get(SOON)).containsOnly("blue");
  }

  @Test
  void a_call_may_ask_for_its_child_to_be_replaced() {
    List<Long> pids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      pids.add(pool().apply(Functions::recycle, 1));
    }
    assertThat(pids).doesNotHaveDuplicates();
  }

  @Test
  void a_pool_with_a_bound_never_runs_more_calls_at_once() {
    Pool two = open(builder().processes(2));
    List<long[]> spans = two.map(Functions::span, Collections.nCopies(20, 30), 1);
    for (long[] one : spans) {
      long overlapping =
          spans.stream().filter(other -> other[0] < one[0] && one[0] < other[1]).count();
      assertThat(overlapping).isLessThanOrEqualTo(1);
    }
    assertThat(two.processes()).isEqualTo(2);
  }

  @Test
  void a_call_may_open_a_pool_of_its_own() {
    assertThat(pool().apply(Functions::nested, 21)).isEqualTo(42);
  }

  // ---- callbacks and ends

  @Test
  void callbacks_are_called_once_each_and_the_pool_may_be_used_in_them() throws Exception {
    AtomicInteger told = new AtomicInteger();
    CompletableFuture<Integer> inner = new CompletableFuture<>();
    AsyncResult<Integer> result =
        pool()
            .applyAsync(
                Functions::twice,
                1,
                n -> {
                  told.incrementAndGet();
                  inner.complete(pool().apply(Functions::twice, n));
                },
                e -> told.addAndGet(100));
    assertThat(result.get()).isEqualTo(2);
    assertThat(inner).isCompletedWithValue(4);
    assertThat(told).hasValue(1);
  }

  @Test
  void terminate_ends_every_future_at_once_whatever_children_do() throws Exception {
    Pool pool = own();
    Path file = folder.resolve("stubborn");
    AsyncResult<Integer> running = pool.applyAsync(Functions::stubborn, file.toString());
    awaitLines(file, 1);
    AsyncResult<List<Integer>> map =
        pool.mapAsync(Functions::sleep, Collections.nCopies(1000, 1000), 1);
    ResultIterator<Integer> lazy =
        pool.imap(Functions::sleep, Stream.generate(() -> 1000).iterator());
    CompletableFuture<Throwable> blocked = new CompletableFuture<>();
    new Thread(
            () -> {
              try {
                pool.apply(Functions::sleep, 100_000);
              } catch (RuntimeException e) {
                blocked.complete(e);
              }
            })
        .start();
    long start = System.nanoTime();
    pool.terminate();
    assertThatThrownBy(running::get).hasCauseInstanceOf(PoolTerminatedException.class);
    assertThatThrownBy(map::get).hasCauseInstanceOf(PoolTerminatedException.class);
    assertThatThrownBy(lazy::next).isInstanceOf(PoolTerminatedException.class);
    assertThat(blocked.get(5, TimeUnit.SECONDS))
        .isInstanceOfAny(PoolTerminatedException.class, IllegalStateException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUND);
    assertThat(pool.join(Duration.ofSeconds(15))).isTrue();
    long pid = Long.parseLong(Files.readAllLines(file).get(0));
    await().atMost(BOUND).until(() -> ProcessHandle.of(pid).isEmpty());
  }

  @Test
  void terminate_is_legal_in_an_error_callback() throws Exception {
    Pool pool = own();
    AsyncResult<List<Integer>> others =
        pool.mapAsync(Functions::sleep, Collections.nCopies(100, 1000), 1);
    AsyncResult<Integer> failing =
        pool.applyAsync(Functions::failIfOdd, 1, n -> {}, e -> pool.terminate());
    assertThatThrownBy(() -> failing.get(SOON)).hasCauseInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> others.get(BOUND)).hasCauseInstanceOf(PoolTerminatedException.class);
  }

  @Test
  void close_waits_for_what_was_submitted_and_results_stay_readable() throws Exception {
    Pool pool = own();
    AsyncResult<List<Integer>> result =
        pool.mapAsync(Functions::sleep, Collections.nCopies(20, 20), 1);
    ResultIterator<Integer> lazy = pool.imap(Functions::twice, upTo(50));
    pool.close();
    assertThat(pool.state()).isEqualTo(Pool.State.SHUTDOWN);
    assertThat(result.ready()).isTrue();
    assertThat(result.get()).hasSize(20);
    List<Integer> taken = new ArrayList<>();
    lazy.forEachRemaining(taken::add);
    assertThat(taken).hasSize(50);
    assertThatIllegalStateException().isThrownBy(() -> pool.apply(Functions::twice, 1));
    pool.close();
    pool.shutdown();
    pool.join();
  }

  @Test
  void an_endless_input_is_read_no_further_than_the_window() {
    AtomicInteger read = new AtomicInteger();
    Pool windowed = pool().with(options().window(20).build());
    try (ResultIterator<Integer> results =
        windowed.imap(Functions::twice, Stream.generate(read::getAndIncrement))) {
      for (int i = 0; i < 300; i++) {
        assertThat(results.next()).isEqualTo(2 * i);
        assertThat(read.get()).isLessThanOrEqualTo(i + 1 + 20);
      }
    }
  }
}
