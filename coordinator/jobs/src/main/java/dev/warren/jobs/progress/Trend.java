package dev.warren.jobs.progress;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether calls take longer or shorter as the job proceeds, as inputs do that are sorted by size:
 * the slope of the logarithm of the time per call, by the share of the job that is done. Immutable.
 *
 * @param slope 0 if the time per call does not change
 * @param error standard error of the slope
 */
record Trend(double slope, double error) {
  private static final int BLOCKS = 10;
  private static final int MIN_BLOCKS = 5;
  private static final int MIN_CALLS = 40;

  /** The part of the ended calls that is left out, because the beginning tells little. */
  private static final double FORGOTTEN = 0.4;

  /** Fits the trend of the later part of the history; null if there is too little of it. */
  static @Nullable Trend of(List<Observation> history, long calls) {
    Observation last = history.get(history.size() - 1);
    int begin = 0;
    while (history.get(begin).ended() < FORGOTTEN * last.ended()) {
      begin++;
    }
    long first = history.get(begin).ended();
    if (last.ended() - first < MIN_CALLS) {
      return null;
    }
    List<double[]> points = points(history.subList(begin, history.size()), calls);
    return points.size() < MIN_BLOCKS ? null : fit(points);
  }

  /** Blocks of about equal numbers of calls: share of the job, logarithm of the time per call. */
  private static List<double[]> points(List<Observation> part, long calls) {
    double each = (double) (part.get(part.size() - 1).ended() - part.get(0).ended()) / BLOCKS;
    List<double[]> points = new ArrayList<>();
    Observation from = part.get(0);
    for (Observation to : part) {
      long ended = to.ended() - from.ended();
      if (ended >= each && ended > 0 && to.seconds() > from.seconds()) {
        double share = (from.ended() + to.ended()) / 2.0 / calls;
        points.add(new double[] {share, Math.log((to.seconds() - from.seconds()) / ended)});
        from = to;
      }
    }
    return points;
  }

  /** A straight line by least squares. */
  private static @Nullable Trend fit(List<double[]> points) {
    double x = points.stream().mapToDouble(point -> point[0]).average().orElse(0);
    double y = points.stream().mapToDouble(point -> point[1]).average().orElse(0);
    double xx = 0;
    double xy = 0;
    for (double[] point : points) {
      xx += (point[0] - x) * (point[0] - x);
      xy += (point[0] - x) * (point[1] - y);
    }
    if (xx <= 0) {
      return null;
    }
    double slope = xy / xx;
    double rest = 0;
    for (double[] point : points) {
      double off = point[1] - y - slope * (point[0] - x);
      rest += off * off;
    }
    return new Trend(slope, Math.sqrt(rest / (points.size() - 2) / xx));
  }
}
