package dev.warren.wire;

import java.util.stream.LongStream;

/**
 * The rungs of the delay ladder: the waits for which a pool has delay queues, in milliseconds,
 * powers of two from 0.1 s to about 55 min. Workers delay messages through these queues, owners
 * search them for calls that seem lost, and docs/protocol.md names them. Stateless.
 */
public final class DelayLadder {
  /** The shortest rung. */
  public static final long FIRST_STEP_MS = 100;

  private static final int STEPS = 16;

  private DelayLadder() {}

  /** All rungs, shortest first. */
  public static LongStream steps() {
    return LongStream.range(0, STEPS).map(i -> FIRST_STEP_MS << i);
  }

  /** The longest rung that does not exceed this wait; the shortest rung if all do. */
  public static long step(long waitMillis) {
    return steps().filter(step -> step <= waitMillis).max().orElse(FIRST_STEP_MS);
  }
}
