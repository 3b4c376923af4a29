package dev.warren.cli.map;

import dev.warren.json.Json;
import dev.warren.lifecycle.TimeSource;
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
import org.jspecify.annotations.Nullable;

/**
 * Writes one line per call. A failure is written the same wherever the call ran, unless all
 * evidence is requested. Thread-safe: a timer flushes what the main thread writes.
 */
final class OutcomeWriter implements Closeable {
  /** What every line of output starts with. */
  static final String START = "{\"index\":";

  private final OutputStream out;
  private final @Nullable JobLog log;
  private final boolean withInput;
  private final boolean allEvidence;
  private boolean unflushed;
  // bytes of the line that is being written
  private int length;

  /**
   * Creates a writer.
   *
   * @param log receives a line per outcome; null for none
   * @param withInput whether each line repeats the call's input
   * @param allEvidence whether failures are written with all their evidence
   */
  OutcomeWriter(OutputStream out, @Nullable JobLog log, boolean withInput, boolean allEvidence) {
    this.out = new BufferedOutputStream(out, 64 * 1024);
    this.log = log;
    this.withInput = withInput;
    this.allEvidence = allEvidence;
  }

  /**
   * Writes the outcome of a call.
   *
   * @param host where it ran
   */
  synchronized void write(CallsInFlight.Call call, JsonOutcomes.Item item, String host)
      throws IOException {
    length = 0;
    put(START + call.index());
    if (withInput) {
      put(",\"input\":", call.input());
    }
    try {
      var unused =
          item.fold(
              value -> put(",\"value\":", value), failure -> put(",\"error\":", json(failure)));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    put("}\n");
    unflushed = true;
    if (log != null) {
      RemoteFailure failure = item.failure();
      log.add(
          call.index(),
          host,
          TimeSource.SYSTEM.epochMillis(),
          item.micros(),
          call.input(),
          length,
          failure);
      if (log.isFull()) {
        flush();
      }
    }
  }

  /** Flushes everything written so far: the output, then its lines of the job log. */
  synchronized void flush() throws IOException {
    if (unflushed) {
      out.flush();
      if (log != null) {
        log.flush();
      }
      unflushed = false;
    }
  }

  @Override
  public synchronized void close() throws IOException {
    flush();
    out.close();
  }

  private void put(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
    length += text.length();
  }

  private boolean put(String name, Payload json) {
    try {
      put(name);
      json.writeTo(out);
      length += json.length();
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
      fields.put("causes", failure.causes().stream().map(OutcomeWriter::cause).toList());
    }
    if (allEvidence) {
      fields.put("where", failure.where());
      fields.put("stack", failure.stack());
      fields.put("details", failure.details());
    }
    return Json.write(fields);
  }
}
