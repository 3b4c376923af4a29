package dev.warren.pool;

import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import org.jspecify.annotations.Nullable;

/**
 * The broker was unreachable for longer than {@link Pool.Builder#brokerTimeout} before the call had
 * ended. Whether the call ran is unknown. The pool stays open and keeps trying to reconnect. Thrown
 * by {@link Pool.Builder#open}, it means that the broker could not be reached or refused the login.
 */
public final class BrokerUnavailableException extends TaskFailedException {
  private static final long serialVersionUID = 1L;

  BrokerUnavailableException(RemoteFailure failure, @Nullable Throwable cause) {
    super(failure, cause);
  }

  /** The broker could not be reached, or refused. */
  static BrokerUnavailableException whenOpened(RuntimeException refusal) {
    String why = String.valueOf(refusal.getMessage());
    return new BrokerUnavailableException(
        RemoteFailure.of(FailureKind.BROKER_UNAVAILABLE, why, 1), refusal);
  }
}
