package dev.warren.worker.child.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.lifecycle.TimeSource;
import org.junit.jupiter.api.Test;

class CallClockTest {
  private final Clock time = new Clock();
  private final CallClock clock = new CallClock(time);

  private long callOf(long nanos) {
    time.now += nanos;
    return clock.atEnd();
  }

  @Test
  void long_calls_each_have_an_end_time() {
    clock.read();
    for (int i = 0; i < 20; i++) {
      assertThat(callOf(CallClock.SHORT_NANOS)).isEqualTo(time.now);
    }
  }

  @Test
  void short_calls_share_a_clock_reading() {
    clock.read();
    callOf(10);
    int before = time.readings;
    for (int i = 0; i < 10 * CallClock.SHARED_BY; i++) {
      callOf(10);
    }
    assertThat(time.readings - before).isEqualTo(10);
  }

  @Test
  void the_time_of_all_calls_together_is_exact() {
    long start = clock.read();
    for (int i = 0; i < 99; i++) {
      callOf(i % 50);
    }
    assertThat(clock.read() - start).isEqualTo(time.now - start);
  }

  @Test
  void calls_that_become_longer_no_longer_share_a_reading() {
    clock.read();
    callOf(10);
    for (int i = 0; i < CallClock.SHARED_BY; i++) {
      callOf(CallClock.SHORT_NANOS);
    }
    assertThat(callOf(10)).isEqualTo(time.now);
  }

  @Test
  void a_requested_reading_restarts_the_interval() {
    clock.read();
    callOf(10);
    callOf(10);
    assertThat(clock.read()).isEqualTo(time.now);
    assertThat(callOf(10)).isEqualTo(time.now - 10);
  }

  private static final class Clock implements TimeSource {
    private long now = 1;
    private int readings;

    @Override
    public long nanos() {
      readings++;
      return now;
    }

    @Override
    public long epochMillis() {
      return now / 1_000_000;
    }
  }
}
