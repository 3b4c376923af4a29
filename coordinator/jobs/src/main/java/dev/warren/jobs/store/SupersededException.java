package dev.warren.jobs.store;

/** Another coordinator has taken the job over; nothing was written. */
public final class SupersededException extends Exception {
  private static final long serialVersionUID = 1;

  public SupersededException(String message) {
    super(message);
  }
}
