package dev.warren.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdaptiveSpinTest {
  private static final Duration LONGEST = Duration.ofNanos(100_000);

  private final Clock time = new Clock();
  private final AdaptiveSpin waits = new AdaptiveSpin(time, LONGEST, 2);
  private int looks;

  /** One wait for an end that comes after so many looks; says whether it was looked out for. */
  private boolean comesAfter(int looksNeeded) {
    looks = 0;
    boolean came = waits.lookOut(() -> looks++ == looksNeeded);
    assertThat(came).isEqualTo(looks > looksNeeded);
    return looks > 0;
  }

  private boolean comesTooLate() {
    return comesAfter(Integer.MAX_VALUE);
  }

  @Test
  void an_end_that_comes_soon_is_seen() {
    for (int i = 0; i < 1000; i++) {
      assertThat(comesAfter(50)).isTrue();
      assertThat(looks).isEqualTo(51);
    }
  }

  @Test
  void nobody_looks_out_for_long() {
    assertThat(comesTooLate()).isTrue();
    assertThat(time.now).isBetween(LONGEST.toNanos(), LONGEST.toNanos() * 2);
  }

  @Test
  void while_waits_are_long_ever_fewer_are_looked_out_for() {
    List<Integer> sleptThrough = new ArrayList<>();
    int slept = 0;
    while (sleptThrough.size() < 12) {
      if (comesTooLate()) {
        sleptThrough.add(slept);
        slept = 0;
      } else {
        slept++;
      }
    }
    assertThat(sleptThrough).containsExactly(0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 256, 256);
  }

  @Test
  void one_that_ends_in_time_counts_more_than_the_long_ones_before() {
    for (int i = 0; i < 100; i++) {
      comesTooLate();
    }
    while (!comesAfter(1)) {
      assertThat(looks).isZero();
    }
    assertThat(comesTooLate()).isTrue();
    assertThat(comesTooLate()).isFalse();
    assertThat(comesTooLate()).isTrue();
  }

  @Test
  void on_one_processor_nobody_looks_out() {
    assertThat(new AdaptiveSpin(time, LONGEST, 1).lookOut(() -> true)).isFalse();
  }

  /** A microsecond passes between one look at it and the next. */
  private static final class Clock implements TimeSource {
    private long now;

    @Override
    public long nanos() {
      now += 1000;
      return now;
    }

    @Override
    public long epochMillis() {
      return now / 1_000_000;
    }
  }
}
