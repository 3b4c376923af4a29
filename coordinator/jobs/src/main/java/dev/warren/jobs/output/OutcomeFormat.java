package dev.warren.jobs.output;

import dev.warren.json.Json;
import dev.warren.json.LineBuffer;
import dev.warren.pool.JsonOutcomes;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes outcomes as lines of JSON: {@code {"index":0,"value":…}} or {@code
 * {"index":3,"error":{"type":…,"message":…}}}. A failure is written the same wherever the call ran,
 * unless all evidence is requested. Immutable.
 *
 * @param allEvidence whether failures are written with host, process, stack and details
 */
public record OutcomeFormat(boolean allEvidence) {
  /** What every line starts with. */
  public static final String START = "{\"index\":";

  /**
   * Appends the line of an outcome, with its line end.
   *
   * @param index the call's index, which need not be the item's
   * @param input the call's input, to be repeated in the line; null to leave it out
   */
  public void write(long index, @Nullable Payload input, JsonOutcomes.Item item, LineBuffer line) {
    line.writeAscii(START);
    line.writeNumber(index);
    if (input != null) {
      line.writeAscii(",\"input\":");
      line.write(input);
    }
    RemoteFailure failure = item.failure();
    Payload value = item.value();
    if (failure != null) {
      line.writeAscii(",\"error\":");
      line.write(json(failure));
    } else if (value != null) {
      line.writeAscii(",\"value\":");
      line.write(value);
    }
    line.writeAscii("}\n");
  }

  /** The outcome of a call as one JSON object: its line without a line end. */
  public Payload object(long index, Payload outcome) {
    LineBuffer line = new LineBuffer(256, Integer.MAX_VALUE);
    write(index, null, JobResults.item(index, outcome), line);
    return Payload.of(Arrays.copyOf(line.array(), (int) line.size() - 1));
  }

  private static Map<String, Object> cause(RemoteFailure.Thrown thrown) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", thrown.type());
    fields.put("message", thrown.message());
    return fields;
  }

  private Payload json(RemoteFailure failure) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", failure.type());
    fields.put("message", failure.message());
    fields.put("kind", failure.kind().wire());
    fields.put("attempt", failure.attempt());
    if (!failure.causes().isEmpty()) {
      fields.put("causes", failure.causes().stream().map(OutcomeFormat::cause).toList());
    }
    if (allEvidence) {
      fields.put("where", failure.where());
      fields.put("stack", failure.stack());
      fields.put("details", failure.details());
    }
    return Json.write(fields);
  }
}
