package dev.warren.bench.harness;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The target of a measure: a bound, or a multiple of a peer's figure for the same work. Immutable.
 *
 * @param bound the bound, or the multiple
 * @param least whether more is better
 * @param peer the peer whose figure is multiplied; null for an absolute bound
 */
public record Target(double bound, boolean least, @Nullable String peer) {
  public static Target atLeast(double bound) {
    return new Target(bound, true, null);
  }

  public static Target atMost(double bound) {
    return new Target(bound, false, null);
  }

  public static Target atLeast(double times, String peer) {
    return new Target(times, true, peer);
  }

  public static Target atMost(double times, String peer) {
    return new Target(times, false, peer);
  }

  /** Compares {@code value} with the target; without the peer's figure there is no result. */
  public Verdict judge(double value, Map<String, Stats> peers) {
    if (peer == null) {
      return new Verdict(this, Double.NaN, met(value));
    }
    Stats theirs = peers.get(peer);
    if (theirs == null || theirs.median() == 0) {
      return new Verdict(this, Double.NaN, null);
    }
    double ratio = value / theirs.median();
    return new Verdict(this, ratio, met(ratio));
  }

  private boolean met(double figure) {
    return least ? figure >= bound : figure <= bound;
  }

  @Override
  public String toString() {
    String sign = least ? "≥ " : "≤ ";
    return sign + (peer == null ? Stats.plain(bound) : Stats.plain(bound) + " × " + peer);
  }

  /**
   * The result of a comparison.
   *
   * @param ratio ratio to the peer's figure; NaN if there is none
   * @param met null if unknown
   */
  public record Verdict(Target target, double ratio, @Nullable Boolean met) {
    @Override
    public String toString() {
      String seen = Double.isNaN(ratio) ? "" : String.format(Locale.ROOT, " (%.2f ×)", ratio);
      return target + seen + ": " + (met == null ? "not compared" : met ? "met" : "not met");
    }
  }
}
