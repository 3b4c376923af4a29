package dev.warren.pool;

import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.OutcomeLine;
import dev.warren.wire.WireFormatException;
import java.util.List;

/** Derives what a cancel did from the outcomes of the cancelled calls. Stateless. */
final class CancelEffects {
  /** By increasing strength. */
  private static final List<AsyncResult.CancelEffect> STRENGTH =
      List.of(
          AsyncResult.CancelEffect.NEVER_STARTED,
          AsyncResult.CancelEffect.FINISHED,
          AsyncResult.CancelEffect.UNKNOWN,
          AsyncResult.CancelEffect.STOPPED);

  private CancelEffects() {}

  /** The effect on a call with this outcome. */
  static AsyncResult.CancelEffect of(Payload line) {
    if (OutcomeLine.isValue(line)) {
      return AsyncResult.CancelEffect.FINISHED;
    }
    RemoteFailure failure;
    try {
      failure = OutcomeLine.failure(line);
    } catch (WireFormatException e) {
      return AsyncResult.CancelEffect.UNKNOWN;
    }
    return switch (failure.kind()) {
      case CANCELLED ->
          failure.neverStarted()
              ? AsyncResult.CancelEffect.NEVER_STARTED
              : AsyncResult.CancelEffect.STOPPED;
      case REJECTED, EXPIRED, INITIALIZER_FAILED -> AsyncResult.CancelEffect.NEVER_STARTED;
      case FAILED, RESULT_NOT_SERIALIZABLE -> AsyncResult.CancelEffect.FINISHED;
      case TIME_LIMIT, CHILD_LOST -> AsyncResult.CancelEffect.STOPPED;
      case HOST_LOST, POOL_TERMINATED, BROKER_UNAVAILABLE -> AsyncResult.CancelEffect.UNKNOWN;
    };
  }

  /** The effect on a map is the strongest of the effects on its calls. */
  static AsyncResult.CancelEffect stronger(
      AsyncResult.CancelEffect one, AsyncResult.CancelEffect other) {
    return STRENGTH.indexOf(one) > STRENGTH.indexOf(other) ? one : other;
  }
}
