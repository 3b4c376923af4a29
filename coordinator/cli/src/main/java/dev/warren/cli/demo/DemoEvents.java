package dev.warren.cli.demo;

import dev.warren.pool.PoolListener;
import dev.warren.task.RemoteFailure;
import java.io.PrintStream;

/**
 * Counts the events of the demo's children, and kills one of them on purpose. Thread-safe: events
 * arrive on a thread of the pool, queries on the main thread.
 */
final class DemoEvents implements PoolListener {
  private final PrintStream out;
  private boolean toKill;
  private boolean halfWay;
  private boolean killed;
  private long victim;
  private int started;
  private int recycled;
  private int lost;

  /**
   * Creates the listener.
   *
   * @param toKill whether to kill the first child that is seen working once half of the work is
   *     done
   */
  DemoEvents(PrintStream out, boolean toKill) {
    this.out = out;
    this.toKill = toKill;
  }

  /** Called when half of the work is done. */
  synchronized void halfWay() {
    halfWay = true;
  }

  /** Whether a child has been killed on purpose. */
  synchronized boolean killed() {
    return killed;
  }

  /** Kills the child with SIGKILL. */
  synchronized void kill(ProcessHandle child) {
    victim = child.pid();
    killed = child.destroyForcibly();
    if (killed) {
      out.println("killed child process " + victim + " during its work (SIGKILL)");
    }
  }

  /** One line about the children. */
  synchronized String children() {
    return "children: "
        + started
        + " started, "
        + recycled
        + " recycled, "
        + (killed ? "1 killed on purpose, " : "")
        + (killed ? lost - 1 : lost)
        + " lost otherwise";
  }

  @Override
  public synchronized void childStarted(String child, long pid) {
    started++;
  }

  @Override
  public synchronized void childRecycled(String child, long pid, String reason) {
    recycled++;
  }

  @Override
  public synchronized void childLost(String child, long pid, RemoteFailure evidence) {
    lost++;
    if (pid == victim) {
      out.println("  the pool reports: " + evidence.message());
    }
  }

  @Override
  public synchronized void callRunning(String child, long pid, String job, long call) {
    if (halfWay && toKill) {
      toKill = false;
      ProcessHandle.of(pid).ifPresent(this::kill);
    }
  }

  @Override
  public synchronized void workerJoined(String worker, String host, int slots) {
    out.println("worker " + worker + " on " + host + ": " + slots + " slots");
  }

  @Override
  public synchronized void workerLeft(String worker, String host, boolean expected) {
    out.println("worker " + worker + " on " + host + (expected ? " left" : " was lost"));
  }
}
