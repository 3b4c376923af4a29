package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Cancelled calls. */
class CancelTest extends WithFakeWorker {

  @Test
  void a_cancelled_call_ends_at_once_and_notifies_the_workers() throws Exception {
    worker.hold();
    AsyncResult<Integer> result = pool.applyAsync(WithFakeWorker::twice, 1);
    await().until(() -> worker.messages() == 1);
    assertThat(result.cancel(true)).isTrue();
    assertThat(result.cancel(true)).isFalse();
    assertThat(result.isCancelled()).isTrue();
    assertThatThrownBy(result::get).isInstanceOf(CancellationException.class);
    await().until(() -> worker.cancels.size() == 1);
    worker.go();
    AsyncResult<Integer> done = pool.applyAsync(WithFakeWorker::twice, 1);
    done.get();
    assertThat(done.cancel(true)).isFalse();
  }

  @Test
  void a_cancelled_map_cancels_its_calls_and_calls_the_error_callback() throws Exception {
    worker.hold();
    CompletableFuture<Throwable> told = new CompletableFuture<>();
    AsyncResult<List<Integer>> result =
        pool.mapAsync(WithFakeWorker::twice, upTo(100), v -> {}, told::complete);
    await().until(() -> worker.messages() > 0);
    assertThat(result.cancel(true)).isTrue();
    assertThat(told.get(180, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
    await().until(() -> !worker.cancels.isEmpty());
    worker.go();
  }

  @Test
  void a_completable_view_ends_with_it_and_cancels_it() throws Exception {
    assertThat(pool.applyAsync(WithFakeWorker::twice, 2).toCompletableFuture().get()).isEqualTo(4);
    assertThatThrownBy(
            () -> pool.applyAsync(WithFakeWorker::failIfOdd, 1).toCompletableFuture().join())
        .hasCauseInstanceOf(TaskFailedException.class);
    worker.hold();
    AsyncResult<Integer> result = pool.applyAsync(WithFakeWorker::twice, 2);
    assertThat(result.toCompletableFuture().cancel(true)).isTrue();
    assertThat(result.isCancelled()).isTrue();
    worker.go();
  }
}
