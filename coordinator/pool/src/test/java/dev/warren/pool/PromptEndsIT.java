package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * Conformance: every future ends within {@link #BOUND} of any failure, with the right exception
 * type. {@link PoolFaultsIT} tests lost workers.
 */
class PromptEndsIT extends OnEverySite {

  /**
   * Waits for up to {@link #BOUND} after {@code cause}; returns the exception with which the result
   * ended.
   */
  private static Throwable failure(long cause, AsyncResult<?> result) throws Exception {
    try {
      Object value = result.get(BOUND.minusNanos(System.nanoTime() - cause));
      throw new AssertionError("ended with a value: " + value);
    } catch (ExecutionException e) {
      long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - cause);
      System.out.println(
          e.getCause().getClass().getSimpleName() + " " + took + " ms after its cause");
      return e.getCause();
    } catch (TimeoutException e) {
      throw new AssertionError("still not ended " + BOUND + " after its cause: " + result, e);
    }
  }

  private static void endsBefore(long cause, FutureTask<?> task, Class<?> type) throws Exception {
    assertThatThrownBy(
            () -> task.get(BOUND.toNanos() - (System.nanoTime() - cause), TimeUnit.NANOSECONDS))
        .cause()
        .isExactlyInstanceOf(type);
  }

  private static FutureTask<Object> blocked(Callable<Object> call) {
    FutureTask<Object> task = new FutureTask<>(call);
    Thread thread = new Thread(task);
    thread.start();
    await().atMost(SOON).until(() -> thread.getState() != Thread.State.RUNNABLE || task.isDone());
    return task;
  }

  private static long pid(Path file) throws IOException {
    awaitLines(file, 1);
    return Long.parseLong(Files.readAllLines(file).get(0));
  }

  private static void signal(String name, long pid) throws Exception {
    int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
    assertThat(code).isZero();
  }

  @Test
  void a_child_killed_under_a_call_a_map_or_an_imap() throws Exception {
    Pool once = pool().with(options().childLost(0).build());
    Path call = folder.resolve("call");
    AsyncResult<Integer> single = once.applyAsync(Functions::stubborn, call.toString());
    long killed = pid(call);
    long cause = System.nanoTime();
    signal("KILL", killed);
    assertThat(failure(cause, single)).isExactlyInstanceOf(ChildLostException.class);

    Path map = folder.resolve("map");
    AsyncResult<List<Integer>> all = once.mapAsync(Functions::stubborn, List.of(map.toString()));
    killed = pid(map);
    cause = System.nanoTime();
    signal("KILL", killed);
    assertThat(failure(cause, all)).isExactlyInstanceOf(ChildLostException.class);

    Path lazy = folder.resolve("lazy");
    ResultIterator<Integer> results = once.imap(Functions::stubborn, List.of(lazy.toString()));
    killed = pid(lazy);
    signal("KILL", killed);
    assertThatThrownBy(() -> results.next(BOUND)).isExactlyInstanceOf(ChildLostException.class);
  }

  @Test
  void a_child_that_ends_itself() throws Exception {
    Pool once = pool().with(options().childLost(0).build());
    for (String how : List.of("exit", "halt", "kill")) {
      long cause = System.nanoTime();
      AsyncResult<Integer> ended = once.applyAsync(Functions::end, how);
      assertThat(failure(cause, ended)).as(how).isExactlyInstanceOf(ChildLostException.class);
    }
  }

  @Test
  void a_frozen_child_whose_call_has_a_limit() throws Exception {
    Path file = folder.resolve("frozen");
    Pool limited = pool().with(options().timeLimit(Duration.ofSeconds(1)).build());
    AsyncResult<Integer> result = limited.applyAsync(Functions::stubborn, file.toString());
    long pid = pid(file);
    long cause = System.nanoTime();
    signal("STOP", pid);
    assertThat(failure(cause, result)).isExactlyInstanceOf(TimeLimitExceededException.class);
  }

  @Test
  void an_initializer_that_throws() throws Exception {
    Pool pool = open(builder().initializer(Functions::failInit));
    long cause = System.nanoTime();
    AsyncResult<List<Integer>> map = pool.mapAsync(Functions::twice, upTo(10), 2);
    AsyncResult<Integer> single = pool.applyAsync(Functions::twice, 1);
    assertThat(failure(cause, single)).isExactlyInstanceOf(InitializerFailedException.class);
    assertThat(failure(cause, map)).isExactlyInstanceOf(InitializerFailedException.class);
  }

  @Test
  void a_function_that_the_worker_does_not_have() throws Exception {
    String unknown = "com.acme.Nowhere::f";
    FutureTask<Object> task =
        blocked(
            () -> {
              try (JsonOutcomes outcomes =
                  pool().json(unknown, List.of(Payload.of("[1]")).iterator(), true, 0)) {
                return outcomes.next().<FailureKind>fold(value -> null, failure -> failure.kind());
              }
            });
    assertThat(task.get(180, TimeUnit.SECONDS)).isEqualTo(FailureKind.REJECTED);
  }

  @Test
  void an_exception_that_cannot_be_rebuilt_a_result_that_cannot_be_written() throws Exception {
    long cause = System.nanoTime();
    AsyncResult<Integer> odd = pool().applyAsync(Functions::throwOdd, 3);
    AsyncResult<Functions.Unwritable> unwritable = pool().applyAsync(Functions::unwritable, 3);
    assertThat(failure(cause, odd))
        .isExactlyInstanceOf(TaskFailedException.class)
        .hasCauseExactlyInstanceOf(RemoteException.class);
    assertThat(failure(cause, unwritable))
        .isExactlyInstanceOf(ResultNotSerializableException.class);
  }

  @Test
  void callbacks_that_throw() throws Exception {
    long cause = System.nanoTime();
    AsyncResult<Integer> good =
        pool()
            .applyAsync(
                Functions::twice,
                1,
                n -> {
                  throw new AssertionError("in a callback");
                },
                null);
    AsyncResult<Integer> bad =
        pool()
            .applyAsync(
                Functions::failIfOdd,
                1,
                null,
                e -> {
                  throw new IllegalStateException("in an error callback");
                });
    AsyncResult<Integer> next = pool().applyAsync(Functions::twice, 2, n -> {}, null);
    assertThat(failure(cause, bad)).isExactlyInstanceOf(TaskFailedException.class);
    assertThat(good.get(BOUND)).isEqualTo(2);
    assertThat(next.get(BOUND)).isEqualTo(4);
    assertThat(Duration.ofNanos(System.nanoTime() - cause)).isLessThan(BOUND);
  }

  @Test
  void a_source_that_throws_an_error_included() throws Exception {
    for (Throwable thrown : List.of(new IllegalStateException("s"), new StackOverflowError("e"))) {
      long cause = System.nanoTime();
      AsyncResult<List<Integer>> map =
          pool().mapAsync(Functions::twice, () -> breaking(10, thrown));
      assertThat(failure(cause, map)).isSameAs(thrown);
      ResultIterator<Integer> lazy = pool().imap(Functions::twice, breaking(10, thrown));
      for (int i = 0; i < 10; i++) {
        assertThat(lazy.next(BOUND)).isEqualTo(2 * i);
      }
      assertThatThrownBy(() -> lazy.next(BOUND)).isSameAs(thrown);
      assertThat(lazy.hasNext()).isFalse();
    }
  }

  private static Iterator<Integer> breaking(int at, Throwable thrown) {
    return upTo(at + 1).stream()
        .map(
            n -> {
              if (n == at) {
                throw Uninterrupted.sneak(thrown);
              }
              return n;
            })
        .iterator();
  }

  @Test
  void a_source_that_is_slow_delays_nobody_and_a_terminated_pool_does_not_wait_for_it()
      throws Exception {
    Pool pool = own();
    CountDownLatch gate = new CountDownLatch(1);
    Iterable<Integer> slow =
        () ->
            upTo(5).stream()
                .map(
                    n -> {
                      if (n == 3) {
                        Uninterrupted.await(gate);
                      }
                      return n;
                    })
                .iterator();
    AsyncResult<List<Integer>> map = pool.mapAsync(Functions::twice, slow);
    ResultIterator<Integer> lazy = pool.imap(Functions::twice, slow);
    assertThat(pool.applyAsync(Functions::twice, 1).get(SOON)).isEqualTo(2);
    assertThat(lazy.next(BOUND)).isZero();
    long cause = System.nanoTime();
    pool.terminate();
    assertThat(failure(cause, map)).isExactlyInstanceOf(PoolTerminatedException.class);
    assertThatThrownBy(() -> lazy.forEachRemaining(n -> {}))
        .isExactlyInstanceOf(PoolTerminatedException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - cause)).isLessThan(BOUND);
    gate.countDown();
  }

  @Test
  void a_pool_terminated_from_another_thread() throws Exception {
    Pool pool = own();
    AsyncResult<Integer> single = pool.applyAsync(Functions::sleep, 60_000);
    List<FutureTask<Object>> all = new ArrayList<>();
    all.add(blocked(() -> pool.apply(Functions::sleep, 60_000)));
    all.add(blocked(() -> pool.map(Functions::sleep, Collections.nCopies(50, 60_000), 3)));
    all.add(blocked(() -> pool.starmap(Functions::mark, List.of(Args.of("/dev/null", 60_000)))));
    all.add(blocked(() -> pool.imap(Functions::sleep, List.of(60_000)).next()));
    all.add(blocked(() -> pool.imapUnordered(Functions::sleep, List.of(60_000)).next()));
    long cause = System.nanoTime();
    pool.terminate();
    assertThat(failure(cause, single)).isExactlyInstanceOf(PoolTerminatedException.class);
    for (FutureTask<Object> task : all) {
      endsBefore(cause, task, PoolTerminatedException.class);
    }
  }

  @Test
  void a_pool_terminated_from_a_callback() throws Exception {
    Pool pool = own();
    CountDownLatch submitted = new CountDownLatch(1);
    AtomicReference<Long> cause = new AtomicReference<>();
    AsyncResult<Integer> ending =
        pool.applyAsync(
            Functions::twice,
            1,
            n -> {
              Uninterrupted.await(submitted);
              cause.set(System.nanoTime());
              pool.terminate();
            },
            null);
    AsyncResult<List<Integer>> others =
        pool.mapAsync(Functions::sleep, Collections.nCopies(50, 60_000), 1);
    submitted.countDown();
    assertThat(ending.get(SOON)).isEqualTo(2);
    assertThat(failure(cause.get(), others)).isExactlyInstanceOf(PoolTerminatedException.class);
  }

  @Test
  void a_call_that_is_not_started_before_its_expiry() throws Exception {
    Pool one = open(builder().processes(1));
    AsyncResult<Integer> busy = one.applyAsync(Functions::sleep, 60_000);
    Pool hurried = one.with(options().expires(Duration.ofMillis(500)).build());
    long cause = System.nanoTime() + 500_000_000L;
    AsyncResult<Integer> late = hurried.applyAsync(Functions::twice, 1);
    assertThat(failure(cause, late)).isExactlyInstanceOf(TaskExpiredException.class);
    assertThat(busy.ready()).isFalse();
  }
}
