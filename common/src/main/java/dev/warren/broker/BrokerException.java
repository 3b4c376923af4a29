package dev.warren.broker;

/** The broker is away, refuses, or was closed; the message says which, where, and what to do. */
public final class BrokerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What a caller may want to tell apart. */
  private enum Kind {
    OTHER,
    REFUSAL,
    UNSENDABLE,
    CLOSED
  }

  private final Kind kind;

  public BrokerException(String message) {
    super(message);
    this.kind = Kind.OTHER;
  }

  public BrokerException(String message, Throwable cause) {
    this(message, cause, false);
  }

  BrokerException(String message, Throwable cause, boolean refusal) {
    super(message, cause);
    this.kind = refusal ? Kind.REFUSAL : Kind.OTHER;
  }

  private BrokerException(String message, Kind kind) {
    super(message);
    this.kind = kind;
  }

  /**
   * Whether the broker answered and does not let us in (password, vhost, TLS), so that trying again
   * does not help before someone changes something.
   */
  public boolean isRefusal() {
    return kind == Kind.REFUSAL;
  }

  /** Whether it is the message that cannot be sent: too large, or not what AMQP can carry. */
  public boolean isUnsendable() {
    return kind == Kind.UNSENDABLE;
  }

  /** Whether our own side was closed: nothing can be done through it any more. */
  public boolean isClosed() {
    return kind == Kind.CLOSED;
  }

  /** One of which {@link #isUnsendable()} holds. */
  public static BrokerException unsendable(String message) {
    return new BrokerException(message, Kind.UNSENDABLE);
  }

  /** One of which {@link #isRefusal()} holds. */
  static BrokerException refusal(String message) {
    return new BrokerException(message, Kind.REFUSAL);
  }

  static BrokerException closed(String message) {
    return new BrokerException(message, Kind.CLOSED);
  }

  static BrokerException tooLarge(long size, long limit) {
    return unsendable(
        "message body has " + size + " bytes; the broker takes at most " + limit + " bytes");
  }
}
