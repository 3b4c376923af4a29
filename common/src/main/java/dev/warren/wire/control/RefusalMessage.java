package dev.warren.wire.control;

import dev.warren.json.Json;
import dev.warren.wire.FunctionRef;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import dev.warren.wire.WireFormatException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

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
    return new Message(
        supervisor + ".f" + sequence,
        TYPE,
        null,
        null,
        4,
        Map.of(Headers.WARREN_VERSION, Headers.VERSION),
        Json.write(this));
  }

  /**
   * Parses a control message of this type.
   *
   * @throws WireFormatException if its version or its body is wrong
   */
  public static RefusalMessage of(Message message) {
    new Headers(message.headers()).checkVersion();
    ControlLimits.checkBody(message);
    try {
      RefusalMessage refusal = Json.read(message.body(), RefusalMessage.class);
      if (refusal == null || refusal.function() == null || refusal.says() == null) {
        throw new WireFormatException("refusal: function or says is missing");
      }
      ControlLimits.name("supervisor", refusal.supervisor());
      ControlLimits.number("length of function", refusal.function().length(), 1, FUNCTION);
      String reason = refusal.reason();
      ControlLimits.number("length of reason", reason == null ? 0 : reason.length(), 0, REASON);
      return refusal;
    } catch (JacksonException e) {
      throw new WireFormatException("refusal: " + e.getMessage(), e);
    }
  }

  /** The name that workers use for the function of a task. */
  public static String nameOf(FunctionRef function) {
    return function.digest() == null ? function.toString() : function + "#" + function.digest();
  }
}
