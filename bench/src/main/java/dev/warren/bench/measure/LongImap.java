package dev.warren.bench.measure;

import dev.warren.bench.harness.PoolWork;
import dev.warren.bench.harness.Work;
import dev.warren.pool.Pool;
import dev.warren.pool.ResultIterator;
import java.util.stream.IntStream;

/**
 * A program that prints the calls per second of one long lazy job, run with different heap sizes.
 */
public final class LongImap {
  private LongImap() {}

  public static void main(String[] args) {
    int calls = Integer.parseInt(System.getenv("BENCH_CALLS"));
    try (Pool pool = Pool.open()) {
      pool.map(Work::same, PoolWork.numbers(100_000));
      long start = System.nanoTime();
      long next = 0;
      try (ResultIterator<Integer> results =
          pool.imap(Work::same, IntStream.range(0, calls).iterator())) {
        while (results.hasNext()) {
          if (results.next() != next++) {
            throw new IllegalStateException("result " + (next - 1) + " belongs to another call");
          }
        }
      }
      if (next != calls) {
        throw new IllegalStateException(next + " results of " + calls + " calls");
      }
      System.out.println(PoolWork.perSecond(calls, start));
    }
    System.exit(0);
  }
}
