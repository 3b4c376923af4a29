package dev.warren.cli.doctor;

import java.util.Collection;
import java.util.Locale;

/**
 * Finds workers whose calls fail far more often than those of the pool's other workers: such a host
 * lacks something (a library, a file, a reachable service). Stateless.
 */
final class FailureRates {
  /** Minimum attempts for a meaningful rate. */
  private static final long MIN_ATTEMPTS = 20;

  /** Lower failure rates are not attributed to a worker. */
  private static final double MIN_SHARE = 0.1;

  /** Factor by which a worker's rate must exceed that of the others. */
  private static final double FAR_MORE = 5;

  private static final double NEGLIGIBLE = 0.01;

  private FailureRates() {}

  /**
   * A worker's report about its calls.
   *
   * @param ended attempts of calls since its start
   * @param failed attempts that threw, were rejected or lost their child
   */
  record Calls(long ended, long failed) {
    static final Calls UNKNOWN = new Calls(0, 0);

    private boolean enough() {
      return ended >= MIN_ATTEMPTS;
    }

    private double share() {
      return ended == 0 ? 0 : (double) failed / ended;
    }

    private String text() {
      return String.format(Locale.ROOT, "%.0f %% of %,d calls", 100 * share(), ended);
    }
  }

  /**
   * Describes what is wrong with one worker; empty if nothing is, or too little is known.
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
            && one.share() >= MIN_SHARE
            && one.share() > FAR_MORE * Math.max(peers.share(), NEGLIGIBLE);
    return odd ? one.text() + " fail there, on the other workers " + peers.text() : "";
  }
}
