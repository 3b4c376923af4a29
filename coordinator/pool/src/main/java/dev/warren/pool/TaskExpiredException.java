package dev.warren.pool;

import dev.warren.task.RemoteFailure;
import org.jspecify.annotations.Nullable;

/** The call was not started before its expiry ({@code expires}) and never ran. */
public final class TaskExpiredException extends TaskFailedException {
  private static final long serialVersionUID = 1L;

  TaskExpiredException(RemoteFailure failure, @Nullable Throwable cause) {
    super(failure, cause);
  }
}
