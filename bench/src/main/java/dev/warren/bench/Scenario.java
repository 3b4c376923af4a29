package dev.warren.bench;

import dev.warren.pool.AsyncResult;
import dev.warren.pool.Pool;
import dev.warren.pool.ResultIterator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** What is measured, by its pinned name. One run gives one figure; a bench takes the median. */
enum Scenario {
  MAP_DEFAULT("map.default", "calls/s") {
    @Override
    double run(Pool pool) {
      return rate(1_000_000, n -> pool.map(Work::same, numbers(n)));
    }
  },
  MAP_CHUNK1("map.chunk1", "calls/s") {
    @Override
    double run(Pool pool) {
      return rate(100_000, n -> pool.map(Work::same, numbers(n), 1));
    }
  },
  IMAP_UNORDERED_CHUNK1("imap_unordered.chunk1", "calls/s") {
    @Override
    double run(Pool pool) {
      return rate(
          100_000,
          n -> {
            try (ResultIterator<Integer> results =
                pool.imapUnordered(Work::same, numbers(n).iterator(), 1)) {
              results.forEachRemaining(value -> {});
            }
          });
    }
  },
  APPLY_ASYNC("apply_async", "calls/s") {
    @Override
    double run(Pool pool) {
      return rate(
          100_000,
          n -> {
            List<AsyncResult<Integer>> results = new ArrayList<>(n);
            for (int i = 0; i < n; i++) {
              results.add(pool.applyAsync(Work::same, i));
            }
            results.forEach(Scenario::join);
          });
    }
  },
  APPLY_ROUNDTRIP("apply.roundtrip_p50", "us") {
    @Override
    double run(Pool pool) {
      double[] micros = new double[2000];
      for (int i = 0; i < micros.length; i++) {
        long start = System.nanoTime();
        pool.apply(Work::same, i);
        micros[i] = (System.nanoTime() - start) / 1e3;
      }
      Arrays.sort(micros);
      return micros[micros.length / 2];
    }
  },
  MAP_1MS_CHUNK1("map.1ms.chunk1", "% of the slots busy") {
    @Override
    double run(Pool pool) {
      int calls = 2000;
      double perSecond = rate(calls, n -> pool.map(Work::busyMillisecond, numbers(n), 1));
      return 100 * perSecond / 1000 / pool.processes();
    }
  };

  final String title;
  final String unit;

  Scenario(String title, String unit) {
    this.title = title;
    this.unit = unit;
  }

  /** One measured run on a warm pool. */
  abstract double run(Pool pool);

  private interface Job {
    void run(int calls);
  }

  private static double rate(int calls, Job job) {
    long start = System.nanoTime();
    job.run(calls);
    return calls / ((System.nanoTime() - start) / 1e9);
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  private static void join(AsyncResult<Integer> result) {
    result.toCompletableFuture().join();
  }
}
