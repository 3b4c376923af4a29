package dev.warren.broker.rabbit.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ShortLivesTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void a_start_that_ends_at_once_is_retried_with_back_off() {
    ShortLives lives = new ShortLives();
    Duration all = Duration.ZERO;
    for (long i = 0; i < 12; i++) {
      lives.began(i * 10 * SECOND);
      all = all.plus(lives.ended(i * 10 * SECOND + SECOND / 2));
    }
    // 0.1 s doubling to 5 s, each spread by 30 %
    assertThat(all).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(50));
  }

  @Test
  void only_a_long_life_is_restarted_at_once() {
    ShortLives lives = new ShortLives();
    lives.began(0);
    assertThat(lives.ended(1)).isPositive();
    lives.began(SECOND);
    assertThat(lives.ended(SECOND + 1)).isGreaterThan(Duration.ofMillis(130));
    lives.began(5 * SECOND);
    assertThat(lives.ended(6 * SECOND)).isZero();
  }

  @Test
  void a_failed_start_has_no_extra_wait() {
    assertThat(new ShortLives().ended(5)).isZero();
  }
}
