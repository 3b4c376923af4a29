package dev.warren.meter;

import java.util.List;

/**
 * The definition of a meter. Immutable.
 *
 * <p>No label is ever a call, a job, a host, a child or an exception: their number has no bound.
 *
 * @param name as Prometheus shows it, {@code warren_outcomes_total}
 * @param unit {@code seconds}, {@code bytes}, or empty for a number
 * @param description one sentence
 * @param bounds upper bounds of a histogram's buckets, in seconds; empty for other types
 */
public record Meter(
    String name,
    Type type,
    String unit,
    String description,
    List<Label> labels,
    List<Double> bounds) {
  /** What a meter's values mean. */
  public enum Type {
    /** A sum that only grows. */
    COUNTER,
    /** A value at this moment. */
    GAUGE,
    /** How often a time was within each bound. */
    HISTOGRAM
  }

  public Meter {
    if (!name.matches("warren_[a-z_]+") || !description.endsWith(".")) {
      throw new IllegalArgumentException(name + ": " + description);
    }
    labels = List.copyOf(labels);
    bounds = List.copyOf(bounds);
  }

  /** A sum; {@code name} ends with {@code _total}. */
  public static Meter counter(String name, String description, Label... labels) {
    return new Meter(name, Type.COUNTER, "", description, List.of(labels), List.of());
  }

  /** A number at this moment. */
  public static Meter gauge(String name, String description, Label... labels) {
    String unit = name.endsWith("_bytes") ? "bytes" : name.endsWith("_seconds") ? "seconds" : "";
    return new Meter(name, Type.GAUGE, unit, description, List.of(labels), List.of());
  }

  /** Times; {@code name} ends with {@code _seconds}. */
  public static Meter histogram(
      String name, String description, List<Double> bounds, Label... labels) {
    return new Meter(name, Type.HISTOGRAM, "seconds", description, List.of(labels), bounds);
  }
}
