package dev.warren.meter;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** A sum that only grows. Thread-safe; adding takes a few nanoseconds. */
public final class Counter extends Instrument {
  private final LongAdder sum = new LongAdder();

  Counter(Meter meter, List<String> labels) {
    super(meter, labels);
  }

  public void increment() {
    sum.increment();
  }

  public void add(long number) {
    sum.add(number);
  }

  public long count() {
    return sum.sum();
  }

  @Override
  public void show(Visitor visitor) {
    visitor.counter(this);
  }
}
