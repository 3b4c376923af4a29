package dev.warren.worker.config;

/** The worker cannot run at all; the message states why. */
public final class WorkerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public WorkerException(String message, Throwable cause) {
    super(message, cause);
  }
}
