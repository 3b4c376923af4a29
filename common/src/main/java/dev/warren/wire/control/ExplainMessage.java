package dev.warren.wire.control;

import dev.warren.json.Json;
import dev.warren.wire.Message;
import dev.warren.wire.WireFormatException;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  private record Body(@Nullable String job, @Nullable List<Long> calls, @Nullable String message) {
    private void check() {
      int count = calls == null ? 0 : List.copyOf(calls).size(); // no nulls
      ControlLimits.number("number of calls", count, 0, CALLS);
      if (job == null ? message == null : count == 0) {
        throw new WireFormatException("explain message: names no call");
      }
      ControlLimits.number("length of job", job == null ? 0 : job.length(), 0, JOB);
      ControlLimits.optional("message", message);
    }
  }

  public ExplainMessage {
    calls = List.copyOf(calls);
  }

  public Message toMessage() {
    return ControlBody.message(id, TYPE, replyTo, Json.write(new Body(job, calls, message)));
  }

  /**
   * Parses a control message.
   *
   * @throws WireFormatException if it is not of this type
   */
  public static ExplainMessage of(Message message) {
    Body body = ControlBody.read(message, "explain message", Body.class, Body::check);
    String replyTo = ControlLimits.name("reply_to", message.replyTo());
    List<Long> calls = body.calls == null ? List.of() : body.calls;
    return new ExplainMessage(message.id(), replyTo, body.job, calls, body.message);
  }
}
