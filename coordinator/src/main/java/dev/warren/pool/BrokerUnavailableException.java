package dev.warren.pool;

import dev.warren.task.RemoteFailure;
import org.jspecify.annotations.Nullable;

/**
 * The broker was unreachable for longer than {@link Pool.Builder#brokerTimeout} while the call had
 * not ended. Whether it was run is unknown. The pool stays open and goes on trying to reconnect.
 */
public final class BrokerUnavailableException extends TaskFailedException {
  private static final long serialVersionUID = 1L;

  BrokerUnavailableException(RemoteFailure failure, @Nullable Throwable cause) {
    super(failure, cause);
  }
}
