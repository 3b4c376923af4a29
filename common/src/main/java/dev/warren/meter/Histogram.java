package dev.warren.meter;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts times by fixed bounds. Many equal times cost as much as one, because outcomes that share a
 * frame also share a measurement. Thread-safe.
 */
public final class Histogram extends Instrument {
  private static final double NANOS = 1e9;

  private final long[] boundNanos;
  // one more than bounds, for longer times
  private final LongAdder[] counts;
  private final LongAdder sumNanos = new LongAdder();

  Histogram(Meter meter, List<String> labels) {
    super(meter, labels);
    boundNanos = meter.bounds().stream().mapToLong(bound -> Math.round(bound * NANOS)).toArray();
    counts = new LongAdder[boundNanos.length + 1];
    Arrays.setAll(counts, i -> new LongAdder());
  }

  /** Records one time; a negative one counts as zero. */
  public void record(long nanos) {
    record(nanos, 1);
  }

  /** Records the same time this number of times. */
  public void record(long nanosEach, long times) {
    long nanos = Math.max(0, nanosEach);
    int bucket = 0;
    while (bucket < boundNanos.length && nanos > boundNanos[bucket]) {
      bucket++;
    }
    counts[bucket].add(times);
    sumNanos.add(nanos * times);
  }

  /** Number of times within each bound and above the one before; the last are above all bounds. */
  public long[] counts() {
    return Arrays.stream(counts).mapToLong(LongAdder::sum).toArray();
  }

  /** Number of times. */
  public long count() {
    return Arrays.stream(counts).mapToLong(LongAdder::sum).sum();
  }

  /** Sum of the times, in seconds. */
  public double sumSeconds() {
    return sumNanos.sum() / NANOS;
  }

  /** Number of times within the bound of this index or an earlier one; all for the last index. */
  public long countUpTo(int index) {
    long sum = 0;
    for (int i = 0; i <= index; i++) {
      sum += counts[i].sum();
    }
    return sum;
  }

  @Override
  public void show(Visitor visitor) {
    visitor.histogram(this);
  }
}
