package dev.warren.pool.engine;

import java.util.function.DoubleSupplier;

/**
 * How many calls of a job the next message takes. Confined to the job's feed.
 *
 * <p>A given size is kept. Else it starts at one call and, as call times become known, at most
 * doubles from message to message up to about 20 ms of work, or what else is given; towards a known
 * end of the input it shrinks again, so that no slot is left with much while others have nothing.
 */
final class ChunkPlan {
  /** Work per message aimed at. */
  static final double TARGET_MICROS = 20_000;

  private static final int MOST_CALLS = 8192;

  /** Per slot, whatever the size of the messages: what is under way is also held in tables. */
  private static final int MOST_AHEAD = 2048;

  private final int fixed;
  private final CallTimes.Measured times;
  private final DoubleSupplier micros;
  private int last = 1;

  /**
   * A plan.
   *
   * @param fixed calls per message; 0 to adapt
   * @param micros work per message, as far as call times are known
   */
  ChunkPlan(int fixed, CallTimes.Measured times, DoubleSupplier micros) {
    this.fixed = fixed;
    this.times = times;
    this.micros = micros;
  }

  /** Whether enough is known to send more than a first few calls. */
  boolean known() {
    return fixed > 0 || times.known();
  }

  /**
   * Calls for the next message.
   *
   * @param slots calls that run at once
   * @param rest calls that are not sent yet; -1 where not known
   */
  int next(int slots, long rest) {
    if (fixed > 0) {
      return fixed;
    }
    int wanted = Math.min(times.callsIn(micros.getAsDouble(), MOST_CALLS), last * 2);
    if (rest >= 0) {
      wanted = (int) Math.min(wanted, Math.max(1, rest / (2L * slots)));
    }
    return wanted;
  }

  /** Calls that keep so many slots busy for a while; 0 where nothing is known. */
  int ahead(int slots) {
    return times.known() ? slots * times.callsIn(TARGET_MICROS, MOST_AHEAD) : 0;
  }

  /**
   * Calls that {@code slots} end during two round trips. One covers the calls on their way; the
   * other allows for the window being refilled only when a quarter of it is empty, and for the
   * measured round trip being the shortest one.
   */
  int onTheWay(int slots, long wayMicros) {
    return slots * times.callsWithin(2.0 * wayMicros, MOST_AHEAD);
  }

  /** A message of that many calls was sent. */
  void sent(int calls) {
    if (times.known()) {
      last = Math.max(last, calls);
    }
  }
}
