package dev.warren.pool.engine.submit;

import dev.warren.pool.engine.pending.CallTimes;
import dev.warren.pool.engine.pending.LastResort;
import dev.warren.pool.engine.pending.LocalOutcome;
import dev.warren.pool.engine.pending.PendingTask;
import dev.warren.pool.engine.pending.Receiver;
import dev.warren.task.Payload;
import org.jspecify.annotations.Nullable;

/**
 * Sends the packed calls of one job: numbers them, enters them into the table of pending calls and
 * publishes them. Thread-safe.
 */
final class ChunkSender {
  private final Submission.Parts parts;
  private final CallSpec spec;
  private final String job;
  private final boolean lazy;
  private final Receiver receiver;
  private final CallTimes.Measured times;
  private final long expiresAtMillis;
  // volatile: written before the table is searched for sent tasks, read after a task was added
  private volatile @Nullable Payload ending;

  ChunkSender(Submission.Parts parts, CallSpec spec, boolean lazy, Receiver receiver) {
    this.parts = parts;
    this.spec = spec;
    this.job = parts.numbers().newJob();
    this.lazy = lazy;
    this.receiver = receiver;
    this.times = parts.times().of(spec.function());
    // the calls of a lazy job are submitted as they are read
    this.expiresAtMillis = lazy ? 0 : parts.clock().expiryOf(spec.options());
  }

  /** The job's id. */
  String job() {
    return job;
  }

  /** The measured times of the job's function. */
  CallTimes.Measured times() {
    return times;
  }

  /** Stops all calls in flight, and those being sent now, and ends them with this line. */
  void cancel(Payload line, boolean interrupt) {
    ending = line;
    parts.canceller().cancelAllOf(receiver, line, interrupt);
  }

  /**
   * Tells the workers to drop all calls in flight; their outcomes still arrive. Returns the number
   * of calls that had not been sent. Calls being sent now end with this line.
   */
  int abandon(Payload line, boolean interrupt) {
    ending = line;
    return parts.canceller().abandonAllOf(receiver, interrupt);
  }

  /**
   * Sends the calls, if there are any.
   *
   * @throws RuntimeException if that fails, or an Error; the calls have ended then
   */
  void send(Packing.@Nullable Packed calls) {
    if (calls == null) {
      return;
    }
    PendingTask task = enter(calls);
    try {
      parts.publisher().send(task, spec, job, calls.lines());
    } catch (RuntimeException | Error e) {
      parts.table().endRest(task, LocalOutcome.NOT_SENT);
      throw e;
    }
    Payload line = ending;
    if (line != null) {
      // cancelled while the task was being sent: the canceller may not have seen this task
      parts.canceller().cancel(task, line, true);
    }
  }

  private PendingTask enter(Packing.Packed calls) {
    try {
      int count = calls.count();
      long expires = lazy ? parts.clock().expiryOf(spec.options()) : expiresAtMillis;
      PendingTask task =
          new PendingTask(
              parts.numbers().next(count), count, calls.first(), receiver, times, expires);
      parts.table().add(task);
      return task;
    } catch (RuntimeException | Error e) {
      for (int i = 0; i < calls.count(); i++) {
        LastResort.end(receiver, calls.first() + i, LocalOutcome.NOT_SENT, e);
      }
      throw e;
    }
  }
}
