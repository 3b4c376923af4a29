package dev.warren.pool;

import dev.warren.task.RemoteFailure;

/**
 * Stands for an exception of another process: it holds that exception's class name, message and
 * stack as text. It is the cause of a {@link TaskFailedException} where the exception's own class
 * is not known here or cannot be rebuilt, and the cause of the rebuilt exception where it can.
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

  /** Class name of the exception there. */
  public String remoteType() {
    return remoteType;
  }
}
