package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Conformance: cancelled calls and interrupted callers. */
class CancelIT extends OnEverySite {

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
    assertThat(waiting.cancelEffect().get(180, TimeUnit.SECONDS))
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
    assertThat(sleeping.cancelEffect().get(180, TimeUnit.SECONDS))
        .isEqualTo(AsyncResult.CancelEffect.STOPPED);
    Path file = folder.resolve("stubborn");
    AsyncResult<Integer> stubborn = pool().applyAsync(Functions::stubborn, file.toString());
    awaitLines(file, 1);
    assertThat(stubborn.cancel(true)).isTrue();
    assertThat(stubborn.cancelEffect().get(180, TimeUnit.SECONDS))
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
    assertThat(running.cancelEffect().get(180, TimeUnit.SECONDS))
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
    assertThat(thrown.get(180, TimeUnit.SECONDS)).isInstanceOf(PoolInterruptedException.class);
    assertThat(pool().map(Functions::twice, upTo(20))).hasSize(20);
  }

  @Test
  void a_view_as_a_completable_future_ends_with_the_call_and_cancels_it() throws Exception {
    assertThat(pool().applyAsync(Functions::twice, 2).toCompletableFuture().thenApply(n -> n + 1))
        .succeedsWithin(SOON)
        .isEqualTo(5);
    assertThat(pool().applyAsync(Functions::failIfOdd, 1).toCompletableFuture())
        .failsWithin(SOON)
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(TaskFailedException.class);
    Path file = folder.resolve("view");
    AsyncResult<Integer> running = pool().applyAsync(Functions::mark, file.toString(), 60_000);
    awaitLines(file, 1);
    assertThat(running.toCompletableFuture().cancel(true)).isTrue();
    assertThat(running.cancelEffect().get(180, TimeUnit.SECONDS))
        .isEqualTo(AsyncResult.CancelEffect.STOPPED);
  }

  @Test
  void a_blocking_apply_that_is_interrupted_stops_its_call() throws Exception {
    Path file = folder.resolve("apply");
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    Thread caller =
        new Thread(
            () -> {
              try {
                pool().apply(Functions::untilCancelled, file.toString());
              } catch (PoolInterruptedException e) {
                thrown.complete(Thread.currentThread().isInterrupted() ? e : null);
              }
            });
    caller.start();
    awaitLines(file, 1);
    caller.interrupt();
    assertThat(thrown.get(180, TimeUnit.SECONDS)).isInstanceOf(PoolInterruptedException.class);
    long pid = Long.parseLong(Files.readAllLines(file).get(0));
    // if the machine is so busy that the grace expires before the call has seen its cancel, its
    // child is killed
    await().atMost(SOON).until(() -> lines(file) == 2 || ProcessHandle.of(pid).isEmpty());
  }
}
