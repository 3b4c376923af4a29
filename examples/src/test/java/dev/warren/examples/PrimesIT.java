package dev.warren.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.pool.Pool;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrimesIT {

  @Test
  void the_example_runs_in_child_processes() {
    try (Pool pool = Pool.open()) {
      List<Boolean> prime = pool.map(Primes::isPrime, List.of(1, 2, 15, 2_000_000_011));
      assertThat(prime).containsExactly(false, true, false, true);
    }
  }
}
