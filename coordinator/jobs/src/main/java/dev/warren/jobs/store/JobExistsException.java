package dev.warren.jobs.store;

/** The pool already has a job of this name. */
public final class JobExistsException extends StoreException {
  private static final long serialVersionUID = 1;

  public JobExistsException(String message) {
    super(message, null);
  }
}
