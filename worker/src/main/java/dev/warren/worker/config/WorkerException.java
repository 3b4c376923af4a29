package dev.warren.worker.config;

/** The worker cannot do its work at all; the message says why. */
public final class WorkerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public WorkerException(String message, Throwable cause) {
    super(message, cause);
  }
}
