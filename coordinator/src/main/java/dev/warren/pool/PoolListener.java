package dev.warren.pool;

import dev.warren.task.RemoteFailure;

/**
 * Hears what happens around a pool. Called on a thread of its own per pool, one event at a time and
 * in their order; what it throws is logged and harms nothing.
 *
 * <p>Events of children are told only by a {@code local:} pool: over a broker the children are the
 * workers', and their logs tell of them.
 */
public interface PoolListener {

  /** A child was started; it is not ready yet. */
  default void childStarted(String child, long pid) {}

  /** A child is initialised and takes calls. */
  default void childReady(String child, long pid) {}

  /** A child is leaving by plan; {@code reason} is what its log line says. */
  default void childRecycled(String child, long pid, String reason) {}

  /** A child died unplanned. */
  default void childLost(String child, long pid, RemoteFailure evidence) {}

  /** A call has been running in a child for a few milliseconds; short calls are not told. */
  default void callRunning(String child, long pid, String job, long call) {}

  /**
   * A call has told how far it is, 0 to 1; see {@link dev.warren.task.TaskContext#progress}. At
   * most ten a second and call are told, and 1 always.
   */
  default void callProgress(String child, long pid, String job, long call, double done) {}

  /** A worker is heard of for the first time; {@code slots} calls run there at once. */
  default void workerJoined(String worker, String host, int slots) {}

  /**
   * A worker is no longer heard of. Silence while the broker does not read what is published says
   * nothing, and is not told.
   *
   * @param expected whether it said that it was leaving
   */
  default void workerLeft(String worker, String host, boolean expected) {}

  /** The connection to the broker was lost; calls go on, and outcomes come once it is back. */
  default void brokerLost(String reason) {}

  /** The connection to the broker is back. */
  default void brokerBack() {}

  /**
   * The broker has stopped reading what is published, because it is short of memory or disk: calls
   * wait in this process, and outcomes in the workers, until {@link #brokerUnblocked} (or {@link
   * #brokerLost}, which ends it, too). No call blocks for it; those whose {@code expires} passes
   * meanwhile end with {@link TaskExpiredException}. A broker tells this only to those who publish.
   *
   * @param reason the broker's own words
   */
  default void brokerBlocked(String reason) {}

  /** The broker reads again. */
  default void brokerUnblocked() {}
}
