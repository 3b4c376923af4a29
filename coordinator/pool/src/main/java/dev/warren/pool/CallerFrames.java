package dev.warren.pool;

import java.util.Arrays;

/**
 * The stack trace that the failure of a call shows: the user's own frames, below the one method of
 * Warren that they called. Stateless.
 */
final class CallerFrames {
  private static final String OWN = CallerFrames.class.getPackageName() + ".";

  private CallerFrames() {}

  /** Gives a failure the frames of {@code site}; others than Warren's own are left alone. */
  static Throwable put(Throwable failure, Throwable site) {
    if (failure instanceof TaskFailedException) {
      failure.setStackTrace(of(site.getStackTrace()));
    }
    return failure;
  }

  /** The frames from Warren's outermost one on; all of them if there is no other code. */
  static StackTraceElement[] of(StackTraceElement[] trace) {
    int user = 0;
    while (user < trace.length && trace[user].getClassName().startsWith(OWN)) {
      user++;
    }
    return user == trace.length || user == 0
        ? trace
        : Arrays.copyOfRange(trace, user - 1, trace.length);
  }
}
