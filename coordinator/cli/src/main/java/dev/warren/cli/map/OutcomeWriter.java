package dev.warren.cli.map;

import dev.warren.json.Json;
import dev.warren.pool.JsonOutcomes;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes one line per call. A failure is written the same wherever the call ran, unless all
 * evidence is requested. Thread-safe: a timer flushes what the main thread writes.
 */
final class OutcomeWriter implements Closeable {
  private final OutputStream out;
  private final boolean allEvidence;
  private boolean unflushed;

  OutcomeWriter(OutputStream out, boolean allEvidence) {
    this.out = new BufferedOutputStream(out, 64 * 1024);
    this.allEvidence = allEvidence;
  }

  synchronized void write(JsonOutcomes.Item item) throws IOException {
    out.write(("{\"index\":" + item.index()).getBytes(StandardCharsets.US_ASCII));
    try {
      var unused =
          item.fold(
              value -> put(",\"value\":", value), failure -> put(",\"error\":", json(failure)));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    out.write('}');
    out.write('\n');
    unflushed = true;
  }

  /** Flushes everything written so far. */
  synchronized void flush() throws IOException {
    if (unflushed) {
      out.flush();
      unflushed = false;
    }
  }

  @Override
  public synchronized void close() throws IOException {
    out.close();
  }

  private boolean put(String name, Payload json) {
    try {
      out.write(name.getBytes(StandardCharsets.US_ASCII));
      json.writeTo(out);
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Payload json(RemoteFailure failure) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", failure.type());
    fields.put("message", failure.message());
    fields.put("kind", failure.kind().wire());
    fields.put("attempt", failure.attempt());
    if (allEvidence) {
      fields.put("where", failure.where());
      fields.put("stack", failure.stack());
      fields.put("details", failure.details());
    }
    return Json.write(fields);
  }
}
