package dev.warren.pool.engine.meter;

import dev.warren.json.Lines;
import dev.warren.meter.Counter;
import dev.warren.meter.Histogram;
import dev.warren.meter.Meter;
import dev.warren.meter.Meters;
import dev.warren.meter.OutcomeCounters;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.wire.OutcomeLine;
import java.util.List;
import java.util.function.IntSupplier;

/** Counts and measures what happens to a pool's calls. Thread-safe. */
public final class PoolMeters {
  private static final Meter SUBMITTED =
      Meter.counter(
          "warren_calls_submitted_total", "Calls that were submitted, those of jobs included.");

  private static final Meter OVERHEAD =
      Meter.histogram(
          "warren_overhead_seconds",
          "From the publishing of a task to the arrival of outcomes of it, without the run time of"
              + " their calls: waits in queues, the network, the link to the child.",
          List.of(0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 1.0, 10.0, 60.0, 600.0));

  private static final Meter WORKERS =
      Meter.gauge("warren_workers", "Workers of the pool whose heartbeats arrive.");

  private final Meters meters;
  private final Counter submitted;
  private final Histogram overhead;
  private final OutcomeCounters outcomes;

  public PoolMeters(Meters meters) {
    this.meters = meters;
    submitted = meters.counter(SUBMITTED);
    overhead = meters.histogram(OVERHEAD);
    outcomes = new OutcomeCounters(meters);
  }

  /** Meters that nobody looks at. */
  public static PoolMeters detached() {
    return new PoolMeters(new Meters());
  }

  /** Definitions of the meters that only pools have. */
  public static List<Meter> definitions() {
    return List.of(SUBMITTED, OVERHEAD, WORKERS);
  }

  /** All meters of the pool. */
  public Meters meters() {
    return meters;
  }

  public void submitted(int calls) {
    submitted.add(calls);
  }

  /** Outcomes of a task have arrived; all but the run time took this long. */
  public void overhead(long nanos) {
    overhead.record(nanos);
  }

  /** A call has ended with this outcome. */
  public void ended(Payload line) {
    if (OutcomeLine.isValue(line)) {
      outcomes.values(1);
    } else {
      outcomes.ended(OutcomeLine.kind(line));
    }
  }

  /** Calls have ended with the outcomes {@code from} to {@code to}, exclusive. */
  public void ended(Lines lines, int from, int to) {
    int values = 0;
    for (int i = from; i < to; i++) {
      if (OutcomeLine.isValue(lines, i)) {
        values++;
      } else {
        outcomes.ended(OutcomeLine.kind(lines.get(i)));
      }
    }
    outcomes.values(values);
  }

  /** A call has ended without an outcome, because it was cancelled before it was sent. */
  public void cancelled() {
    outcomes.ended(FailureKind.CANCELLED);
  }

  /** Shows the number of workers. */
  public void showWorkers(IntSupplier workers) {
    meters.gauge(WORKERS, workers::getAsInt);
  }
}
