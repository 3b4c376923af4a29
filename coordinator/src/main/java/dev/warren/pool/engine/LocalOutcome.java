package dev.warren.pool.engine;

import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.BrokerDeath;
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

  /** There was no memory for the outcome; made beforehand, since there is none for this either. */
  static final Payload NO_ROOM =
      line(
          FailureKind.RESULT_NOT_SERIALIZABLE,
          "the outcome came, but there was no memory for it: the heap of this process is full. Take"
              + " results as they come (imap), return less from each call, or raise -Xmx");

  static final Payload NO_PLACE =
      line(
          FailureKind.RESULT_NOT_SERIALIZABLE,
          "the result came, but there was no place for it: too many results wait to be taken, and"
              + " they cannot be written to the temporary folder (java.io.tmpdir), see the log");

  static final Payload NOT_TAKEN =
      line(
          FailureKind.RESULT_NOT_SERIALIZABLE,
          "the outcome came, but could not be taken in; the log of this process says why");

  static final Payload RELEASED =
      line(FailureKind.POOL_TERMINATED, "the pool was released before a worker had answered");

  private LocalOutcome() {}

  /** No queue and no worker has the call, and this process did nothing for so long before. */
  static Payload lostAfterStandstill(long seconds) {
    return line(
        FailureKind.HOST_LOST,
        "this process stood still for "
            + seconds
            + " s, longer than its results queue is kept without it: the workers took it for gone and"
            + " dropped the call, or its outcome went with the queue");
  }

  /** The broker itself has put the call on the dead queue. */
  static Payload deadLettered(BrokerDeath death, String deadQueue) {
    boolean expired = "expired".equals(death.reason());
    String why =
        expired
            ? "a policy sets message-ttl there ('warren doctor --management' names it)"
            : "'warren dead show' has it";
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
   * The outcome in bytes of its own, so that one result does not keep the whole message it came in;
   * a failure that says so where there is no memory for them.
   */
  public static Payload ownBytes(Payload line) {
    try {
      return Payload.of(line.toBytes());
    } catch (OutOfMemoryError e) {
      return NO_ROOM;
    }
  }

  /** A failure of this kind without an exception behind it. */
  public static Payload line(FailureKind kind, String message) {
    return OutcomeLine.of(RemoteFailure.of(kind, message, 1));
  }
}
