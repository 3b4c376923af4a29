package dev.warren.pool.engine.submit;

import dev.warren.broker.Broker;
import dev.warren.cluster.WorkerRegistry;

/**
 * How many calls run at once and how far away their workers are, as far as known; decides how much
 * is sent, and in how large messages. Thread-safe.
 */
public final class Capacity {
  /** Assumed number of slots while no worker is known. */
  private static final int ASSUMED_SLOTS = 4;

  /** Run time of a message, in round trips, if the next one is sent only after it has ended. */
  private static final double ROUND_TRIPS_PER_CHUNK = 9;

  private final Broker broker;
  private final WorkerRegistry workers;
  private final int fixedSlots;
  private final int limit;

  /**
   * Creates an instance.
   *
   * @param fixedSlots number of children of a {@code local:} pool; 0 if known from heartbeats
   * @param limit maximum concurrent calls of the pool; 0 for no limit but the slots
   */
  public Capacity(Broker broker, WorkerRegistry workers, int fixedSlots, int limit) {
    this.broker = broker;
    this.workers = workers;
    this.fixedSlots = fixedSlots;
    this.limit = limit;
  }

  /** Total slots of all known workers; 0 if none is known. */
  public int workerSlots() {
    return fixedSlots > 0 ? fixedSlots : workers.slots();
  }

  /** Number of calls that run at once. */
  int slots() {
    int known = workerSlots();
    int slots = known > 0 ? known : ASSUMED_SLOTS;
    return limit > 0 ? Math.min(limit, slots) : slots;
  }

  /**
   * The overhead between the end of a call and the start of the next one, in microseconds: a round
   * trip to the broker from here and one from the worker.
   */
  long wayMicros() {
    return broker.roundTrip().toNanos() / 1000 + workers.roundTripMicros();
  }

  /**
   * Work per message, in microseconds, that justifies putting several calls into it. A pool that
   * limits its concurrent calls has no next message in flight while one runs, so a message must run
   * much longer than its round trip.
   */
  double chunkMicros() {
    return limit == 0
        ? ChunkPlan.TARGET_MICROS
        : Math.max(ChunkPlan.TARGET_MICROS, ROUND_TRIPS_PER_CHUNK * wayMicros());
  }
}
