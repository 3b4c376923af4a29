package dev.warren.cli.map;

import dev.warren.lifecycle.TimeSource;
import dev.warren.pool.PoolListener;
import dev.warren.task.RemoteFailure;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells the user on stderr what delays a run over a broker, and counts what becomes of children and
 * workers. Thread-safe.
 */
final class PoolNotes implements PoolListener {
  private final PrintStream err;
  private final boolean local;
  private final Map<String, String> hosts = new ConcurrentHashMap<>();
  private final AtomicLong recycled = new AtomicLong();
  private final AtomicLong childrenLost = new AtomicLong();
  private final AtomicLong workersLost = new AtomicLong();
  private final AtomicLong awaySince = new AtomicLong();

  /**
   * Creates notes of a run that has not begun.
   *
   * @param local whether the pool reports its children, otherwise its workers
   */
  PoolNotes(PrintStream err, boolean local) {
    this.err = err;
    this.local = local;
  }

  /** The host of a worker; its id if it has not been heard of, empty in this process. */
  String host(String worker) {
    return local ? "" : hosts.getOrDefault(worker, worker);
  }

  /** What became of children or workers so far. */
  String counts() {
    return local
        ? "children: " + recycled + " recycled, " + childrenLost + " lost"
        : "workers: " + hosts.size() + ", " + workersLost + " lost";
  }

  @Override
  public void childRecycled(String child, long pid, String reason) {
    recycled.incrementAndGet();
  }

  @Override
  public void childLost(String child, long pid, RemoteFailure evidence) {
    childrenLost.incrementAndGet();
  }

  @Override
  public void workerJoined(String worker, String host, int slots) {
    hosts.put(worker, host);
  }

  @Override
  public void workerLeft(String worker, String host, boolean expected) {
    if (!expected) {
      workersLost.incrementAndGet();
      err.println(
          "warren: worker " + worker + " on " + host + " was lost; its calls will run elsewhere");
    }
  }

  /** How long the broker has been away; 0 if it is there. */
  long brokerAwaySeconds() {
    long since = awaySince.get();
    return since == 0 ? 0 : (TimeSource.SYSTEM.nanos() - since) / 1_000_000_000;
  }

  @Override
  public void brokerLost(String reason) {
    awaySince.compareAndSet(0, TimeSource.SYSTEM.nanos());
    err.println("warren: lost the broker (" + reason + "); calls continue once it is back");
  }

  @Override
  public void brokerBack() {
    awaySince.set(0);
    err.println("warren: the broker is back");
  }

  @Override
  public void brokerBlocked(String reason) {
    err.println(
        "warren: the broker accepts no messages now (" + reason + "); calls wait until it does");
  }

  @Override
  public void brokerUnblocked() {
    err.println("warren: the broker accepts messages again");
  }
}
