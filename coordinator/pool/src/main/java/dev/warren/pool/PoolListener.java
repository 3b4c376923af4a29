package dev.warren.pool;

import dev.warren.task.RemoteFailure;

/**
 * Receives the events of a pool. Called on a separate thread per pool, one event at a time and in
 * order; exceptions are logged and have no other effect.
 *
 * <p>Only a {@code local:} pool reports events of children: with a broker, children belong to the
 * workers, whose logs show them.
 */
public interface PoolListener {

  /** A child was started; it is not ready yet. */
  default void childStarted(String child, long pid) {}

  /** A child is initialized and accepts calls. */
  default void childReady(String child, long pid) {}

  /** A child is being recycled; {@code reason} is also in its log line. */
  default void childRecycled(String child, long pid, String reason) {}

  /** A child died unexpectedly. */
  default void childLost(String child, long pid, RemoteFailure evidence) {}

  /** A call has been running in a child for a few milliseconds; not called for short calls. */
  default void callRunning(String child, long pid, String job, long call) {}

  /**
   * A call has reported its progress, 0 to 1; see {@link dev.warren.task.TaskContext#progress}. At
   * most ten values per second and call are reported; 1 is always reported.
   */
  default void callProgress(String child, long pid, String job, long call, double done) {}

  /**
   * A child process has printed a line. Unlike the other events, this one is reported on the thread
   * that reads the child's stdout or stderr: while the listener blocks, the child's output waits.
   *
   * @param error whether it was written to stderr
   * @param line the line without its end; lines of more than 8192 characters arrive in several
   * @return whether the listener has taken the line; otherwise it goes to the log {@code
   *     warren.child} or, in a program without a logging library, to this program's stderr
   */
  default boolean childOutput(String child, long pid, boolean error, String line) {
    return false;
  }

  /** A worker was discovered; it can run {@code slots} calls at once. */
  default void workerJoined(String worker, String host, int slots) {}

  /**
   * A worker left or was lost. Silence while the broker does not read from publishers is not
   * reported.
   *
   * @param expected true if it announced its end
   */
  default void workerLeft(String worker, String host, boolean expected) {}

  /** The connection to the broker was lost; calls continue, and outcomes arrive once it is back. */
  default void brokerLost(String reason) {}

  /** The connection to the broker is back. */
  default void brokerBack() {}

  /**
   * The broker has stopped reading from publishers, because it is short of memory or disk space.
   * Calls wait in this process, and outcomes in the workers, until {@link #brokerUnblocked} (or
   * {@link #brokerLost}, which also ends it). No call blocks; calls that expire meanwhile end with
   * {@link TaskExpiredException}. A broker reports this only to connections that publish.
   *
   * @param reason the broker's own text
   */
  default void brokerBlocked(String reason) {}

  /** The broker reads from publishers again. */
  default void brokerUnblocked() {}
}
