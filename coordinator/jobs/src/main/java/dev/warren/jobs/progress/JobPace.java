package dev.warren.jobs.progress;

import dev.warren.lifecycle.TimeSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * How fast a job proceeds: keeps what was observed of it in bounded memory, and estimates how long
 * it still needs. Thread-safe.
 */
public final class JobPace {
  /** Maximum number of points of the rate's history. */
  public static final int POINTS = 600;

  private static final int MAX_OBSERVATIONS = 800;
  private static final double RATE_SECONDS = 10;

  private final TimeSource time;
  private final Random random = new Random(1); // the same observations give the same estimate
  private final List<Observation> history = new ArrayList<>();
  private final Deque<Point> points = new ArrayDeque<>();
  private long before = -1;
  private long calls;
  private double interval;
  private @Nullable Estimate atHalf;
  private double halfSeconds;
  private @Nullable String review;

  /**
   * The rate in one second.
   *
   * @param epochSecond when
   * @param perSecond calls that ended in it
   */
  public record Point(long epochSecond, double perSecond) {}

  public JobPace(TimeSource time) {
    this.time = time;
  }

  /**
   * Adds an observation.
   *
   * @param total number of calls of the job
   * @param ended calls that have ended
   * @param ages how long the calls that are known to run have been running, in seconds
   */
  public synchronized void observe(long total, long ended, List<Double> ages) {
    double now = time.nanos() / 1e9;
    if (before < 0 || ended < before + last().ended() || total != calls) {
      restart(total, ended);
    }
    Observation next = Observation.of(now, ended - before, ages);
    addPoint(next);
    if (history.size() > 1 && now - history.get(history.size() - 2).seconds() < interval) {
      history.remove(history.size() - 1);
    }
    history.add(next);
    if (history.size() > MAX_OBSERVATIONS) {
      thin();
    }
    review(next);
  }

  /** A new job, or a retry: what was observed before says nothing about it. */
  private void restart(long total, long ended) {
    history.clear();
    before = ended;
    calls = total;
    interval = 0;
    atHalf = null;
    review = null;
  }

  private Observation last() {
    return history.get(history.size() - 1);
  }

  private void addPoint(Observation next) {
    long second = time.epochMillis() / 1000;
    Point newest = points.peekLast();
    if (history.isEmpty() || (newest != null && newest.epochSecond() >= second)) {
      return;
    }
    double seconds = next.seconds() - last().seconds();
    if (seconds > 0) {
      points.add(new Point(second, (next.ended() - last().ended()) / seconds));
    }
    while (points.size() > POINTS) {
      points.remove();
    }
  }

  private void thin() {
    List<Observation> kept = new ArrayList<>();
    for (int i = 0; i < history.size(); i += 2) {
      kept.add(history.get(i));
    }
    if (!kept.get(kept.size() - 1).equals(last())) {
      kept.add(last());
    }
    history.clear();
    history.addAll(kept);
    interval = (last().seconds() - history.get(0).seconds()) / history.size();
  }

  private void review(Observation next) {
    if (atHalf == null && next.ended() * 2 >= calls - before && next.ended() * 10 < 9 * calls) {
      atHalf = estimate();
      halfSeconds = next.seconds();
    }
    if (atHalf != null && review == null && before + next.ended() >= calls) {
      review =
          "At half of the calls the estimate was %s to %s; it took %s."
              .formatted(
                  Spans.text(atHalf.low()),
                  Spans.text(atHalf.high()),
                  Spans.text(next.seconds() - halfSeconds));
    }
  }

  /** How long the job still needs; null if too little was observed or it has ended. */
  public synchronized @Nullable Estimate estimate() {
    random.setSeed(1);
    return history.isEmpty() ? null : Estimator.estimate(history, calls, before, random);
  }

  /** Why there is no estimate; null if there is one, or the job has ended. */
  public synchronized @Nullable String estimateWhy() {
    if (history.isEmpty()) {
      return "after " + Estimator.MIN_OUTCOMES + " outcomes";
    }
    if (last().ended() < Estimator.MIN_OUTCOMES) {
      return "after "
          + Estimator.MIN_OUTCOMES
          + " outcomes; "
          + last().ended()
          + " so far"
          + (before > 0 ? " since this coordinator began to watch" : "");
    }
    if (last().seconds() - history.get(0).seconds() < Estimator.MIN_SECONDS) {
      return "after 10 s";
    }
    return before + last().ended() < calls && estimate() == null
        ? "no call has ended for a while"
        : null;
  }

  /** What became of the estimate at half of the calls; null before the end. */
  public synchronized @Nullable String review() {
    return review;
  }

  /** Ended calls per second over the last 10 s; 0 if nothing is known. */
  public synchronized double perSecond() {
    if (history.size() < 2) {
      return 0;
    }
    int from = history.size() - 1;
    while (from > 0 && last().seconds() - history.get(from).seconds() < RATE_SECONDS) {
      from--;
    }
    double seconds = last().seconds() - history.get(from).seconds();
    return seconds > 0 ? (last().ended() - history.get(from).ended()) / seconds : 0;
  }

  /** The rate, second by second; at most {@link #POINTS}. */
  public synchronized List<Point> points() {
    return List.copyOf(points);
  }
}
