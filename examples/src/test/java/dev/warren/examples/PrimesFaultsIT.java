package dev.warren.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.junit.PoolFaults;
import dev.warren.junit.WarrenPool;
import dev.warren.pool.AsyncResult;
import dev.warren.pool.Pool;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrimesFaultsIT {
  @Test
  @WarrenPool(children = WarrenPool.Children.THREADS)
  void primes_are_found(Pool pool) {
    assertThat(pool.map(Primes::isPrime, List.of(1, 2, 15))).containsExactly(false, true, false);
  }

  @Test
  @WarrenPool
  void a_call_whose_child_dies_runs_again(Pool pool, PoolFaults faults) throws Exception {
    AsyncResult<List<Boolean>> found =
        pool.mapAsync(PrimesFaultsIT::slowly, List.of(7, 8, 9, 11), 1);
    faults.killRunningChild();
    assertThat(found.get()).containsExactly(true, false, false, true);
  }

  static boolean slowly(int n) throws InterruptedException {
    Thread.sleep(500);
    return Primes.isPrime(n);
  }
}
