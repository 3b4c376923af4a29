package dev.warren.pool.engine.collect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResultsPrefetchTest {
  private static final int MB = 1 << 20;
  private final ResultsPrefetch prefetch = new ResultsPrefetch(16 * MB);

  @Test
  void small_messages_raise_the_prefetch_after_a_full_window() {
    for (int i = 1; i < ResultsPrefetch.FIRST; i++) {
      assertThat(prefetch.seen(100)).isFalse();
    }
    assertThat(prefetch.seen(100)).isTrue();
    assertThat(prefetch.current()).isEqualTo(ResultsPrefetch.MAX);
    assertThat(prefetch.seen(100)).as("again").isFalse();
  }

  @Test
  void one_large_message_lowers_the_prefetch() {
    assertThat(prefetch.seen(4 * MB)).isTrue();
    assertThat(prefetch.current()).isEqualTo(4);
    assertThat(prefetch.seen(100 * MB)).isTrue();
    assertThat(prefetch.current()).as("the least").isEqualTo(2);
  }

  @Test
  void occasional_large_messages_keep_the_prefetch_low() {
    prefetch.seen(4 * MB);
    int changes = 0;
    for (int i = 1; i < 1000; i++) {
      changes += prefetch.seen(i % 20 == 0 ? 4 * MB : 100) ? 1 : 0;
    }
    assertThat(changes).isZero();
    assertThat(prefetch.current()).isEqualTo(4);
  }

  @Test
  void the_prefetch_grows_again_after_enough_small_messages() {
    prefetch.seen(4 * MB);
    int seen = 0;
    while (prefetch.current() < ResultsPrefetch.MAX && seen < 10_000) {
      prefetch.seen(100);
      seen++;
    }
    assertThat(seen).isBetween(100, 1000);
  }
}
