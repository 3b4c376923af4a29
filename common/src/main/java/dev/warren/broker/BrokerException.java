package dev.warren.broker;

/**
 * The broker is unreachable, refuses an operation, or was closed. The message says which, where,
 * and what to do.
 */
public final class BrokerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The kinds that callers handle differently. */
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

  public BrokerException(String message, Throwable cause, boolean refusal) {
    super(message, cause);
    this.kind = refusal ? Kind.REFUSAL : Kind.OTHER;
  }

  private BrokerException(String message, Kind kind) {
    super(message);
    this.kind = kind;
  }

  /**
   * Whether the broker answered and refused the login (password, vhost, TLS), so that retrying is
   * useless until the configuration changes.
   */
  public boolean isRefusal() {
    return kind == Kind.REFUSAL;
  }

  /** Whether this message can never be sent: it is too large, or AMQP cannot carry it. */
  public boolean isUnsendable() {
    return kind == Kind.UNSENDABLE;
  }

  /** Whether this side of the connection was closed, so that no further operation is possible. */
  public boolean isClosed() {
    return kind == Kind.CLOSED;
  }

  /** Creates an exception with {@link #isUnsendable()}. */
  public static BrokerException unsendable(String message) {
    return new BrokerException(message, Kind.UNSENDABLE);
  }

  /** Creates an exception with {@link #isRefusal()}. */
  public static BrokerException refusal(String message) {
    return new BrokerException(message, Kind.REFUSAL);
  }

  /** One of which {@link #isClosed()} holds. */
  public static BrokerException closed(String message) {
    return new BrokerException(message, Kind.CLOSED);
  }

  public static BrokerException tooLarge(long size, long limit) {
    return unsendable(
        "message body has " + size + " bytes; the broker accepts at most " + limit + " bytes");
  }
}
