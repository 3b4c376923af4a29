package dev.warren.service.board;

/**
 * The share of a cause's failures that a part of the calls has, and the share of all calls that
 * this part is. Immutable.
 *
 * @param part the part, in the words between the two shares
 * @param tail the words behind the second share
 * @param failures failures that are known to be in the part
 * @param calls calls that are known to be in the part
 */
record Share(String part, String tail, long failures, long calls, Whole whole) {
  private static final int MIN_FAILURES = 5;
  private static final double MIN_SHARE = 0.5;
  private static final double MIN_RATIO = 2;

  /** How often failures that depend on nothing may be found remarkable, at most: one cause in… */
  private static final double ONE_IN = 10_000;

  private static final double SMALLEST_PERCENT = 0.5;
  private static final double LARGEST_PERCENT = 99.5;

  /**
   * Of what it is a share.
   *
   * @param failures failures of the cause
   * @param unknownFailures how many of them may be in any part; they are taken to be in none
   * @param calls calls that have ended
   * @param unknownCalls how many of them may be in any part; they are taken to be in each
   */
  record Whole(long failures, long unknownFailures, long calls, long unknownCalls) {}

  private double ofFailures() {
    return (double) failures / whole.failures;
  }

  /** Every failure is a call, so the part has at least as many calls as failures. */
  private double ofCalls() {
    return Math.min(1, (double) Math.max(calls + whole.unknownCalls, failures) / whole.calls);
  }

  /**
   * How surprising it is. If failures did not depend on the part, the probability of at least
   * {@code failures} in it would be at most {@code e^-weight} (Chernoff's bound).
   */
  double weight() {
    double share = ofFailures();
    double expected = ofCalls();
    if (share <= expected) {
      return 0;
    }
    double outside = share >= 1 ? 0 : (1 - share) * Math.log((1 - share) / (1 - expected));
    return whole.failures * (share * Math.log(share / expected) + outside);
  }

  /**
   * Whether most failures are in the part, far more than its share of the calls, and not by chance.
   *
   * @param parts number of parts that were looked at
   */
  boolean isRemarkable(int parts) {
    return whole.failures >= MIN_FAILURES
        && ofFailures() >= MIN_SHARE
        && ofFailures() >= MIN_RATIO * ofCalls()
        && weight() >= Math.log(ONE_IN * parts);
  }

  /** Such as "97 % on host-b, which ran 6 % of the calls". */
  String text() {
    return percent("at least ", whole.unknownFailures, failures, whole.failures)
        + " "
        + part
        + " "
        + percent("at most ", whole.unknownCalls, calls + whole.unknownCalls, whole.calls)
        + " "
        + tail;
  }

  private static String percent(String limit, long unknown, long some, long all) {
    double percent = Math.min(100, 100.0 * some / all);
    String words = 100.0 * unknown / all < SMALLEST_PERCENT ? "" : limit;
    if (some < all && percent >= LARGEST_PERCENT) {
      return words + "over 99 %";
    }
    return percent < SMALLEST_PERCENT ? "under 1 %" : words + Math.round(percent) + " %";
  }
}
