package dev.warren.pool;

import dev.warren.task.RemoteFailure;
import org.jspecify.annotations.Nullable;

/**
 * The hosts that held the call vanished under it, more often than its budget ({@code hostLost})
 * allows, or no trace of it was left on any host.
 */
public final class HostLostException extends TaskFailedException {
  private static final long serialVersionUID = 1L;

  HostLostException(RemoteFailure failure, @Nullable Throwable cause) {
    super(failure, cause);
  }
}
