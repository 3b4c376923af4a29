package dev.warren.meter;

import java.util.List;
import java.util.function.DoubleSupplier;

/** A value at this moment, computed on the thread that asks. Thread-safe. */
public final class Gauge extends Instrument {
  // volatile: set by a later owner of the same series, read by any thread
  private volatile DoubleSupplier source;

  Gauge(Meter meter, List<String> labels, DoubleSupplier source) {
    super(meter, labels);
    this.source = source;
  }

  void source(DoubleSupplier newSource) {
    source = newSource;
  }

  /** The value; NaN if it is unknown. */
  public double value() {
    return source.getAsDouble();
  }

  @Override
  public void show(Visitor visitor) {
    visitor.gauge(this);
  }
}
