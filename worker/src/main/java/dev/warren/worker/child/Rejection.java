package dev.warren.worker.child;

/** A call that must not or cannot be run; the message says why and, where there is one, how to. */
final class Rejection extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Rejection(String message) {
    super(message, null, false, false);
  }

  Rejection(String message, Throwable cause) {
    super(message, cause, false, false);
  }
}
