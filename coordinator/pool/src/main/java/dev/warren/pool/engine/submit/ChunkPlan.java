package dev.warren.pool.engine.submit;

import dev.warren.pool.engine.pending.CallTimes;
import java.util.function.DoubleSupplier;

/**
 * Decides how many calls of a job the next message gets. Confined to the job's feed.
 *
 * <p>A given chunk size is used as it is. Otherwise the size starts at one call and, as call times
 * become known, at most doubles from message to message, up to the given amount of work (usually 20
 * ms). Near a known end of the input it shrinks again, so that no slot has much left to do while
 * others are idle.
 */
public final class ChunkPlan {
  /** Work per message aimed at. */
  public static final double TARGET_MICROS = 20_000;

  private static final int MAX_CALLS = 8192;

  /**
   * Maximum calls per slot in flight, whatever the size of the messages: calls in flight also use
   * table entries.
   */
  private static final int MAX_AHEAD = 2048;

  private final int fixed;
  private final CallTimes.Measured times;
  private final DoubleSupplier micros;
  private int last = 1;

  /**
   * Creates a plan.
   *
   * @param fixed calls per message; 0 to adapt
   * @param micros target work per message, used once call times are known
   */
  public ChunkPlan(int fixed, CallTimes.Measured times, DoubleSupplier micros) {
    this.fixed = fixed;
    this.times = times;
    this.micros = micros;
  }

  /** Whether enough is known to send more than a few calls. */
  boolean known() {
    return fixed > 0 || times.known();
  }

  /**
   * Number of calls for the next message.
   *
   * @param slots number of calls that run at once
   * @param rest number of calls not sent yet; -1 if unknown
   */
  public int next(int slots, long rest) {
    if (fixed > 0) {
      return fixed;
    }
    int wanted = Math.min(times.callsIn(micros.getAsDouble(), MAX_CALLS), last * 2);
    if (rest >= 0) {
      wanted = (int) Math.min(wanted, Math.max(1, rest / (2L * slots)));
    }
    return wanted;
  }

  /** Number of calls that keep {@code slots} slots busy for a while; 0 if nothing is known. */
  int ahead(int slots) {
    return times.known() ? slots * times.callsIn(TARGET_MICROS, MAX_AHEAD) : 0;
  }

  /**
   * Number of calls that {@code slots} slots finish during two round trips. One round trip covers
   * the calls in transit; the other allows for the window being refilled only when a quarter of it
   * is empty, and for the measured round trip being the minimum.
   */
  int onTheWay(int slots, long wayMicros) {
    return slots * times.callsWithin(2.0 * wayMicros, MAX_AHEAD);
  }

  /** Records that a message of {@code calls} calls was sent. */
  public void sent(int calls) {
    if (times.known()) {
      last = Math.max(last, calls);
    }
  }
}
