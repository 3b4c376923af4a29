package dev.warren.broker;

/** The broker is away, refuses, or was closed; the message says which, where, and what to do. */
public final class BrokerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BrokerException(String message) {
    super(message);
  }

  public BrokerException(String message, Throwable cause) {
    super(message, cause);
  }

  static BrokerException tooLarge(long size, long limit) {
    return new BrokerException(
        "message body has " + size + " bytes; the broker takes at most " + limit + " bytes");
  }
}
