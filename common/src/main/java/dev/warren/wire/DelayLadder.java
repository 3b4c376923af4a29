package dev.warren.wire;

import java.util.stream.LongStream;

/**
 * The waits for which a pool has delay queues, in milliseconds: powers of two from 0.1 s to about
 * 55 min. Workers put messages off through them, owners look into them for calls that seem lost,
 * and docs/protocol.md names them.
 */
public final class DelayLadder {
  /** The shortest step. */
  public static final long FIRST_STEP_MS = 100;

  private static final int STEPS = 16;

  private DelayLadder() {}

  /** All steps, the shortest first. */
  public static LongStream steps() {
    return LongStream.range(0, STEPS).map(i -> FIRST_STEP_MS << i);
  }

  /** The longest step that does not overshoot this wait; the shortest for all below it. */
  public static long step(long waitMillis) {
    return steps().filter(step -> step <= waitMillis).max().orElse(FIRST_STEP_MS);
  }
}
