package dev.warren.worker.supervise.calls;

import dev.warren.task.RemoteFailure;
import dev.warren.wire.child.ChildState;

/**
 * How consecutive calls ran. Immutable.
 *
 * @param busyMicros total time that a child spent in them
 * @param child the state of the child at the first of them
 */
public record CallRun(long busyMicros, ChildState child) {
  /** Calls that no child ran, as far as is known. */
  public static final CallRun NONE = new CallRun(0, ChildState.UNKNOWN);

  /** The run of a failed call, as far as its failure tells. */
  public static CallRun of(RemoteFailure failure) {
    return new CallRun(0, ChildState.of(failure.where()));
  }

  /** The run of one of {@code count} calls. */
  public CallRun one(int position, int count) {
    return new CallRun(busyMicros / count, child.after(position));
  }

  /** The same run without its time, which has been counted. */
  public CallRun timeless() {
    return new CallRun(0, child);
  }
}
