package dev.warren.pool;

import dev.warren.task.RemoteFailure;

/**
 * Represents an exception of another process by its class name, message and stack as text. It is
 * the cause of a {@link TaskFailedException} if the exception's own class does not exist here or
 * cannot be rebuilt, otherwise the cause of the rebuilt exception.
 */
public final class RemoteException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String remoteType;

  RemoteException(RemoteFailure failure) {
    super(text(failure), null, false, false);
    this.remoteType = failure.type();
  }

  private static String text(RemoteFailure failure) {
    String head = failure.where() == null ? "in a child" : "in " + failure.where();
    String what = failure.message() == null ? "" : ": " + failure.message();
    return head
        + ", attempt "
        + failure.attempt()
        + "\n"
        + (failure.stack() == null ? failure.type() + what : failure.stack().stripTrailing());
  }

  /** Class name of the original exception. */
  public String remoteType() {
    return remoteType;
  }
}
