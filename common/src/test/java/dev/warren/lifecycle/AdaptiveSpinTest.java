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

  /**
   * Waits for an event that happens after {@code looksNeeded} checks; returns true if the wait was
   * spent spinning.
   */
  private boolean comesAfter(int looksNeeded) {
    looks = 0;
    boolean came = waits.spinUntil(() -> looks++ == looksNeeded);
    assertThat(came).isEqualTo(looks > looksNeeded);
    return looks > 0;
  }

  private boolean comesTooLate() {
    return comesAfter(Integer.MAX_VALUE);
  }

  @Test
  void a_short_wait_is_seen_by_spinning() {
    for (int i = 0; i < 1000; i++) {
      assertThat(comesAfter(50)).isTrue();
      assertThat(looks).isEqualTo(51);
    }
  }

  @Test
  void spinning_is_bounded() {
    assertThat(comesTooLate()).isTrue();
    assertThat(time.now).isBetween(LONGEST.toNanos(), LONGEST.toNanos() * 2);
  }

  @Test
  void long_waits_make_spinning_rarer() {
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
  void a_short_wait_outweighs_earlier_long_ones() {
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
  void a_single_processor_never_spins() {
    assertThat(new AdaptiveSpin(time, LONGEST, 1).spinUntil(() -> true)).isFalse();
  }

  /** A microsecond passes between two checks. */
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
