package dev.warren.pool;

import dev.warren.task.RemoteFailure;
import org.jspecify.annotations.Nullable;

/**
 * No child could be initialized for the pool: its initializer failed in each of a limited number of
 * attempts. The cause is that of the last attempt.
 */
public final class InitializerFailedException extends TaskFailedException {
  private static final long serialVersionUID = 1L;

  InitializerFailedException(RemoteFailure failure, @Nullable Throwable cause) {
    super(failure, cause);
  }
}
