package dev.warren.pool;

import dev.warren.task.RemoteFailure;
import org.jspecify.annotations.Nullable;

/** The pool was terminated, or its broker connection closed, before the call had ended. */
public final class PoolTerminatedException extends TaskFailedException {
  private static final long serialVersionUID = 1L;

  PoolTerminatedException(RemoteFailure failure, @Nullable Throwable cause) {
    super(failure, cause);
  }
}
