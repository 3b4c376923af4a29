package dev.warren.wire.control;

import dev.warren.json.Json;
import dev.warren.task.Payload;
import dev.warren.wire.Message;
import dev.warren.wire.WireFormatException;
import java.util.List;

/**
 * What one worker knows of a call: the answer to an {@link ExplainMessage}. Immutable.
 *
 * @param supervisor the worker's id
 * @param host its host
 * @param sentAtMillis its clock when it sent this
 * @param tasks the messages in which it has had the call, oldest first; empty if it knows nothing
 */
public record ExplainAnswer(String supervisor, String host, long sentAtMillis, List<Task> tasks) {
  public static final String TYPE = "warren.explained";

  /** Maximum number of messages in an answer; the newest are kept. */
  public static final int TASKS = 16;

  /** Maximum number of events of one message. */
  public static final int EVENTS = 100;

  /** Maximum characters of an event's text. */
  public static final int TEXT = 300;

  public ExplainAnswer {
    tasks = tasks == null ? List.of() : List.copyOf(tasks);
  }

  /**
   * A message with the call.
   *
   * @param message its id
   * @param held whether the worker holds it now
   * @param running whether a child of the worker has the call now
   * @param omitted number of events that were forgotten because there were too many
   */
  public record Task(
      String message, boolean held, boolean running, int omitted, List<Event> events) {
    public Task {
      events = events == null ? List.of() : List.copyOf(events);
    }

    private void check() {
      ControlLimits.name("message", message);
      ControlLimits.number("omitted", omitted, 0, Integer.MAX_VALUE);
      ControlLimits.number("number of events", events.size(), 0, EVENTS);
      events.forEach(Event::check);
    }
  }

  /**
   * Something that happened to the call.
   *
   * @param atMillis by the worker's clock
   * @param event what, such as {@code delivered}
   * @param text details, for people
   */
  public record Event(long atMillis, String event, String text) {
    private void check() {
      ControlLimits.number("atMillis", atMillis, 0, Long.MAX_VALUE);
      ControlLimits.name("event", event);
      ControlLimits.number("length of text", text.length(), 0, TEXT);
    }
  }

  /**
   * Creates the message of this answer; the oldest tasks are left out if it would be too large.
   *
   * @param id unique
   */
  public Message toMessage(String id) {
    Payload body = Json.write(this);
    if (body.length() > ControlLimits.BODY_BYTES && tasks.size() > 1) {
      List<Task> newer = tasks.subList(1, tasks.size());
      return new ExplainAnswer(supervisor, host, sentAtMillis, newer).toMessage(id);
    }
    return ControlBody.message(id, TYPE, null, body);
  }

  /**
   * Parses an answer.
   *
   * @throws WireFormatException if it is not of this type
   */
  public static ExplainAnswer of(Message message) {
    return ControlBody.read(message, "explain answer", ExplainAnswer.class, ExplainAnswer::check);
  }

  private void check() {
    ControlLimits.name("supervisor", supervisor);
    ControlLimits.name("host", host);
    ControlLimits.number("sentAtMillis", sentAtMillis, 0, Long.MAX_VALUE);
    ControlLimits.number("number of tasks", tasks.size(), 0, TASKS);
    tasks.forEach(Task::check);
  }
}
