package dev.warren.wire.child;

import dev.warren.task.RemoteFailure;
import org.jspecify.annotations.Nullable;

/**
 * The state of a child when it ran a call. Immutable.
 *
 * @param ageSeconds time since it became ready; -1 if unknown
 * @param callsBefore calls that it had ended before this one; -1 if unknown
 * @param mebibytes its resident memory, with that of its descendants, at the last reading; -1 if
 *     unknown
 */
public record ChildState(long ageSeconds, long callsBefore, long mebibytes) {
  public static final ChildState UNKNOWN = new ChildState(-1, -1, -1);

  private static final long MILLIS = 1000;
  private static final long MEBIBYTE = 1 << 20;

  /** What a failure says of its child. */
  public static ChildState of(RemoteFailure.@Nullable Where where) {
    return where == null
        ? UNKNOWN
        : new ChildState(
            scaled(where.ageMs(), MILLIS),
            scaled(where.callsBefore(), 1),
            scaled(where.memoryBytes(), MEBIBYTE));
  }

  /** Names a process with this state; null if no process is named. */
  public RemoteFailure.@Nullable Where addTo(RemoteFailure.@Nullable Where where) {
    return where == null || equals(UNKNOWN)
        ? where
        : new RemoteFailure.Where(
            where.host(),
            where.pid(),
            where.child(),
            multiple(ageSeconds, MILLIS),
            multiple(callsBefore, 1),
            multiple(mebibytes, MEBIBYTE));
  }

  private static @Nullable Long multiple(long number, long unit) {
    return number < 0 ? null : Long.valueOf(number * unit);
  }

  private static long scaled(@Nullable Long number, long unit) {
    return number == null || number < 0 ? -1 : number / unit;
  }

  /** Its state some calls later, of which nothing else is known. */
  public ChildState after(int calls) {
    return callsBefore < 0 || calls == 0
        ? this
        : new ChildState(ageSeconds, callsBefore + calls, mebibytes);
  }

  /** The same with each number rounded down to a step. */
  ChildState rounded() {
    return new ChildState(
        Steps.age(ageSeconds), Steps.number(callsBefore), Steps.number(mebibytes));
  }
}
