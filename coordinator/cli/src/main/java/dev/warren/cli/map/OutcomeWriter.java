package dev.warren.cli.map;

import dev.warren.jobs.output.OutcomeFormat;
import dev.warren.json.LineBuffer;
import dev.warren.lifecycle.TimeSource;
import dev.warren.pool.JsonOutcomes;
import dev.warren.task.RemoteFailure;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Writes one line per call. Thread-safe: a timer flushes what the main thread writes. */
final class OutcomeWriter implements Closeable {
  private final OutputStream out;
  private final @Nullable JobLog log;
  private final boolean withInput;
  private final OutcomeFormat format;
  private final LineBuffer line = new LineBuffer(256, Integer.MAX_VALUE);
  private boolean unflushed;

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
    this.format = new OutcomeFormat(allEvidence);
  }

  /**
   * Writes the outcome of a call.
   *
   * @param host where it ran
   */
  synchronized void write(CallsInFlight.Call call, JsonOutcomes.Item item, String host)
      throws IOException {
    line.clear();
    format.write(call.index(), withInput ? call.input() : null, item, line);
    out.write(line.array(), 0, (int) line.size());
    unflushed = true;
    if (log != null) {
      RemoteFailure failure = item.failure();
      log.add(
          call.index(),
          host,
          TimeSource.SYSTEM.epochMillis(),
          item.micros(),
          call.input(),
          (int) line.size(),
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
}
