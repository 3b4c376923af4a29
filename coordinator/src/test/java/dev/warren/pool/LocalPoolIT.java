package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LocalPoolIT {
  static int twice(int n) {
    return 2 * n;
  }

  @Test
  void calls_run_in_child_processes() {
    try (Pool pool = Pool.builder().processes(2).open()) {
      assertThat(pool.apply(LocalPoolIT::twice, 4)).isEqualTo(8);
      assertThat(pool.map(LocalPoolIT::twice, IntStream.range(0, 1000).boxed().toList()))
          .hasSize(1000);
    }
  }
}
