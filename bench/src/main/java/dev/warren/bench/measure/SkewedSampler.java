package dev.warren.bench.measure;

import dev.warren.bench.harness.Sampler;
import dev.warren.bench.harness.Site;
import dev.warren.bench.harness.Work;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * Mostly short calls and a few long ones, on two workers: the total time compared with an ideal
 * schedule in which each slot takes the next call as soon as it is free.
 */
final class SkewedSampler implements Sampler {
  private static final int LONG_MS = 200;
  private static final int SHORT_MS = 2;
  private static final int ONE_LONG_IN = 100;
  private static final int SLOTS_EACH = 2;
  private static final int WORKERS = 2;

  private final Cluster cluster;
  private final List<Integer> millis;

  private SkewedSampler(Cluster cluster, List<Integer> millis) {
    this.cluster = cluster;
    this.millis = millis;
  }

  public static SkewedSampler open(Site site) throws IOException, InterruptedException {
    List<Integer> millis = new ArrayList<>();
    for (int i = 0; i < site.work(5000); i++) {
      millis.add(i % ONE_LONG_IN == 0 ? LONG_MS : SHORT_MS);
    }
    Collections.shuffle(millis, new Random(1));
    return new SkewedSampler(Cluster.start(site, WORKERS, SLOTS_EACH), millis);
  }

  @Override
  public double sample() {
    long start = System.nanoTime();
    cluster.pool().map(Work::idle, millis);
    double took = (System.nanoTime() - start) / 1e6;
    return took / idealMillis();
  }

  private double idealMillis() {
    PriorityQueue<Long> freeAt = new PriorityQueue<>();
    for (int slot = 0; slot < WORKERS * SLOTS_EACH; slot++) {
      freeAt.add(0L);
    }
    long end = 0;
    for (int call : millis) {
      long done = freeAt.remove() + call;
      end = Math.max(end, done);
      freeAt.add(done);
    }
    return end;
  }

  @Override
  public void close() {
    cluster.close();
  }
}
