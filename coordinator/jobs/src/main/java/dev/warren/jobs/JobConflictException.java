package dev.warren.jobs;

/**
 * A job of this name exists and is another one, or is in a state in which it cannot do what was
 * asked; the message names the part that differs.
 */
public final class JobConflictException extends RuntimeException {
  private static final long serialVersionUID = 1;

  JobConflictException(String message) {
    super(message);
  }

  JobConflictException(String message, Throwable cause) {
    super(message, cause);
  }
}
