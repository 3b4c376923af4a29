package dev.warren.broker.rabbit.consume;

/**
 * Detects a stalled consumer: one that has had free prefetch for a while and received nothing,
 * although its queue holds messages. A queue serves all consumers with free prefetch in turn, so
 * such a consumer has been forgotten, by the broker or by the network, without any error. Confined
 * to the consuming thread.
 *
 * <p>The watchdog calls {@link #look} periodically. If the consumer received nothing since the last
 * call, its queue's depth is queried. After two consecutive answers that messages wait, the
 * consumer is restarted on a new channel; if that does not help, on a new connection, after twice
 * as many answers each time. The growing patience bounds the redeliveries if an answer is wrong for
 * an unknown reason.
 */
final class StalledConsumerDetector {
  private static final int PATIENCE = 2;

  /** About a quarter of an hour, with a look every 15 s. */
  private static final int LONGEST_PATIENCE = 64;

  /** What to do about the consumer. */
  enum Remedy {
    NONE,
    NEW_CHANNEL,
    NEW_CONNECTION
  }

  private boolean hadRoom;
  private long seen = -1;
  private int stalledLooks;
  private int patience = PATIENCE;
  private boolean rebuilt;

  /**
   * Records the consumer's progress.
   *
   * @param room whether it consumes and the broker may send it more
   * @param deliveries total number of its deliveries
   * @return whether to query the depth of its queue
   */
  boolean look(boolean room, long deliveries) {
    boolean quiet = room && hadRoom && deliveries == seen;
    if (deliveries != seen) {
      patience = PATIENCE;
      rebuilt = false;
    }
    if (!quiet) {
      stalledLooks = 0;
    }
    hadRoom = room;
    seen = deliveries;
    return quiet;
  }

  /**
   * Records the answer of the depth query.
   *
   * @param waiting whether messages wait in the queue
   */
  Remedy answered(boolean waiting) {
    stalledLooks = waiting ? stalledLooks + 1 : 0;
    if (stalledLooks < patience) {
      return Remedy.NONE;
    }
    Remedy remedy = rebuilt ? Remedy.NEW_CONNECTION : Remedy.NEW_CHANNEL;
    stalledLooks = 0;
    patience = Math.min(LONGEST_PATIENCE, 2 * patience);
    rebuilt = true;
    return remedy;
  }
}
