package dev.warren.bench.measure;

import dev.warren.bench.harness.Site;
import dev.warren.bench.harness.Work;
import dev.warren.pool.Pool;
import dev.warren.pool.PoolListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A pool on the site's broker with its own worker processes. */
final class Cluster implements AutoCloseable {
  private final List<WorkerProcess> workers = new ArrayList<>();
  private final Pool pool;

  private Cluster(Pool pool) {
    this.pool = pool;
  }

  /**
   * Starts {@code workers} workers with {@code slotsEach} slots each, and waits until all serve.
   */
  static Cluster start(Site site, int workers, int slotsEach)
      throws IOException, InterruptedException {
    return start(site, site.brokerUri(), site.brokerUri(), workers, slotsEach);
  }

  /** Starts a cluster whose pool and workers reach the broker under different addresses. */
  static Cluster start(
      Site site, String poolBroker, String workerBroker, int workers, int slotsEach)
      throws IOException, InterruptedException {
    String name = "bench-" + UUID.randomUUID().toString().substring(0, 8);
    CountDownLatch joined = new CountDownLatch(workers);
    Pool pool = Pool.builder().uri(poolBroker).name(name).listener(new Joined(joined)).open();
    Cluster cluster = new Cluster(pool);
    try {
      for (int i = 0; i < workers; i++) {
        cluster.workers.add(WorkerProcess.start(site, workerBroker, name, slotsEach));
      }
      if (!joined.await(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("workers did not join within 60 s");
      }
      // long enough that every slot gets some calls
      pool.map(Work::idle, Collections.nCopies(workers * slotsEach * 4, 50), 1);
      return cluster;
    } catch (IOException | InterruptedException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  Pool pool() {
    return pool;
  }

  WorkerProcess firstWorker() {
    return workers.get(0);
  }

  @Override
  public void close() {
    pool.close();
    for (WorkerProcess worker : workers) {
      worker.close();
    }
  }

  private record Joined(CountDownLatch left) implements PoolListener {
    @Override
    public void workerJoined(String worker, String host, int slots) {
      left.countDown();
    }
  }
}
