package dev.warren.pool.engine.collect;

import dev.warren.json.Lines;
import dev.warren.lifecycle.TimeSource;
import dev.warren.pool.engine.meter.PoolMeters;
import dev.warren.pool.engine.pending.PendingCalls;
import dev.warren.pool.engine.pending.PendingTask;
import java.util.concurrent.CompletionStage;

/** Gives each outcome to its call, which ends. Runs no user code. */
public final class PendingCallsSink implements OutcomeSink {
  private final PendingCalls table;
  private final PoolMeters meters;
  private final TimeSource time;

  /**
   * Creates a sink.
   *
   * @param time the clock by which tasks were sent
   */
  public PendingCallsSink(PendingCalls table, PoolMeters meters, TimeSource time) {
    this.table = table;
    this.meters = meters;
    this.time = time;
  }

  @Override
  public CompletionStage<Void> accept(OutcomeBatch batch) {
    int[] line = {0};
    long now = time.nanos(); // one reading for all tasks of the batch, of which there may be many
    batch
        .calls()
        .forEachRange(
            (first, last) -> {
              end(first, last, batch, line[0], now);
              line[0] += (int) (last - first + 1);
            });
    return DONE;
  }

  private void end(long first, long last, OutcomeBatch batch, int line, long now) {
    Lines lines = batch.outcomes();
    double microsPerCall = batch.ran().microsPerCall();
    long number = first;
    while (number <= last) {
      PendingTask task = table.find(number);
      if (task == null) {
        // already ended by a duplicate, a cancel or the watch; continue with the next open call
        PendingTask next = table.findFirst(number, last);
        if (next == null) {
          return;
        }
        number = Math.max(number, next.first);
        continue;
      }
      long end = Math.min(last, task.last());
      int from = (int) (number - task.first);
      int to = (int) (end - task.first) + 1;
      task.times.add(to - from, microsPerCall * (to - from));
      if (task.isSent()) {
        meters.overhead(now - task.sentNanos() - (long) (microsPerCall * 1000 * (to - from)));
      }
      int at = line + (int) (number - first);
      task.ran(from, to, batch.ran().slice(at, at + to - from));
      table.end(task, from, to, lines, at);
      number = end + 1;
    }
  }
}
