package dev.warren.bench.harness;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a measure: opens all sides, warms each up for some seconds, then samples them in turns, so
 * that other activity on the machine affects all alike.
 */
public final class Runner {
  private static final String OWN = "warren";

  /** Warm-up time of each side: a JVM is slow until it has compiled the code. */
  private static final Duration WARM_UP = Duration.ofSeconds(10);

  private static final Duration QUICK_WARM_UP = Duration.ofSeconds(1);

  private final Site site;
  private final boolean withPeers;
  private final List<String> problems = new ArrayList<>();

  public Runner(Site site, boolean withPeers) {
    this.site = site;
    this.withPeers = withPeers;
  }

  /** Problems so far, one line each. */
  public List<String> problems() {
    return problems;
  }

  /**
   * Runs a measure.
   *
   * @throws IOException if Warren's side fails; a peer that fails is left out and reported
   */
  public Result run(Measure measure) throws IOException, InterruptedException {
    Map<String, Sampler> sides = new LinkedHashMap<>();
    try {
      sides.put(OWN, measure.opener().open(site));
      if (withPeers) {
        openPeers(measure, sides);
      }
      return sampleAll(measure, sides);
    } finally {
      for (Map.Entry<String, Sampler> side : sides.entrySet()) {
        close(measure, side.getKey(), side.getValue());
      }
    }
  }

  private void openPeers(Measure measure, Map<String, Sampler> sides) throws InterruptedException {
    for (Map.Entry<String, Sampler.Opener> peer : measure.peers().entrySet()) {
      try {
        sides.put(peer.getKey(), peer.getValue().open(site));
      } catch (IOException | RuntimeException e) {
        problem(measure, peer.getKey(), e);
      }
    }
  }

  private Result sampleAll(Measure measure, Map<String, Sampler> sides)
      throws IOException, InterruptedException {
    int rounds = site.quick() ? Math.min(2, measure.rounds()) : measure.rounds();
    if (measure.rounds() > 1) {
      Duration min = site.quick() ? QUICK_WARM_UP : WARM_UP;
      onAll(measure, sides, (name, side) -> side.warmUp(min));
    }
    Map<String, List<Double>> figures = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      onAll(
          measure,
          sides,
          (name, side) -> figures.computeIfAbsent(name, k -> new ArrayList<>()).add(side.sample()));
    }
    Map<String, Stats> peers = new LinkedHashMap<>();
    figures.forEach((side, samples) -> peers.put(side, new Stats(samples)));
    Stats own = peers.remove(OWN);
    Sampler ours = sides.get(OWN);
    if (own == null || ours == null) {
      throw new IllegalStateException("no round was made");
    }
    return new Result(measure, own, peers, ours.notes(), ours.verdicts());
  }

  /** Applies the step to one side after the other; a peer that fails is removed. */
  private void onAll(Measure measure, Map<String, Sampler> sides, Step step)
      throws IOException, InterruptedException {
    for (Map.Entry<String, Sampler> side : List.copyOf(sides.entrySet())) {
      try {
        step.on(side.getKey(), side.getValue());
      } catch (IOException | RuntimeException e) {
        if (side.getKey().equals(OWN)) {
          throw e;
        }
        problem(measure, side.getKey(), e);
        close(measure, side.getKey(), side.getValue());
        sides.remove(side.getKey());
      }
    }
  }

  private interface Step {
    void on(String name, Sampler side) throws IOException, InterruptedException;
  }

  private void close(Measure measure, String side, Sampler sampler) {
    try {
      sampler.close();
    } catch (IOException | RuntimeException e) {
      problem(measure, side, e);
    }
  }

  private void problem(Measure measure, String side, Exception e) {
    String line = measure.name() + ", " + side + ": " + e;
    problems.add(line);
    System.err.println("bench: " + line);
  }
}
