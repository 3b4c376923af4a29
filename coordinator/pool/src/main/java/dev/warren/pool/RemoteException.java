package dev.warren.pool;

import org.jspecify.annotations.Nullable;

/**
 * Represents an exception of another process whose class does not exist here or that cannot be
 * rebuilt. It has the remote frames and causes. It is the cause of a {@link TaskFailedException} or
 * of another exception of that process.
 */
public final class RemoteException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String remoteType;

  /**
   * Creates an exception.
   *
   * @param message its original message
   * @param remoteText its stack trace as text, if that is not in Java's format; otherwise null
   */
  RemoteException(
      String remoteType,
      @Nullable String message,
      @Nullable String remoteText,
      @Nullable Throwable cause) {
    super(text(remoteType, message, remoteText), cause);
    this.remoteType = remoteType;
  }

  private static String text(
      String remoteType, @Nullable String message, @Nullable String remoteText) {
    String head = remoteType + (message == null ? "" : ": " + message);
    return remoteText == null ? head : head + "\n" + remoteText;
  }

  /** Class name of the original exception. */
  public String remoteType() {
    return remoteType;
  }
}
