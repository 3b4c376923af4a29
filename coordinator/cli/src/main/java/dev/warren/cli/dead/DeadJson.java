package dev.warren.cli.dead;

import dev.warren.dead.DeadLetter;
import dev.warren.json.Json;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.Headers;
import dev.warren.wire.TaskCodec;
import dev.warren.wire.TaskMessage;
import dev.warren.wire.WireFormatException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Formats dead letters as JSON, one object per line, without empty fields. Stateless. */
final class DeadJson {
  private DeadJson() {}

  /** The output of {@code list}. */
  static String line(DeadLetter letter) {
    return text(fields(letter));
  }

  /** The output of {@code show}: the same, plus stack, headers and arguments or body. */
  static String whole(DeadLetter letter, TaskCodec codec) {
    Map<String, Object> fields = fields(letter);
    RemoteFailure failure = letter.failure();
    if (failure != null) {
      put(fields, "stack", failure.stack());
      put(fields, "details", failure.details());
    }
    Map<String, Object> headers = new LinkedHashMap<>(letter.message().headers());
    if (failure != null) {
      headers.remove(Headers.CAUSE); // already written above
    }
    put(fields, "headers", headers);
    try {
      TaskMessage task = letter.task(codec);
      List<JsonNode> calls = new ArrayList<>();
      for (int i = 0; i < task.count(); i++) {
        calls.add(Json.MAPPER.readTree(task.args().get(i).toBytes()));
      }
      put(fields, "arguments", calls);
      Payload captured = task.captured();
      put(fields, "captured", captured == null ? null : Json.MAPPER.readTree(captured.toBytes()));
    } catch (WireFormatException | JacksonException e) {
      put(fields, "notATask", e.getMessage());
      put(
          fields,
          "bodyBase64",
          Base64.getEncoder().encodeToString(letter.message().body().toBytes()));
    }
    return text(fields);
  }

  private static Map<String, Object> fields(DeadLetter letter) {
    Map<String, Object> fields = new LinkedHashMap<>();
    Map<String, Object> headers = letter.message().headers();
    RemoteFailure failure = letter.failure();
    put(fields, "id", letter.id());
    long died = letter.diedAtMillis();
    put(fields, "diedAt", died == 0 ? null : Instant.ofEpochMilli(died).toString());
    put(fields, "kind", letter.kind());
    put(fields, "type", letter.type());
    put(fields, "message", letter.summary());
    put(fields, "function", letter.function());
    put(fields, "job", headers.get(Headers.JOB));
    put(fields, "attempt", failure == null ? headers.get(Headers.ATTEMPT) : failure.attempt());
    put(fields, "childLosses", headers.get(Headers.CHILD_LOSSES));
    put(fields, "hostLosses", headers.get(Headers.HOST_LOSSES));
    put(fields, "where", failure == null ? null : failure.where());
    put(fields, "replyTo", letter.message().replyTo());
    put(fields, "bytes", letter.message().body().length());
    return fields;
  }

  private static void put(Map<String, Object> fields, String name, @Nullable Object value) {
    if (value != null) {
      fields.put(name, value);
    }
  }

  private static String text(Map<String, Object> fields) {
    return Json.write(fields).text();
  }
}
