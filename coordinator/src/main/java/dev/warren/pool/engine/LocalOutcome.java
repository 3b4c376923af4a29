package dev.warren.pool.engine;

import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.OutcomeLine;

/** Outcomes that the owner decides on by itself, in the same form as those of workers. */
public final class LocalOutcome {
  /** Its owner cancelled it. */
  public static final Payload CANCELLED = line(FailureKind.CANCELLED, "cancelled");

  static final Payload TERMINATED =
      line(FailureKind.POOL_TERMINATED, "the pool was terminated before the call had ended");

  static final Payload CLOSED =
      line(
          FailureKind.POOL_TERMINATED,
          "the pool was closed before the input was read to its end; take all results first");

  static final Payload EXPIRED =
      line(FailureKind.EXPIRED, "expired before a worker had taken the call");

  static final Payload LOST =
      line(
          FailureKind.HOST_LOST,
          "no worker holds the call any more and it is in no queue: its queue was deleted, or its"
              + " host was lost together with the broker's copy");

  private LocalOutcome() {}

  /** A failure of this kind without an exception behind it. */
  public static Payload line(FailureKind kind, String message) {
    return OutcomeLine.of(RemoteFailure.of(kind, message, 1));
  }
}
