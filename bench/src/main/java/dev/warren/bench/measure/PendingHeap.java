package dev.warren.bench.measure;

import dev.warren.bench.harness.Work;
import dev.warren.pool.AsyncResult;
import dev.warren.pool.Pool;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that prints the heap bytes per pending call, with a million calls, including their
 * results, which the caller keeps. The pool is on a broker and has no worker, so that no call ends.
 */
public final class PendingHeap {
  private PendingHeap() {}

  public static void main(String[] args) {
    int calls = Integer.parseInt(System.getenv("BENCH_CALLS"));
    try (Pool pool = Pool.open(System.getenv("BENCH_BROKER") + "?pool=bench-pending")) {
      // classes, pools and buffers created by the first calls do not count
      List<AsyncResult<Integer>> first = give(pool, 10_000);
      long before = used();
      List<AsyncResult<Integer>> results = give(pool, calls);
      Work.idle(3000); // unconfirmed messages are still kept for retransmission
      long after = used();
      System.out.println((after - before) / (double) calls);
      if (first.get(0).ready() || results.get(0).ready()) {
        throw new IllegalStateException("a call has ended, without a worker");
      }
      pool.terminate();
    }
    System.exit(0);
  }

  private static List<AsyncResult<Integer>> give(Pool pool, int calls) {
    List<AsyncResult<Integer>> results = new ArrayList<>(calls);
    for (int i = 0; i < calls; i++) {
      results.add(pool.applyAsync(Work::same, i));
    }
    return results;
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    long min = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      min = Math.min(min, runtime.totalMemory() - runtime.freeMemory());
    }
    return min;
  }
}
