package dev.warren.wire;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * What workers of a pool tell one another, on its control exchange, of a function that one of them
 * cannot run: another may have it. Immutable.
 *
 * @param supervisor who says it
 * @param sequence counts up from 1, in the sender's life
 * @param function the function, with the digest of its class where the caller has named one
 * @param says what it says
 * @param reason why it cannot run the function; null where it may be able to
 */
public record RefusalMessage(
    String supervisor, long sequence, String function, Says says, @Nullable String reason) {
  public static final String TYPE = "warren.refusal";

  /** Characters of a reason. */
  public static final int REASON = 1000;

  private static final int FUNCTION = 9000;

  /** What a worker says of a function. */
  public enum Says {
    /** It cannot run it; whether others can? */
    ASKS,
    /** It has not refused it yet. */
    MAY,
    /** It has refused it, too. */
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
   * Reads a control message of this type.
   *
   * @throws WireFormatException where its version or its body is wrong
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

  /** The function of a task, as workers name it to one another. */
  public static String nameOf(FunctionRef function) {
    return function.digest() == null ? function.toString() : function + "#" + function.digest();
  }
}
