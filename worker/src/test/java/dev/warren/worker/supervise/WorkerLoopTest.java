package dev.warren.worker.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.lifecycle.TimeSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkerLoopTest {
  private final WorkerLoop loop = WorkerLoop.start(TimeSource.SYSTEM);
  private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void stop() throws InterruptedException {
    loop.stop();
    assertThat(loop.awaitStopped(10_000)).isTrue();
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(180, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void what_is_posted_runs_in_order_on_one_thread() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    for (int i = 0; i < 1000; i++) {
      String name = Integer.toString(i);
      loop.post(() -> seen.add(name + Thread.currentThread().getName()));
    }
    loop.post(done::countDown);
    await(done);
    assertThat(seen).hasSize(1000);
    assertThat(seen.get(0)).startsWith("0worker-loop");
    assertThat(seen.get(999)).startsWith("999worker-loop");
  }

  @Test
  void it_survives_what_an_action_throws() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    loop.post(
        () -> {
          throw new IllegalStateException("on purpose");
        });
    loop.post(
        () -> {
          throw new AssertionError("on purpose");
        });
    loop.post(done::countDown);
    await(done);
  }

  @Test
  void timers_fire_in_the_order_of_their_times_and_not_when_cancelled()
      throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    loop.post(
        () -> {
          loop.after(
              30,
              () -> {
                seen.add("late");
                done.countDown();
              });
          loop.after(10, () -> seen.add("early"));
          loop.after(5, () -> seen.add("never")).cancel();
        });
    await(done);
    assertThat(seen).containsExactly("early", "late");
  }

  @Test
  void finishers_run_after_each_round() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    loop.afterRound(
        () -> {
          if (seen.contains("posted")) {
            done.countDown();
          }
        });
    loop.post(() -> seen.add("posted"));
    await(done);
  }
}
