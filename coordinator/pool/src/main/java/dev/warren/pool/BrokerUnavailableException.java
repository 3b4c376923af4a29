package dev.warren.pool;

import dev.warren.task.RemoteFailure;
import org.jspecify.annotations.Nullable;

/**
 * The broker was unreachable for longer than {@link Pool.Builder#brokerTimeout} before the call had
 * ended. Whether the call ran is unknown. The pool stays open and keeps trying to reconnect.
 */
public final class BrokerUnavailableException extends TaskFailedException {
  private static final long serialVersionUID = 1L;

  BrokerUnavailableException(RemoteFailure failure, @Nullable Throwable cause) {
    super(failure, cause);
  }
}
