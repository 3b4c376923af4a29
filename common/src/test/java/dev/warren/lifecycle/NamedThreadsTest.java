package dev.warren.lifecycle;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;

class NamedThreadsTest {
  @Test
  void threads_are_daemons_and_carry_their_component() throws InterruptedException {
    Thread thread = NamedThreads.start("part", () -> {});
    assertThat(thread.isDaemon()).isTrue();
    assertThat(thread.getName()).matches("part-\\d+");
    thread.join();
  }

  @Test
  void a_single_thread_runs_its_tasks_in_order() {
    ExecutorService single = NamedThreads.single("one");
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      int digit = i;
      single.execute(() -> text.append(digit));
    }
    assertThat(CompletableFuture.supplyAsync(text::toString, single))
        .succeedsWithin(10, SECONDS)
        .isEqualTo("01234");
    single.shutdown();
  }

  @Test
  void an_elastic_executor_never_queues() throws InterruptedException {
    ExecutorService elastic = NamedThreads.elastic("many");
    CountDownLatch all = new CountDownLatch(3);
    for (int i = 0; i < 3; i++) {
      elastic.execute(
          () -> {
            all.countDown();
            try {
              all.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
    }
    assertThat(all.await(10, SECONDS)).isTrue();
    elastic.shutdown();
  }

  @Test
  void a_timer_runs_its_tasks_at_their_times() throws InterruptedException {
    ScheduledExecutorService timer = NamedThreads.timer("clock");
    CountDownLatch rang = new CountDownLatch(1);
    var unused = timer.schedule(rang::countDown, 1, MILLISECONDS);
    assertThat(rang.await(10, SECONDS)).isTrue();
    timer.shutdownNow();
  }
}
