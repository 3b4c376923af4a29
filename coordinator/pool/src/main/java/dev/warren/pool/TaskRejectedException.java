package dev.warren.pool;

import dev.warren.task.RemoteFailure;
import org.jspecify.annotations.Nullable;

/**
 * The call did not run: its function was not found or is not allowed there, or its arguments could
 * not be written, could not be converted, or exceeded the size limit.
 */
public final class TaskRejectedException extends TaskFailedException {
  private static final long serialVersionUID = 1L;

  TaskRejectedException(RemoteFailure failure, @Nullable Throwable cause) {
    super(failure, cause);
  }
}
