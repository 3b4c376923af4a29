package dev.warren.junit;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Injects faults into the pool of a test. Injected as a parameter next to {@link WarrenPool}. Each
 * method has taken effect when it returns. For the test's thread only.
 */
public final class PoolFaults {
  private static final Duration WAIT = Duration.ofSeconds(30);

  private final RunningCalls running;
  private final boolean threads;
  private final @Nullable BrokerLine line;

  PoolFaults(RunningCalls running, boolean threads, @Nullable BrokerLine line) {
    this.running = running;
    this.threads = threads;
    this.line = line;
  }

  /**
   * Kills a child in the middle of a call, with SIGKILL. Waits up to 30 s for a call that has been
   * running for some milliseconds. The call runs again in another child, up to three times; then it
   * fails with {@code ChildLostException}.
   *
   * @return the process id of the killed child
   * @throws AssertionError if no call ran within 30 s
   * @throws IllegalStateException if children are threads
   */
  public long killRunningChild() throws InterruptedException {
    long pid = runningChild("killed");
    ProcessHandle.of(pid)
        .ifPresent(
            child -> {
              child.destroyForcibly();
              child.onExit().join();
            });
    return pid;
  }

  /**
   * Makes a call slow: stops its child (SIGSTOP) for this time, then lets it continue. Waits for a
   * call like {@link #killRunningChild}, and blocks for {@code time}. The call's time limit runs
   * meanwhile.
   *
   * @return the process id of the child
   * @throws AssertionError if no call ran within 30 s
   * @throws IllegalStateException if children are threads
   */
  public long slowRunningCall(Duration time) throws InterruptedException {
    long pid = runningChild("stopped");
    signal("STOP", pid);
    try {
      TimeUnit.NANOSECONDS.sleep(time.toNanos());
    } finally {
      signal("CONT", pid);
    }
    return pid;
  }

  /**
   * Takes the broker away: all connections of pool and worker break, and new ones are refused,
   * until {@link #restoreBroker}.
   *
   * @throws IllegalStateException if the pool has no broker
   */
  public void loseBroker() {
    line().lose();
  }

  /**
   * Makes the broker reachable again; also done after the test.
   *
   * @throws IllegalStateException if the pool has no broker
   */
  public void restoreBroker() {
    line().restore();
  }

  private BrokerLine line() {
    if (line == null) {
      throw new IllegalStateException(
          "this pool is local: and has no broker to lose; use"
              + " @WarrenPool(broker = WarrenPool.Broker.RABBITMQ)");
    }
    return line;
  }

  private long runningChild(String how) throws InterruptedException {
    if (threads) {
      throw new IllegalStateException(
          "children are threads of this JVM and cannot be "
              + how
              + "; use @WarrenPool(children = WarrenPool.Children.PROCESSES)");
    }
    return running.await(WAIT);
  }

  private static void signal(String name, long pid) throws InterruptedException {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
    } catch (IOException e) {
      throw new IllegalStateException("the program kill is missing: " + e.getMessage(), e);
    }
  }
}
