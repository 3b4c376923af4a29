package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Closing, terminating and joining. */
class LifeCycleTest extends WithFakeWorker {

  @Test
  void nothing_is_taken_after_shutdown_and_what_was_submitted_ends() throws Exception {
    worker.hold();
    AsyncResult<List<Integer>> result = pool.mapAsync(WithFakeWorker::twice, upTo(10_000));
    assertThatIllegalStateException().isThrownBy(pool::join).withMessageContaining("running");
    pool.shutdown();
    assertThat(pool.state()).isEqualTo(Pool.State.SHUTDOWN);
    assertThatIllegalStateException()
        .isThrownBy(() -> pool.apply(WithFakeWorker::twice, 1))
        .withMessageContaining("shut down");
    assertThat(pool.join(Duration.ofMillis(20))).isFalse();
    worker.go();
    pool.join();
    assertThat(result.get()).hasSize(10_000);
  }

  @Test
  void terminate_ends_everything_with_its_own_failure() {
    worker.hold();
    AsyncResult<Integer> single = pool.applyAsync(WithFakeWorker::twice, 1);
    AsyncResult<List<Integer>> map = pool.mapAsync(WithFakeWorker::twice, upTo(100_000));
    ResultIterator<Integer> lazy =
        pool.imap(WithFakeWorker::twice, Stream.iterate(0, n -> n + 1).iterator());
    pool.terminate();
    pool.terminate();
    assertThat(pool.state()).isEqualTo(Pool.State.TERMINATED);
    assertThatThrownBy(() -> single.get(Duration.ofMinutes(3)))
        .hasCauseExactlyInstanceOf(PoolTerminatedException.class);
    assertThatThrownBy(() -> map.get(Duration.ofMinutes(3)))
        .hasCauseExactlyInstanceOf(PoolTerminatedException.class);
    assertThatThrownBy(() -> lazy.next(Duration.ofMinutes(3)))
        .isExactlyInstanceOf(PoolTerminatedException.class);
    pool.join();
    worker.go();
  }

  @Test
  void join_does_not_wait_for_a_lazy_job_that_the_joining_thread_consumes() {
    ResultIterator<Integer> results =
        pool.imap(WithFakeWorker::twice, Stream.iterate(0, n -> n + 1).iterator());
    assertThat(results.next()).isZero();
    pool.close();
    assertThat(results.next()).isEqualTo(2);
    assertThatThrownBy(() -> results.forEachRemaining(n -> {}))
        .isExactlyInstanceOf(PoolTerminatedException.class)
        .hasMessageContaining("closed before");
    assertThat(results.hasNext()).isFalse();
  }

  @Test
  void results_of_a_lazy_job_can_be_consumed_while_another_thread_joins() throws Exception {
    CompletableFuture<Integer> count = new CompletableFuture<>();
    CountDownLatch begun = new CountDownLatch(1);
    Thread taker =
        new Thread(
            () -> {
              ResultIterator<Integer> results =
                  pool.imap(WithFakeWorker::twice, upTo(20_000).iterator());
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
    assertThat(count.get(180, TimeUnit.SECONDS)).isEqualTo(20_000);
  }

  @Test
  void every_kind_of_call_is_refused_once_the_pool_takes_no_more() {
    var pairs = List.of(Args.of(1, 2));
    List<ThrowingCallable> calls =
        List.of(
            () -> pool.apply(WithFakeWorker::twice, 1),
            () -> pool.applyAsync(WithFakeWorker::twice, 1),
            () -> pool.applyAsync(WithFakeWorker::twice, 1, n -> {}, e -> {}),
            () -> pool.map(WithFakeWorker::twice, upTo(3)),
            () -> pool.mapAsync(WithFakeWorker::twice, List.of()),
            () -> pool.starmap(WithFakeWorker::add, pairs),
            () -> pool.starmapAsync(WithFakeWorker::add, pairs),
            () -> pool.imap(WithFakeWorker::twice, upTo(3)),
            () -> pool.imapUnordered(WithFakeWorker::twice, upTo(3).stream()));
    pool.shutdown();
    for (ThrowingCallable call : calls) {
      assertThatIllegalStateException().isThrownBy(call).withMessageContaining("was shut down");
    }
    pool.terminate();
    pool.shutdown();
    for (ThrowingCallable call : calls) {
      assertThatIllegalStateException().isThrownBy(call).withMessageContaining("was terminated");
    }
    assertThat(pool.state()).isEqualTo(Pool.State.TERMINATED);
  }
}
