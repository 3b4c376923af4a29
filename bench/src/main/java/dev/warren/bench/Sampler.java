package dev.warren.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Something that is ready to be measured, again and again. Confined to one thread. */
interface Sampler extends AutoCloseable {

  /** Does the work once and gives its figure. */
  double sample() throws IOException, InterruptedException;

  /** Does the work without counting, once at least, until so much time has passed. */
  default void warmUp(Duration least) throws IOException, InterruptedException {
    long start = System.nanoTime();
    do {
      sample();
    } while (System.nanoTime() - start < least.toNanos());
  }

  /** What else was seen, for the report. */
  default Map<String, Object> notes() {
    return Map.of();
  }

  /** What else was to be reached, and whether it was. */
  default List<Target.Verdict> verdicts() {
    return List.of();
  }

  @Override
  default void close() throws IOException {}

  /** Makes a sampler ready; what it needs lives until it is closed. */
  @FunctionalInterface
  interface Opener {
    Sampler open(Site site) throws IOException, InterruptedException;
  }
}
