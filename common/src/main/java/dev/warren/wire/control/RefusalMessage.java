package dev.warren.wire.control;

import dev.warren.json.Json;
import dev.warren.wire.FunctionRef;
import dev.warren.wire.Message;
import dev.warren.wire.WireFormatException;
import org.jspecify.annotations.Nullable;

/**
 * What the workers of a pool tell one another, on its control exchange, about a function that one
 * of them cannot run: another worker may be able to. Immutable.
 *
 * @param supervisor the sender
 * @param sequence counts up from 1 during the sender's lifetime
 * @param function the function, with the digest of its class if the caller gave one
 * @param says the statement
 * @param reason why the sender cannot run the function; null if it may be able to
 */
public record RefusalMessage(
    String supervisor, long sequence, String function, Says says, @Nullable String reason) {
  public static final String TYPE = "warren.refusal";

  /** Maximum characters of a reason. */
  public static final int REASON = 1000;

  private static final int FUNCTION = 9000;

  /** What a worker states about a function. */
  public enum Says {
    /** The sender cannot run it and asks whether others can. */
    ASKS,
    /** The sender has not refused it so far. */
    MAY,
    /** The sender has refused it, too. */
    REFUSES
  }

  public Message toMessage() {
    return toMessage(null);
  }

  /** Returns the message with the sender's queue for answers. */
  public Message toMessage(@Nullable String replyTo) {
    return ControlBody.message(supervisor + ".f" + sequence, TYPE, replyTo, Json.write(this));
  }

  /**
   * Parses a control message of this type.
   *
   * @throws WireFormatException if its version or its body is wrong
   */
  public static RefusalMessage of(Message message) {
    return ControlBody.read(message, "refusal", RefusalMessage.class, RefusalMessage::check);
  }

  @SuppressWarnings({"ConstantValue", "RedundantNullCheck"}) // JSON may lack anything
  private void check() {
    if (function == null || says == null) {
      throw new WireFormatException("refusal: function or says is missing");
    }
    ControlLimits.name("supervisor", supervisor);
    ControlLimits.number("length of function", function.length(), 1, FUNCTION);
    ControlLimits.number("length of reason", reason == null ? 0 : reason.length(), 0, REASON);
  }

  /** The name that workers use for the function of a task. */
  public static String nameOf(FunctionRef function) {
    return function.digest() == null ? function.toString() : function + "#" + function.digest();
  }
}
