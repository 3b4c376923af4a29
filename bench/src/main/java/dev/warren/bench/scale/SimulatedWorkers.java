package dev.warren.bench.scale;

import dev.warren.broker.PoolNames;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.wire.control.StateReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Many simulated workers in one process. Arguments: URI, pool, workers, slots of each, microseconds
 * per call, prefetch. Prints {@code ready} when all consume; ends when its standard input does.
 */
public final class SimulatedWorkers {
  /** Interval of a worker's heartbeats, as a real worker's. */
  static final long BEAT_MS = 10_000;

  private static final int WORKERS_PER_CONNECTION = 50;
  private static final long TICK_MS = 10;

  private SimulatedWorkers() {}

  public static void main(String[] args) throws Exception {
    PoolNames names = new PoolNames(args[1]);
    int count = Integer.parseInt(args[2]);
    SimulatedWorker.Settings settings =
        new SimulatedWorker.Settings(
            Integer.parseInt(args[3]), Long.parseLong(args[4]), Integer.parseInt(args[5]));
    List<SimulatedWorker> workers = new ArrayList<>();
    Uplink uplink = Uplink.to(args[0]);
    for (int i = 0; i < count; i++) {
      if (i > 0 && i % WORKERS_PER_CONNECTION == 0) {
        uplink = Uplink.to(args[0]);
      }
      workers.add(new SimulatedWorker(uplink, names, settings, "w-sim" + i));
    }
    for (SimulatedWorker worker : workers) {
      worker.start();
    }
    ScheduledExecutorService clock = NamedThreads.timer("simulator-clock");
    ScheduledExecutorService beats = NamedThreads.timer("simulator-beats");
    CountDownLatch ended = new CountDownLatch(1);
    clock.scheduleWithFixedDelay(
        () -> guarded(() -> tick(workers), ended), 0, TICK_MS, TimeUnit.MILLISECONDS);
    for (int i = 0; i < count; i++) {
      SimulatedWorker worker = workers.get(i);
      beats.scheduleAtFixedRate(
          () -> guarded(worker::beat, ended), i * BEAT_MS / count, BEAT_MS, TimeUnit.MILLISECONDS);
    }
    for (int i = 0; i < count; i++) {
      SimulatedWorker worker = workers.get(i);
      beats.scheduleAtFixedRate(
          () -> guarded(worker::reportIfWatched, ended),
          i * StateReport.WATCHED_MS / count,
          StateReport.WATCHED_MS,
          TimeUnit.MILLISECONDS);
    }
    NamedThreads.start("simulator-input", () -> guarded(() -> awaitEnd(ended), ended));
    System.out.println("ready");
    ended.await();
    System.exit(0);
  }

  private interface Action {
    void run() throws IOException;
  }

  private static void guarded(Action action, CountDownLatch ended) {
    try {
      action.run();
    } catch (IOException | RuntimeException e) {
      System.err.println("simulator: " + e);
      ended.countDown();
    }
  }

  private static void tick(List<SimulatedWorker> workers) throws IOException {
    long now = System.nanoTime();
    for (SimulatedWorker worker : workers) {
      worker.tick(now);
    }
  }

  private static void awaitEnd(CountDownLatch ended) throws IOException {
    while (System.in.read() >= 0) {
      // it is told nothing
    }
    ended.countDown();
  }
}
