package dev.warren.cli.doctor;

import java.util.Collection;
import java.util.Locale;

/**
 * Finds workers on which calls fail far more often than on the other workers of their pool: such a
 * host lacks something (a library, a file, a reachable service). Stateless.
 */
final class FailureRates {
  /** Fewer attempts say nothing. */
  private static final long LEAST_ATTEMPTS = 20;

  /** A lower share of failures is nobody's fault in particular. */
  private static final double LEAST_SHARE = 0.1;

  /** How many times the others' share is far more. */
  private static final double FAR_MORE = 5;

  private static final double NEGLIGIBLE = 0.01;

  private FailureRates() {}

  /**
   * What a worker reports of itself.
   *
   * @param ended attempts of calls since its start
   * @param failed those that threw, were refused or lost their child
   */
  record Calls(long ended, long failed) {
    static final Calls UNKNOWN = new Calls(0, 0);

    private boolean enough() {
      return ended >= LEAST_ATTEMPTS;
    }

    private double share() {
      return ended == 0 ? 0 : (double) failed / ended;
    }

    private String text() {
      return String.format(Locale.ROOT, "%.0f %% of %,d calls", 100 * share(), ended);
    }
  }

  /**
   * What is odd about one worker; empty if nothing is, or too little is known.
   *
   * @param others the other workers of its pool
   */
  static String finding(Calls one, Collection<Calls> others) {
    long ended = others.stream().filter(Calls::enough).mapToLong(Calls::ended).sum();
    long failed = others.stream().filter(Calls::enough).mapToLong(Calls::failed).sum();
    Calls peers = new Calls(ended, failed);
    boolean odd =
        one.enough()
            && peers.enough()
            && one.share() >= LEAST_SHARE
            && one.share() > FAR_MORE * Math.max(peers.share(), NEGLIGIBLE);
    return odd ? one.text() + " fail there, of the others' " + peers.text() : "";
  }
}
