package dev.warren.worker;

/**
 * What probes ask about a worker. Immutable.
 *
 * @param live whether its loop has turned lately
 * @param ready whether it runs calls that arrive: it is not draining, the broker is connected and a
 *     child is ready for calls
 * @param broker whether the broker is connected
 * @param children whether a child is ready for calls, or for its first task's settings
 */
public record WorkerHealth(boolean live, boolean ready, boolean broker, boolean children) {
  /** A worker that waits for its broker before it starts. */
  public static final WorkerHealth STARTING = new WorkerHealth(true, false, false, false);
}
