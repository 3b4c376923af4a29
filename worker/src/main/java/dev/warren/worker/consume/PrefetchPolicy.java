package dev.warren.worker.consume;

import dev.warren.broker.Broker;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * How many unsettled deliveries to hold: one per slot for long tasks, so that none waits here while
 * another host is idle; more the shorter they are, to hide the way to the broker. A delivery counts
 * from when the broker sends it until the broker reads its acknowledgement, which is sent only when
 * the outcome is confirmed: its run and two round trips. Half a round trip more is allowed for,
 * since deliveries come in bursts. Changed rarely. Confined to the loop.
 *
 * <p>Of large messages so few are held that they fill no more than {@link #AHEAD_BYTES}, one at
 * least.
 *
 * <p>A worker that dies may leave a thousand tasks in front of all else, and until it is known
 * whether anybody runs them they only pass through here: many are let in then.
 */
final class PrefetchPolicy {
  /** Work per slot that may wait here. */
  static final long AHEAD_MICROS = 20_000;

  static final int MOST = 1000;

  /** At least so many while a crowd of suspects passes. */
  static final int CROWD = 64;

  /** Bytes of bodies that may wait here, as far as the size of those that have come tells. */
  static final long AHEAD_BYTES = Math.max(4 << 20, Runtime.getRuntime().maxMemory() / 8);

  private static final double WEIGHT = 0.2;

  /** How fast the size of large bodies is forgotten when smaller ones follow. */
  private static final double SIZE_DECAY = 0.02;

  /** A task that takes so many times longer than the others is an exception, or the new rule. */
  private static final double MUCH_LONGER = 8;

  private final int slots;
  private final Supplier<Duration> roundTrip;
  private double taskMicros = -1;
  private boolean lastMuchLonger;
  private int current;
  private double bodyBytes;
  // most messages, by their size
  private int mostBySize = MOST;
  private boolean crowd;

  /**
   * A policy that knows no task yet.
   *
   * @param roundTrip how long the way to the broker and back takes at present
   */
  PrefetchPolicy(int slots, Supplier<Duration> roundTrip) {
    this.slots = slots;
    this.roundTrip = roundTrip;
    this.current = Math.min(slots, MOST);
  }

  int current() {
    return Math.min(mostBySize, crowd ? Math.max(CROWD, current) : current);
  }

  /**
   * Takes in that a task with a body of this size has come; says whether the prefetch has changed.
   */
  boolean came(int bytes) {
    bodyBytes = bytes > bodyBytes ? bytes : bodyBytes + SIZE_DECAY * (bytes - bodyBytes);
    int wanted = (int) Math.max(1, Math.min(MOST, AHEAD_BYTES / Math.max(1, bodyBytes)));
    if (wanted * 2 > mostBySize && wanted < mostBySize * 4 && wanted < MOST) {
      return false;
    }
    int before = current();
    mostBySize = wanted;
    return current() != before;
  }

  /** Takes in whether a crowd of suspects passes; says whether the prefetch has changed. */
  boolean crowd(boolean much) {
    int before = current();
    crowd = much;
    return current() != before;
  }

  /** Takes in that tasks take much longer than thought: one per slot until measured otherwise. */
  void stuck() {
    taskMicros = Math.max(taskMicros, 2 * AHEAD_MICROS);
    current = Math.min(slots, MOST);
  }

  /**
   * Takes in that a task kept children busy for so long; says whether the prefetch has changed. One
   * long task among short ones changes nothing: what waits behind it is taken by other slots, or
   * given back ({@link Rebalancer}). Two in a row are the new rule.
   */
  boolean measured(long busyMicros) {
    boolean muchLonger = taskMicros >= 0 && busyMicros > taskMicros * MUCH_LONGER;
    boolean exception = muchLonger && !lastMuchLonger;
    lastMuchLonger = muchLonger;
    if (exception) {
      return false;
    }
    boolean news = taskMicros < 0 || muchLonger;
    taskMicros = news ? busyMicros : taskMicros + WEIGHT * (busyMicros - taskMicros);
    double each = Math.max(taskMicros, 20);
    Duration way = roundTrip.get();
    long pipeline = way.compareTo(Broker.NEAR) < 0 ? 0 : 2 * way.toNanos() / 1000;
    int wanted = deliveries(slots, each, pipeline + pipeline / 4 + AHEAD_MICROS);
    if (wanted >= current * 2
        || wanted * 2 <= current
        || (wanted * 4 >= current * 5 && leavesIdle(each, pipeline))) {
      int before = current();
      current = Math.max(1, wanted);
      return current() != before;
    }
    return false;
  }

  /**
   * Whether slots are idle with what is held now, and the tasks so short that for a moment twice as
   * many may be held, which is what a new consumer costs.
   */
  private boolean leavesIdle(double taskMicros, long pipelineMicros) {
    return taskMicros <= 3 * pipelineMicros
        && current < deliveries(slots, taskMicros, pipelineMicros);
  }

  /** Deliveries that keep the slots busy if each is held for so long beside its run. */
  static int deliveries(int slots, double taskMicros, long besideMicros) {
    return (int) Math.min(MOST, slots + Math.floor(slots * (besideMicros / taskMicros)));
  }
}
