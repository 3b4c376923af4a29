package dev.warren.wire.control;

import dev.warren.json.Json;
import dev.warren.task.Payload;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import dev.warren.wire.WireFormatException;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Bodies of control and event messages: JSON of a bounded size. */
final class ControlBody {
  private static final int PRIORITY = 4;

  private ControlBody() {}

  /** A message with this body and no other headers than the version. */
  static Message message(String id, String type, @Nullable String replyTo, Payload body) {
    Map<String, Object> headers = Map.of(Headers.WARREN_VERSION, Headers.VERSION);
    return new Message(id, type, replyTo, null, PRIORITY, headers, body);
  }

  /**
   * Reads a body.
   *
   * @param name of the kind of message, for errors
   * @param check throws a {@link WireFormatException} if a value is wrong
   * @throws WireFormatException if the version, the size or the body is wrong
   */
  static <T> T read(Message message, String name, Class<T> type, Consumer<T> check) {
    new Headers(message.headers()).checkVersion();
    ControlLimits.checkBody(message);
    try {
      T body = Json.read(message.body(), type);
      if (body == null) {
        throw new WireFormatException(name + ": the body is null");
      }
      check.accept(body);
      return body;
    } catch (JacksonException | NullPointerException e) {
      throw new WireFormatException(name + ": " + e.getMessage(), e);
    }
  }
}
