package dev.warren.cli.watch;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pool at one moment. Immutable.
 *
 * @param sentence the pool in one sentence
 * @param level ok, warn or bad
 * @param workers by host
 * @param jobs active ones first; empty without a coordinator
 */
record Snapshot(String sentence, String level, List<Worker> workers, List<Job> jobs) {

  /**
   * A worker, as the views of a coordinator describe it.
   *
   * @param trouble how much an operator should look at it, 0 to 100
   * @param reported whether its slots are known
   * @param cells its slots, six bytes each, in base 64
   */
  record Worker(
      String id,
      String host,
      int slots,
      int busy,
      boolean draining,
      int trouble,
      long callsEnded,
      long callsFailed,
      long recycled,
      long lost,
      long memory,
      boolean reported,
      int spares,
      String cells) {}

  /** A durable job. */
  record Job(
      String name,
      String state,
      long calls,
      long succeeded,
      long failed,
      long cancelled,
      double perSecond,
      @Nullable Estimate estimate) {
    long done() {
      return succeeded + failed + cancelled;
    }
  }

  /** How many seconds a job still needs. */
  record Estimate(double low, double high) {}
}
