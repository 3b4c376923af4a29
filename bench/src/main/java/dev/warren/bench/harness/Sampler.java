package dev.warren.bench.harness;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A prepared measurement that can be repeated. Confined to one thread. */
public interface Sampler extends AutoCloseable {

  /** Does the work once and returns its figure. */
  double sample() throws IOException, InterruptedException;

  /** Does the work without measuring, at least once, until {@code min} has passed. */
  default void warmUp(Duration min) throws IOException, InterruptedException {
    long start = System.nanoTime();
    do {
      sample();
    } while (System.nanoTime() - start < min.toNanos());
  }

  /** Additional observations for the report. */
  default Map<String, Object> notes() {
    return Map.of();
  }

  /** Additional targets, and whether they were met. */
  default List<Target.Verdict> verdicts() {
    return List.of();
  }

  @Override
  default void close() throws IOException {}

  /** Prepares a sampler; its resources live until it is closed. */
  @FunctionalInterface
  interface Opener {
    Sampler open(Site site) throws IOException, InterruptedException;
  }
}
