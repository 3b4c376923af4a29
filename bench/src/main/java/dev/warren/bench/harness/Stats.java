package dev.warren.bench.harness;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;

/** The figures of several rounds. Immutable. */
public record Stats(List<Double> samples) {
  public Stats {
    samples = List.copyOf(samples);
    if (samples.isEmpty()) {
      throw new IllegalArgumentException("no samples");
    }
  }

  public double median() {
    return quantile(0.5);
  }

  public double min() {
    return quantile(0);
  }

  public double max() {
    return quantile(1);
  }

  /** The smallest sample that is not less than the given share of the samples. */
  public double quantile(double share) {
    List<Double> sorted = samples.stream().sorted().toList();
    int rank = (int) Math.ceil(share * sorted.size());
    return sorted.get(Math.max(0, rank - 1));
  }

  /** Formats with three significant digits, never with an exponent. */
  public static String plain(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return String.valueOf(value);
    }
    if (Math.abs(value) >= 100) {
      return String.valueOf(Math.round(value));
    }
    return new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros().toPlainString();
  }
}
