package dev.warren.broker;

/** The broker is away, refuses, or was closed; the message says which, where, and what to do. */
public final class BrokerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean refusal;

  public BrokerException(String message) {
    super(message);
    this.refusal = false;
  }

  public BrokerException(String message, Throwable cause) {
    this(message, cause, false);
  }

  BrokerException(String message, Throwable cause, boolean refusal) {
    super(message, cause);
    this.refusal = refusal;
  }

  /**
   * Whether the broker answered and does not let us in (password, vhost, TLS), so that trying again
   * does not help before someone changes something.
   */
  public boolean isRefusal() {
    return refusal;
  }

  static BrokerException tooLarge(long size, long limit) {
    return new BrokerException(
        "message body has " + size + " bytes; the broker takes at most " + limit + " bytes");
  }
}
