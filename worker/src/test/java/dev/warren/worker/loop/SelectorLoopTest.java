package dev.warren.worker.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.lifecycle.EventLoop;
import dev.warren.lifecycle.TimeSource;
import dev.warren.testkit.EventLoopContract;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SelectorLoopTest extends EventLoopContract {
  private final SelectorLoop loop = SelectorLoop.start(TimeSource.SYSTEM);

  @AfterEach
  void stop() throws InterruptedException {
    loop.stop();
    assertThat(loop.awaitStopped(10_000)).isTrue();
  }

  @Override
  protected EventLoop loop() {
    return loop;
  }

  @Override
  protected void runUntil(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(180, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void its_thread_is_the_worker_loop() throws InterruptedException {
    AtomicReference<String> name = new AtomicReference<>();
    CountDownLatch done = new CountDownLatch(1);
    loop.post(
        () -> {
          name.set(Thread.currentThread().getName());
          done.countDown();
        });
    runUntil(done);
    assertThat(name.get()).startsWith("worker-loop");
  }

  @Test
  void the_loop_survives_exceptions_of_actions() throws InterruptedException {
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
    runUntil(done);
  }
}
