package dev.warren.bench;

import dev.warren.pool.AsyncResult;
import dev.warren.pool.Pool;
import java.util.ArrayList;
import java.util.List;

/**
 * A program: what a million pending calls weigh in the heap, their results included, which the
 * caller keeps. The pool is on a broker and has no worker, so that none of them ends.
 */
public final class PendingHeap {
  private PendingHeap() {}

  public static void main(String[] args) {
    int calls = Integer.parseInt(System.getenv("BENCH_CALLS"));
    try (Pool pool = Pool.open(System.getenv("BENCH_BROKER") + "?pool=bench-pending")) {
      // classes, pools and buffers of the first calls are not the calls' own weight
      List<AsyncResult<Integer>> first = give(pool, 10_000);
      long before = used();
      List<AsyncResult<Integer>> results = give(pool, calls);
      Work.idle(3000); // what is not yet confirmed is still held for sending again
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
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }
}
