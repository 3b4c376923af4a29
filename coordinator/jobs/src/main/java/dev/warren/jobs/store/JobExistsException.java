package dev.warren.jobs.store;

import org.jspecify.annotations.Nullable;

/** The pool already has a job of this name. */
public final class JobExistsException extends StoreException {
  private static final long serialVersionUID = 1;

  public JobExistsException(String message) {
    this(message, null);
  }

  public JobExistsException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
