package dev.warren.jobs.progress;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Estimates how long a job still needs, from what was observed of it. The time until all calls have
 * begun follows from the rate of a recent window, which is resampled in blocks, and from the trend
 * of the time per call. Then the calls that run at that time must end: how long they need is drawn
 * from a log-normal distribution, whose parameters follow from the ages of running calls (in a
 * steady state, the time that a call still needs is distributed as the time it has been running).
 * Stateless.
 */
final class Estimator {
  /** No estimate before this many outcomes. */
  static final int MIN_OUTCOMES = 30;

  /** No estimate before this time. */
  static final double MIN_SECONDS = 10;

  private static final double WINDOW_SECONDS = 60;
  private static final double WINDOW_SHARE = 0.05;
  private static final int BLOCKS = 20;
  private static final int DRAWS = 100;
  private static final int MAX_FUTURE_BLOCKS = 200;
  private static final double QUANTILE = 0.04;

  /** Number of observations from which the ages of running calls are taken. */
  private static final int AGES = 150;

  /** How far the slope of a job may be from 0 when nothing is known of it: a standard deviation. */
  private static final double USUAL_SLOPE = 2;

  private static final double UNKNOWN_SLOPE = 0.5;
  private static final double STEEPEST = 8;

  /** Trends of sorted inputs become steeper, and others end. */
  private static final double STEEPER = 1.6;

  private static final double FLATTER = 0.6;
  private static final int STEPS = 20;
  private static final double LONGEST_CALL_DEVIATIONS = 4;

  /** A call takes at most this many times as long as the longest age that was seen. */
  private static final double LONGER_THAN_SEEN = 3;

  private final List<Observation> history;
  private final long calls;
  private final long before;
  private final RandomGenerator random;
  private final Observation now;
  private final List<Observation> window;

  private Estimator(List<Observation> history, long calls, long before, RandomGenerator random) {
    this.history = history;
    this.calls = calls;
    this.before = before;
    this.random = random;
    this.now = history.get(history.size() - 1);
    this.window = window();
  }

  /**
   * Estimates the rest of a job.
   *
   * @param history at least one observation, in order
   * @param calls number of calls of the job
   * @param before calls that had ended before the first observation
   * @return null if too little was observed
   */
  static @Nullable Estimate estimate(
      List<Observation> history, long calls, long before, RandomGenerator random) {
    Observation last = history.get(history.size() - 1);
    if (last.ended() < MIN_OUTCOMES
        || last.seconds() - history.get(0).seconds() < MIN_SECONDS
        || before + last.ended() >= calls) {
      return null;
    }
    return new Estimator(history, calls, before, random).range();
  }

  private List<Observation> window() {
    int from = history.size() - 1;
    while (from > 0 && !isLongEnough(history.get(from))) {
      from--;
    }
    return history.subList(from, history.size());
  }

  private boolean isLongEnough(Observation start) {
    return now.seconds() - start.seconds() >= WINDOW_SECONDS
        && now.ended() - start.ended() >= WINDOW_SHARE * calls;
  }

  private @Nullable Estimate range() {
    double span = now.seconds() - window.get(0).seconds();
    long got = now.ended() - window.get(0).ended();
    if (got <= 0 || span <= 0) {
      return null;
    }
    double rate = got / span;
    long rest = calls - before - now.ended();
    double queued = Math.max(0, rest - now.running());
    double wave = now.running() / rate;
    double[] factors = trendFactors();
    int blocks = Math.min(BLOCKS, window.size() - 1);
    int future = (int) Math.max(1, Math.min(MAX_FUTURE_BLOCKS, (double) rest * blocks / got));
    double[] low = new double[DRAWS];
    double[] high = new double[DRAWS];
    for (int i = 0; i < DRAWS; i++) {
      double drawn = drawnRate(blocks, blocks) * drawnRate(blocks, future) / rate;
      double untilBegun = queued / Math.max(rate / BLOCKS, drawn);
      double tail = longestTail();
      low[i] = untilBegun * factors[0] + Math.min(tail, 2 * wave) * Math.min(1, factors[0]);
      high[i] = untilBegun * factors[1] + Math.max(tail, wave);
    }
    return new Estimate(
        Math.max(0, quantile(low, QUANTILE) - wave), quantile(high, 1 - QUANTILE) + wave);
  }

  /** The rate of blocks of the window, drawn at random with repetition. */
  private double drawnRate(int blocks, int count) {
    double ended = 0;
    double seconds = 0;
    for (int i = 0; i < count; i++) {
      int block = random.nextInt(blocks);
      Observation from = window.get(block * (window.size() - 1) / blocks);
      Observation to = window.get((block + 1) * (window.size() - 1) / blocks);
      ended += to.ended() - from.ended();
      seconds += to.seconds() - from.seconds();
    }
    return ended / seconds;
  }

  /** How long the slowest of the calls that run at the end needs, once all have begun. */
  private double longestTail() {
    double sum = 0;
    double squares = 0;
    long count = 0;
    double longestSeen = 0;
    for (Observation seen : history.subList(Math.max(0, history.size() - AGES), history.size())) {
      sum += seen.logAgeSum();
      squares += seen.logAgeSquares();
      count += seen.running();
      longestSeen = Math.max(longestSeen, seen.longestAge());
    }
    if (count == 0) {
      return 0;
    }
    double mean = sum / count;
    // a uniform part of a call adds 1 to the variance of the logarithm, and takes 1 off its mean
    double deviation = Math.sqrt(Math.max(0, squares / count - mean * mean - 1));
    double longest = 0;
    for (int i = 0; i < now.running(); i++) {
      double normal = Math.min(LONGEST_CALL_DEVIATIONS, random.nextGaussian());
      longest = Math.max(longest, random.nextDouble() * Math.exp(mean + 1 + deviation * normal));
    }
    return Math.min(longest, LONGER_THAN_SEEN * longestSeen);
  }

  /** By how much the trend shortens or lengthens the rest: the least and the most. */
  private double[] trendFactors() {
    Trend trend = Trend.of(history, calls);
    double slope = 0;
    double deviation = UNKNOWN_SLOPE;
    if (trend != null) {
      double known = USUAL_SLOPE * USUAL_SLOPE;
      double error = Math.max(1e-3, trend.error());
      slope = trend.slope() * known / (known + error * error);
      deviation = USUAL_SLOPE * error / Math.sqrt(known + error * error);
    }
    return new double[] {
      factor((slope < 0 ? STEEPER : FLATTER) * slope - deviation),
      factor((slope < 0 ? FLATTER : STEEPER) * slope + deviation)
    };
  }

  /** Average time of a remaining call by that of a call of the window, with this slope. */
  private double factor(double slope) {
    double middle = (now.ended() + window.get(0).ended()) / 2.0 / calls;
    double from = (double) now.ended() / calls;
    double to = (double) (calls - before) / calls;
    double sum = 0;
    for (int i = 0; i < STEPS; i++) {
      double share = from + (to - from) * (i + 0.5) / STEPS;
      sum += Math.exp(Math.max(-STEEPEST, Math.min(STEEPEST, slope * (share - middle))));
    }
    return sum / STEPS;
  }

  private static double quantile(double[] values, double share) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.round(share * (sorted.length - 1))];
  }
}
