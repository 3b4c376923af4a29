package dev.warren.meter;

import java.util.List;

/** One series of a meter, with its values of the labels. Thread-safe. */
public abstract sealed class Instrument permits Counter, Gauge, Histogram {
  private final Meter meter;
  private final List<String> labels;

  Instrument(Meter meter, List<String> labels) {
    if (labels.size() != meter.labels().size()) {
      throw new IllegalArgumentException(
          meter.name() + " has labels " + meter.labels() + ", not values " + labels);
    }
    this.meter = meter;
    this.labels = List.copyOf(labels);
  }

  public Meter meter() {
    return meter;
  }

  /** Values of the meter's labels, in their order. */
  public List<String> labels() {
    return labels;
  }

  /** Calls the visitor's method for this kind of instrument. */
  public abstract void show(Visitor visitor);

  /** Receives instruments by their kind. */
  public interface Visitor {
    void counter(Counter counter);

    void gauge(Gauge gauge);

    void histogram(Histogram histogram);
  }
}
