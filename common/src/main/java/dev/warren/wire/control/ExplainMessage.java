package dev.warren.wire.control;

import dev.warren.json.Json;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import dev.warren.wire.WireFormatException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Asks all workers of a pool what they know of a call. Each answers with an {@link ExplainAnswer},
 * also one that knows nothing. Immutable.
 *
 * @param id message id
 * @param replyTo queue for the answers
 * @param job id of the calls' job; null if the call is named by its message
 * @param calls numbers of the call in the job, at most {@link #CALLS}: one per round of a durable
 *     job
 * @param message id of the call's message, or of any part of it; null if the call is named by its
 *     job
 */
public record ExplainMessage(
    String id, String replyTo, @Nullable String job, List<Long> calls, @Nullable String message) {
  public static final String TYPE = "warren.explain";

  /** Maximum number of call numbers. */
  public static final int CALLS = 100;

  /** Maximum characters of a job's id, as in the header of a task. */
  private static final int JOB = 1000;

  private record Body(@Nullable String job, @Nullable List<Long> calls, @Nullable String message) {}

  public ExplainMessage {
    calls = List.copyOf(calls);
  }

  public Message toMessage() {
    return new Message(
        id,
        TYPE,
        replyTo,
        null,
        4,
        Map.of(Headers.WARREN_VERSION, Headers.VERSION),
        Json.write(new Body(job, calls, message)));
  }

  /**
   * Parses a control message.
   *
   * @throws WireFormatException if it is not of this type
   */
  public static ExplainMessage of(Message message) {
    new Headers(message.headers()).checkVersion();
    ControlLimits.checkBody(message);
    try {
      Body body = Json.read(message.body(), Body.class);
      if (body == null) {
        throw new WireFormatException("explain message: the body is null");
      }
      List<Long> calls = body.calls == null ? List.of() : List.copyOf(body.calls);
      ControlLimits.number("number of calls", calls.size(), 0, CALLS);
      if (body.job == null ? body.message == null : calls.isEmpty()) {
        throw new WireFormatException("explain message: names no call");
      }
      ControlLimits.number("length of job", body.job == null ? 0 : body.job.length(), 0, JOB);
      ControlLimits.optional("message", body.message);
      return new ExplainMessage(
          message.id(),
          ControlLimits.name("reply_to", message.replyTo()),
          body.job,
          calls,
          body.message);
    } catch (JacksonException | NullPointerException e) {
      throw new WireFormatException("explain message: " + e.getMessage(), e);
    }
  }
}
