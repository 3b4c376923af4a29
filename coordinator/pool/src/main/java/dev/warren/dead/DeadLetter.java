package dev.warren.dead;

import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.BrokerDeath;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import dev.warren.wire.OutcomeLine;
import dev.warren.wire.TaskCodec;
import dev.warren.wire.TaskMessage;
import dev.warren.wire.WireFormatException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A message of a dead-letter queue and the cause of its end. Reading never fails: anything that a
 * foreign producer left out or wrote differently is unknown. Immutable.
 *
 * @param message the message in the queue
 * @param diedAtMillis wall clock; 0 if neither the worker nor the broker recorded it
 * @param failure written by the worker; null if the broker itself dead-lettered the message
 * @param kind how the call ended: a failure's kind, the broker's reason (such as {@code
 *     delivery_limit}), or {@code unknown}
 * @param function the function in the message; null if there is none
 */
public record DeadLetter(
    Message message,
    long diedAtMillis,
    @Nullable RemoteFailure failure,
    String kind,
    @Nullable String function) {
  public static final String UNKNOWN = "unknown";

  public static DeadLetter of(Message message) {
    Map<String, Object> headers = message.headers();
    RemoteFailure failure = failure(headers.get(Headers.CAUSE));
    BrokerDeath death = BrokerDeath.of(headers);
    String kind = UNKNOWN;
    if (failure != null) {
      kind = failure.kind().wire();
    } else if (death != null && death.reason() != null) {
      kind = death.reason();
    }
    Object function = headers.get(Headers.FUNCTION);
    return new DeadLetter(
        message,
        diedAt(headers.get(Headers.DIED_AT_MS), death),
        failure,
        kind,
        function == null ? null : function.toString());
  }

  private static @Nullable RemoteFailure failure(@Nullable Object cause) {
    if (cause == null) {
      return null;
    }
    try {
      return OutcomeLine.failure(Payload.of(cause.toString()));
    } catch (WireFormatException | NullPointerException e) {
      return null; // not written by Warren: shown like any other header
    }
  }

  private static long diedAt(@Nullable Object header, @Nullable BrokerDeath death) {
    if (header instanceof Number number && number.longValue() > 0) {
      return number.longValue();
    }
    return death == null ? 0 : death.atMillis();
  }

  public String id() {
    return message.id();
  }

  /** The function without its signature; empty if there is none. */
  public String shortFunction() {
    return function == null ? "" : function.replaceFirst("\\(.*", "");
  }

  /** The exception's class, or the kind. */
  public String type() {
    return failure == null || failure.type() == null ? kind : failure.type();
  }

  /** What happened, in one line. */
  public String summary() {
    if (failure != null && failure.message() != null) {
      return failure.message();
    }
    Object unreadable = message.headers().get(Headers.UNREADABLE);
    if (unreadable != null) {
      return "cannot be decoded: " + unreadable;
    }
    BrokerDeath death = BrokerDeath.of(message.headers());
    return death == null
        ? ""
        : "dead-lettered by the broker from " + death.queue() + ": " + death.reason();
  }

  /** The worker's cause, if it is not in Warren's format; otherwise null. */
  public @Nullable String unreadableCause() {
    Object cause = message.headers().get(Headers.CAUSE);
    return failure == null && cause != null ? cause.toString() : null;
  }

  /** Whether this kind, or an exception of this class or a subclass, ended it. */
  public boolean endedBy(String cause) {
    if (cause.toLowerCase(Locale.ROOT).replace('-', '_').equals(kind)) {
      return true;
    }
    return failure != null
        && (named(failure.type(), cause)
            || failure.types().stream().anyMatch(type -> named(type, cause)));
  }

  private static boolean named(@Nullable String type, String wanted) {
    return type != null
        && (type.equals(wanted) || type.substring(type.lastIndexOf('.') + 1).equals(wanted));
  }

  /**
   * Parses the task.
   *
   * @param codec that of {@link DeadQueue#codec}
   * @throws WireFormatException if it is not a task; the message says why
   */
  public TaskMessage task(TaskCodec codec) {
    return codec.read(message);
  }

  /** Attempts/child losses/host losses, as far as known. */
  public String spent() {
    Map<String, Object> headers = message.headers();
    String attempts =
        failure == null ? text(headers, Headers.ATTEMPT, "1") : String.valueOf(failure.attempt());
    return attempts
        + "/"
        + text(headers, Headers.CHILD_LOSSES, "0")
        + "/"
        + text(headers, Headers.HOST_LOSSES, "0");
  }

  private static String text(Map<String, Object> headers, String name, String otherwise) {
    return Objects.toString(headers.get(name), otherwise);
  }
}
