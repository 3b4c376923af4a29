package dev.warren.jobs.progress;

import java.util.List;

/**
 * What was seen of a job at one moment. Immutable.
 *
 * @param seconds by a clock that never jumps
 * @param ended calls that ended since the first observation, those before it not counted
 * @param running number of calls that are known to run
 * @param logAgeSum sum of the logarithms of how long they have been running, in seconds
 * @param logAgeSquares sum of the squares of these logarithms
 * @param longestAge the longest of these times, in seconds
 */
record Observation(
    double seconds,
    long ended,
    int running,
    double logAgeSum,
    double logAgeSquares,
    double longestAge) {
  private static final double SHORTEST = 1e-3;

  static Observation of(double seconds, long ended, List<Double> ages) {
    double sum = 0;
    double squares = 0;
    double longest = 0;
    for (double age : ages) {
      double log = Math.log(Math.max(SHORTEST, age));
      sum += log;
      squares += log * log;
      longest = Math.max(longest, age);
    }
    return new Observation(seconds, ended, ages.size(), sum, squares, longest);
  }
}
