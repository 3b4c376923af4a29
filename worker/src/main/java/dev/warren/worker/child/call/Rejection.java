package dev.warren.worker.child.call;

/**
 * A call that must not or cannot be run; the message states why and, if there is one, the remedy.
 */
public final class Rejection extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public Rejection(String message) {
    super(message, null, false, false);
  }

  public Rejection(String message, Throwable cause) {
    super(message, cause, false, false);
  }
}
