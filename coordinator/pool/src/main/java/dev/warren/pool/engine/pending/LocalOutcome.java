package dev.warren.pool.engine.pending;

import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.BrokerDeath;
import dev.warren.wire.ExceptionText;
import dev.warren.wire.OutcomeLine;

/** Outcomes that the owner itself decides, in the same form as those of workers. */
public final class LocalOutcome {
  /** Cancelled by its owner. */
  public static final Payload CANCELLED = line(FailureKind.CANCELLED, "cancelled");

  public static final Payload TERMINATED =
      line(FailureKind.POOL_TERMINATED, "the pool was terminated before the call had ended");

  public static final Payload CLOSED =
      line(
          FailureKind.POOL_TERMINATED,
          "the pool was closed before the input was read to its end; consume all results first");

  public static final Payload EXPIRED =
      line(FailureKind.EXPIRED, "expired before a worker had received the call");

  public static final Payload LOST =
      line(
          FailureKind.HOST_LOST,
          "no worker holds the call any more and it is in no queue: its queue was deleted, or its"
              + " host was lost together with the broker's copy");

  /**
   * There was no memory for the outcome. Created in advance, because there would be none for this
   * either.
   */
  public static final Payload NO_ROOM =
      line(
          FailureKind.RESULT_NOT_SERIALIZABLE,
          "the outcome arrived, but there was no memory for it: the heap of this process is full. Consume"
              + " results as they arrive (imap), return less from each call, or raise -Xmx");

  /** A call could not be sent, usually for want of memory; created in advance. */
  public static final Payload NOT_SENT =
      line(
          FailureKind.REJECTED,
          "the call could not be sent, usually because the heap of this process is full; see its log. Raise"
              + " -Xmx, or have fewer calls open at once");

  public static final Payload NO_PLACE =
      line(
          FailureKind.RESULT_NOT_SERIALIZABLE,
          "the result arrived, but there was no space for it: too many results wait to be consumed, and"
              + " they cannot be written to the temporary folder (java.io.tmpdir), see the log");

  public static final Payload NOT_TAKEN =
      line(
          FailureKind.RESULT_NOT_SERIALIZABLE,
          "the outcome arrived, but could not be delivered; see the log of this process");

  public static final Payload RELEASED =
      line(FailureKind.POOL_TERMINATED, "the pool was released before a worker had answered");

  private LocalOutcome() {}

  /** The call is lost, and before that this process was stopped for {@code seconds}. */
  public static Payload lostAfterStandstill(long seconds) {
    return line(
        FailureKind.HOST_LOST,
        "this process was stopped for "
            + seconds
            + " s, longer than its results queue lives without it: the workers assumed that it was gone and"
            + " dropped the call, or its outcome was deleted with the queue");
  }

  /** The broker itself has dead-lettered the call. */
  public static Payload deadLettered(BrokerDeath death, String deadQueue) {
    boolean expired = "expired".equals(death.reason());
    String why =
        expired
            ? "a policy sets message-ttl there ('warren doctor --management' names it)"
            : "see 'warren dead show'";
    return line(
        expired ? FailureKind.EXPIRED : FailureKind.HOST_LOST,
        "the broker has moved the call from "
            + death.queue()
            + " to "
            + deadQueue
            + " ("
            + death.reason()
            + "): "
            + why);
  }

  /**
   * Copies the outcome, so that one result does not retain the whole message it arrived in; returns
   * a failure that says so if there is no memory.
   */
  public static Payload ownBytes(Payload line) {
    try {
      return Payload.of(line.toBytes());
    } catch (OutOfMemoryError e) {
      return NO_ROOM;
    }
  }

  /** The call's arguments cannot be written, for this reason. */
  public static Payload refused(Throwable why) {
    return line(FailureKind.REJECTED, String.valueOf(ExceptionText.message(why)));
  }

  /** A failure of this kind without an exception. */
  public static Payload line(FailureKind kind, String message) {
    return OutcomeLine.of(RemoteFailure.of(kind, message, 1));
  }
}
