package dev.warren.worker.consume;

import dev.warren.broker.Broker;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Chooses the prefetch, the number of unsettled deliveries to hold: one per slot for long tasks, so
 * that none waits here while another host is idle; more for short tasks, to hide the broker's
 * round-trip time. A delivery counts from when the broker sends it until the broker reads its
 * acknowledgement, which is sent only when the outcome is confirmed: the run and two round trips.
 * Half a round trip is added, since deliveries come in bursts. Changed rarely. Confined to the
 * loop.
 *
 * <p>Large messages are limited to {@link #AHEAD_BYTES} in total, but at least one is held.
 *
 * <p>A worker that dies may leave a thousand tasks at the head of the queue. Until it is known
 * whether another worker runs them they are only deferred, so more are admitted then.
 */
final class PrefetchPolicy {
  /** Work per slot that may wait here. */
  static final long AHEAD_MICROS = 20_000;

  static final int MAX = 1000;

  /** Minimum prefetch while more suspects are deferred than may be held. */
  static final int CROWD = 64;

  /** Bytes of bodies that may wait here, estimated from the sizes of the received ones. */
  static final long AHEAD_BYTES = Math.max(4 << 20, Runtime.getRuntime().maxMemory() / 8);

  private static final double WEIGHT = 0.2;

  /** How fast the size of large bodies is forgotten when smaller ones follow. */
  private static final double SIZE_DECAY = 0.02;

  /** A task this many times longer than the average is an outlier, unless the next one is too. */
  private static final double MUCH_LONGER = 8;

  private final int slots;
  private final Supplier<Duration> roundTrip;
  private double taskMicros = -1;
  private boolean lastMuchLonger;
  private int current;
  private double bodyBytes;
  // maximum number of messages, by their size
  private int mostBySize = MAX;
  private boolean redeliveryBacklog;

  /**
   * Creates a policy that has not measured a task.
   *
   * @param roundTrip present round-trip time to the broker
   */
  PrefetchPolicy(int slots, Supplier<Duration> roundTrip) {
    this.slots = slots;
    this.roundTrip = roundTrip;
    this.current = Math.min(slots, MAX);
  }

  int current() {
    return Math.min(mostBySize, redeliveryBacklog ? Math.max(CROWD, current) : current);
  }

  /** Records the body size of an arrived task. Returns true if the prefetch has changed. */
  boolean came(int bytes) {
    bodyBytes = bytes > bodyBytes ? bytes : bodyBytes + SIZE_DECAY * (bytes - bodyBytes);
    int wanted = (int) Math.max(1, Math.min(MAX, AHEAD_BYTES / Math.max(1, bodyBytes)));
    if (wanted * 2 > mostBySize && wanted < mostBySize * 4 && wanted < MAX) {
      return false;
    }
    int before = current();
    mostBySize = wanted;
    return current() != before;
  }

  /**
   * Sets whether more suspects are deferred than may be held. Returns true if the prefetch has
   * changed.
   */
  boolean redeliveryBacklog(boolean much) {
    int before = current();
    redeliveryBacklog = much;
    return current() != before;
  }

  /**
   * Records that tasks take much longer than estimated: one delivery per slot until the next
   * measurement.
   */
  void stuck() {
    taskMicros = Math.max(taskMicros, 2 * AHEAD_MICROS);
    current = Math.min(slots, MAX);
  }

  /**
   * Records the time that a task kept children busy. Returns true if the prefetch has changed. One
   * long task among short ones changes nothing: the tasks behind it run in other slots or are
   * handed back ({@link Rebalancer}). Two in a row change the estimate.
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
   * Whether slots are idle with the deliveries held now, and tasks are so short that twice the
   * prefetch may be held for a moment, which is the price of a new consumer.
   */
  private boolean leavesIdle(double taskMicros, long pipelineMicros) {
    return taskMicros <= 3 * pipelineMicros
        && current < deliveries(slots, taskMicros, pipelineMicros);
  }

  /**
   * Number of deliveries that keep the slots busy if each is held for {@code besideMicros} in
   * addition to its run.
   */
  static int deliveries(int slots, double taskMicros, long besideMicros) {
    return (int) Math.min(MAX, slots + Math.floor(slots * (besideMicros / taskMicros)));
  }
}
