package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Conformance: callbacks, and the ends of pools. */
class LifeIT extends OnEverySite {

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
    assertThat(blocked.get(180, TimeUnit.SECONDS))
        .isInstanceOfAny(PoolTerminatedException.class, IllegalStateException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUND);
    assertThat(pool.join(Duration.ofMinutes(3))).isTrue();
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
  void callbacks_of_maps_get_the_whole_list_or_the_one_failure() throws Exception {
    CompletableFuture<Object> told = new CompletableFuture<>();
    pool().mapAsync(Functions::twice, upTo(50), told::complete, told::complete);
    assertThat(told.get(180, TimeUnit.SECONDS))
        .isEqualTo(upTo(50).stream().map(n -> 2 * n).toList());
    CompletableFuture<Object> failed = new CompletableFuture<>();
    pool()
        .starmapAsync(
            (Integer a, Integer b) -> Functions.failIfOdd(a + b),
            List.of(Args.of(1, 1), Args.of(1, 2)),
            1,
            failed::complete,
            failed::complete);
    assertThat((Throwable) failed.get(180, TimeUnit.SECONDS))
        .isExactlyInstanceOf(TaskFailedException.class)
        .hasCauseExactlyInstanceOf(IllegalStateException.class);
  }
}
