package dev.warren.pool.engine.pending;

import dev.warren.wire.child.ChildStates;

/**
 * Where consecutive calls ran, and how long. Immutable.
 *
 * @param microsPerCall mean time, in microseconds, that a child was busy with one of the calls
 * @param worker id of the worker; empty if none is known
 * @param children the children that ran them, as far as the worker tells
 */
public record RanBy(double microsPerCall, String worker, ChildStates children) {
  public static final RanBy NOBODY = new RanBy(0, "", ChildStates.UNKNOWN);

  /** The same for the calls at positions {@code from} to {@code to} (exclusive). */
  public RanBy slice(int from, int to) {
    return children.isUnknown() ? this : new RanBy(microsPerCall, worker, children.slice(from, to));
  }
}
