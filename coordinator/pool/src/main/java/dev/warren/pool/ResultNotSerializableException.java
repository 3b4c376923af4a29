package dev.warren.pool;

import dev.warren.task.RemoteFailure;
import org.jspecify.annotations.Nullable;

/**
 * The call ran, but its result could not be written as JSON, exceeded the size limit, or could not
 * be read as the result type here.
 */
public final class ResultNotSerializableException extends TaskFailedException {
  private static final long serialVersionUID = 1L;

  ResultNotSerializableException(RemoteFailure failure, @Nullable Throwable cause) {
    super(failure, cause);
  }
}
