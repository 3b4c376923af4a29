package dev.warren.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.lifecycle.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ManualLoopTest extends EventLoopContract {
  private final ManualLoop loop = new ManualLoop();
  private final List<Object> seen = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    loop.close();
  }

  @Override
  protected EventLoop loop() {
    return loop;
  }

  @Override
  protected void runUntil(CountDownLatch latch) {
    for (int i = 0; latch.getCount() > 0; i++) {
      assertThat(i).as("milliseconds").isLessThan(1000);
      loop.advanceMillis(1);
    }
  }

  @Test
  void nothing_runs_before_a_step() {
    loop.post(() -> seen.add("posted"));
    assertThat(seen).isEmpty();
    loop.step();
    assertThat(seen).containsExactly("posted");
  }

  @Test
  void every_timer_runs_at_its_own_time() {
    long start = loop.now();
    loop.every(400, () -> seen.add((loop.now() - start) / 1_000_000));
    loop.after(1000, () -> loop.after(100, () -> seen.add("follow-up")));
    loop.advanceMillis(1300);
    assertThat(seen).containsExactly(400L, 800L, "follow-up", 1200L);
    assertThat(loop.now() - start).isEqualTo(1_300_000_000L);
  }

  @Test
  void next_wait_is_the_time_to_the_first_timer_or_none_with_something_posted() {
    assertThat(loop.nextWait()).isEmpty();
    loop.after(250, () -> {});
    assertThat(loop.nextWait()).contains(Duration.ofMillis(250));
    loop.time().pass(Duration.ofMillis(300));
    assertThat(loop.nextWait()).contains(Duration.ZERO);
    loop.step();
    loop.post(() -> {});
    assertThat(loop.nextWait()).contains(Duration.ZERO);
  }

  @Test
  void step_throws_what_its_actions_threw_after_it_has_run_them_all() {
    loop.post(
        () -> {
          throw new IllegalStateException("first");
        });
    loop.post(
        () -> {
          throw new AssertionError("second");
        });
    loop.post(() -> seen.add("third"));
    assertThatThrownBy(loop::step)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("first")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    assertThat(seen).containsExactly("third");
    loop.step();
  }
}
