package dev.warren.service.api;

import dev.warren.jobs.output.JobResults;
import dev.warren.jobs.output.OutcomeFormat;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.StoredJob;
import dev.warren.json.LineBuffer;
import dev.warren.pool.JsonOutcomes;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Writes the outcomes of a job in the order of its input, as lines that are equal to those of
 * {@code warren map --output}. Confined to one thread.
 */
public final class ResultStream implements AutoCloseable {
  private static final int BUFFER = 64 * 1024;
  private static final long POLL_MS = 100;

  private final StoredJob job;
  private final JobResults results;
  private final Wanted wanted;
  private final OutcomeFormat format;
  private final LineBuffer lines = new LineBuffer(2 * BUFFER, Integer.MAX_VALUE);

  /**
   * Which outcomes.
   *
   * @param from index of the first call
   * @param onlyFailed whether values are left out
   * @param waits whether to wait for outcomes that are missing; otherwise the first of them ends it
   * @param allEvidence whether failures are written with host, stack and details
   */
  public record Wanted(long from, boolean onlyFailed, boolean waits, boolean allEvidence) {}

  /**
   * Creates a stream.
   *
   * @param job closed by this stream
   */
  public ResultStream(StoredJob job, Wanted wanted) {
    this.job = job;
    this.wanted = wanted;
    this.results = new JobResults(job, wanted.from, false);
    this.format = new OutcomeFormat(wanted.allEvidence);
  }

  /**
   * Writes to the end of what is wanted, and flushes before each wait.
   *
   * @param stopped whether to end early
   * @return false if it ended early
   */
  public boolean writeTo(OutputStream out, BooleanSupplier stopped)
      throws IOException, InterruptedException {
    while (true) {
      writeReady(out);
      out.flush();
      if (!wanted.waits || isComplete()) {
        return true;
      }
      if (stopped.getAsBoolean()) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
  }

  private void writeReady(OutputStream out) throws IOException {
    while (results.hasNext()) {
      JsonOutcomes.Item item = results.next();
      if (!wanted.onlyFailed || item.failure() != null) {
        format.write(item.index(), null, item, lines);
      }
      if (lines.size() >= BUFFER) {
        send(out);
      }
    }
    send(out);
  }

  private void send(OutputStream out) throws IOException {
    if (lines.size() > 0) {
      out.write(lines.array(), 0, (int) lines.size());
      lines.clear();
    }
  }

  /** Whether no further outcome can follow. */
  private boolean isComplete() {
    JobRecord record = job.record();
    return results.position() >= record.calls() || (record.state().isEnded() && !results.hasNext());
  }

  @Override
  public void close() {
    results.close();
  }
}
