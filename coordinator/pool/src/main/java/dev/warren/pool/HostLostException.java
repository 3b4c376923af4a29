package dev.warren.pool;

import dev.warren.task.RemoteFailure;
import org.jspecify.annotations.Nullable;

/**
 * The hosts that held the call were lost, more often than its budget ({@code hostLost}) allows, or
 * no worker and no queue has the call any more.
 */
public final class HostLostException extends TaskFailedException {
  private static final long serialVersionUID = 1L;

  HostLostException(RemoteFailure failure, @Nullable Throwable cause) {
    super(failure, cause);
  }
}
