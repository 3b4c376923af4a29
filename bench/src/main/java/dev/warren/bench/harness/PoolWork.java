package dev.warren.bench.harness;

import dev.warren.pool.AsyncResult;
import dev.warren.pool.Pool;
import dev.warren.pool.ResultIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The workloads of a pool; each method runs its workload once and returns its figure. */
public final class PoolWork {
  private PoolWork() {}

  /** Calls per second of a {@code map}; chunk 0 lets the pool choose. */
  public static double map(Pool pool, int calls, int chunk) {
    List<Integer> numbers = numbers(calls);
    long start = System.nanoTime();
    if (chunk == 0) {
      pool.map(Work::same, numbers);
    } else {
      pool.map(Work::same, numbers, chunk);
    }
    return perSecond(calls, start);
  }

  /** Calls per second of an {@code imapUnordered} with chunks of one call. */
  public static double imapUnordered(Pool pool, int calls) {
    long start = System.nanoTime();
    try (ResultIterator<Integer> results =
        pool.imapUnordered(Work::same, numbers(calls).iterator(), 1)) {
      results.forEachRemaining(value -> {});
    }
    return perSecond(calls, start);
  }

  /** Calls per second of single calls, which are awaited after all have been submitted. */
  public static double applyAsync(Pool pool, int calls) {
    List<AsyncResult<Integer>> results = new ArrayList<>(calls);
    long start = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      results.add(pool.applyAsync(Work::same, i));
    }
    results.forEach(result -> result.toCompletableFuture().join());
    return perSecond(calls, start);
  }

  /** Median in microseconds of consecutive calls. */
  public static double roundtrip(Pool pool, int calls) {
    return RoundTrips.median(calls, i -> pool.apply(Work::same, i));
  }

  /** Percentage of the slots' time that calls of one millisecond keep busy. */
  public static double busyShare(Pool pool, int calls) {
    List<Integer> numbers = numbers(calls);
    long start = System.nanoTime();
    pool.map(Work::busyMillisecond, numbers, 1);
    return 100 * perSecond(calls, start) / 1000 / pool.processes();
  }

  public static double perSecond(int calls, long startNanos) {
    return calls / ((System.nanoTime() - startNanos) / 1e9);
  }

  public static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }
}
