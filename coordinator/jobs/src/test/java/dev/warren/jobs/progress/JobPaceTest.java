package dev.warren.jobs.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Estimates of simulated jobs, whose true ends are known. */
class JobPaceTest {
  private static final int SLOTS = 16;

  private final ManualTime time = new ManualTime();

  /** Calls that begin in order, each on the slot that is free first. */
  private static final class Schedule {
    private final double[] begins;
    private final double[] ends;

    private Schedule(double[] begins, double[] ends) {
      this.begins = begins;
      this.ends = ends;
    }

    static Schedule of(double[] durations, int slots) {
      PriorityQueue<Double> free = new PriorityQueue<>(Collections.nCopies(slots, 0.0));
      double[] begins = new double[durations.length];
      double[] ends = new double[durations.length];
      for (int i = 0; i < durations.length; i++) {
        begins[i] = free.remove();
        ends[i] = begins[i] + durations[i];
        free.add(ends[i]);
      }
      return new Schedule(begins, ends);
    }

    double end() {
      return DoubleStream.of(ends).max().orElseThrow();
    }

    int ended(double at) {
      return (int) DoubleStream.of(ends).filter(end -> end <= at).count();
    }

    List<Double> ages(double at) {
      return IntStream.range(0, ends.length)
          .filter(i -> begins[i] <= at && at < ends[i])
          .mapToObj(i -> at - begins[i])
          .toList();
    }
  }

  /** The share of ticks from 10 to 90 % of the calls whose range holds the truth. */
  private double truthful(double[] durations, double resumed) {
    int before = (int) (resumed * durations.length);
    Schedule job = Schedule.of(Arrays.copyOfRange(durations, before, durations.length), SLOTS);
    JobPace pace = new JobPace(time);
    double end = job.end();
    double tick = Math.max(1, end / 400);
    List<Boolean> inside = new ArrayList<>();
    for (double at = 0; at < end; at += tick) {
      int ended = job.ended(at);
      pace.observe(durations.length, before + ended, job.ages(at));
      Estimate estimate = pace.estimate();
      double share = (double) ended / (durations.length - before);
      if (estimate != null && share >= 0.1 && share <= 0.9) {
        inside.add(estimate.low() <= end - at && end - at <= estimate.high());
      }
      time.pass(Duration.ofNanos((long) (tick * 1e9)));
    }
    assertThat(inside).hasSizeGreaterThan(20);
    return (double) Collections.frequency(inside, true) / inside.size();
  }

  private double average(int seeds, double resumed, Function<Random, double[]> job) {
    return IntStream.range(0, seeds)
        .mapToDouble(seed -> truthful(job.apply(new Random(seed)), resumed))
        .average()
        .orElseThrow();
  }

  private static double[] lognormal(Random random) {
    return random.doubles(2000).map(any -> Math.exp(1.5 * random.nextGaussian())).toArray();
  }

  private static double[] longestFirst(Random random) {
    double[] ascending = DoubleStream.of(lognormal(random)).sorted().toArray();
    return IntStream.range(0, ascending.length)
        .mapToDouble(i -> ascending[ascending.length - 1 - i])
        .toArray();
  }

  @Test
  void truth_is_inside_the_range_for_equal_calls() {
    assertThat(truthful(DoubleStream.generate(() -> 1).limit(2000).toArray(), 0))
        .isGreaterThanOrEqualTo(0.8);
  }

  @Test
  void truth_is_inside_the_range_for_calls_of_very_different_times() {
    assertThat(average(10, 0, JobPaceTest::lognormal)).isGreaterThanOrEqualTo(0.8);
  }

  @Test
  void truth_is_inside_the_range_if_the_longest_calls_come_first() {
    assertThat(average(5, 0, JobPaceTest::longestFirst)).isGreaterThanOrEqualTo(0.8);
    assertThat(
            average(
                1, 0, any -> IntStream.range(0, 2000).mapToDouble(i -> 2 - i / 1050.0).toArray()))
        .isGreaterThanOrEqualTo(0.8);
  }

  @Test
  void truth_is_inside_the_range_of_a_job_that_was_resumed() {
    assertThat(average(10, 0.6, JobPaceTest::lognormal)).isGreaterThanOrEqualTo(0.8);
    assertThat(truthful(DoubleStream.generate(() -> 1).limit(4000).toArray(), 0.6))
        .isGreaterThanOrEqualTo(0.8);
  }

  @Test
  void there_is_no_estimate_before_enough_was_seen() {
    JobPace pace = new JobPace(time);
    assertThat(pace.estimateWhy()).isEqualTo("after 30 outcomes");
    pace.observe(100, 10, List.of());
    time.pass(Duration.ofSeconds(11));
    pace.observe(100, 39, List.of(1.0));
    assertThat(pace.estimate()).isNull();
    assertThat(pace.estimateWhy())
        .isEqualTo("after 30 outcomes; 29 so far since this coordinator began to watch");
    time.pass(Duration.ofSeconds(1));
    pace.observe(100, 41, List.of(1.0));
    assertThat(pace.estimate()).isNotNull();
    assertThat(pace.estimateWhy()).isNull();
    assertThat(pace.perSecond()).isBetween(2.5, 3.2);
  }

  @Test
  void retry_starts_over() {
    JobPace pace = new JobPace(time);
    pace.observe(100, 100, List.of());
    time.pass(Duration.ofSeconds(20));
    pace.observe(100, 60, List.of());
    assertThat(pace.perSecond()).isZero();
    assertThat(pace.estimate()).isNull();
  }

  @Test
  void memory_is_bounded_and_the_history_of_the_rate_is_the_last_ten_minutes() {
    JobPace pace = new JobPace(time);
    for (int second = 0; second < 20_000; second++) {
      pace.observe(1_000_000, 10L * second, List.of(1.6));
      time.pass(Duration.ofSeconds(1));
    }
    assertThat(pace.points()).hasSize(JobPace.POINTS);
    assertThat(pace.points()).allMatch(point -> point.perSecond() == 10);
    assertThat(pace.perSecond()).isEqualTo(10);
    Estimate estimate = pace.estimate();
    assertThat(estimate.low()).isLessThan(80_000);
    assertThat(estimate.high()).isGreaterThan(80_000);
  }

  @Test
  void ended_job_reviews_its_estimate() {
    JobPace pace = new JobPace(time);
    for (int second = 0; second <= 100; second++) {
      assertThat(pace.review()).isNull();
      pace.observe(1000, 10L * second, List.of(1.0));
      time.pass(Duration.ofSeconds(1));
    }
    assertThat(pace.review())
        .matches("At half of the calls the estimate was \\d+ s to .*; it took 50 s\\.");
  }

  @Test
  void times_read_as_people_say_them() {
    assertThat(
            DoubleStream.of(0.4, 59.4, 60, 200, 2400, 18_600, 259_200, 300_000)
                .mapToObj(Spans::text))
        .containsExactly(
            "0 s", "59 s", "1 min", "3 min 20 s", "40 min", "5 h 10 min", "3 d", "3 d 11 h");
  }
}
