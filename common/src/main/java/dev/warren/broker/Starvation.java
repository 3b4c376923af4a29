package dev.warren.broker;

/**
 * Whether a consumer starves: for a while it has had room for more and got nothing, although its
 * queue holds messages. A queue serves in turn all consumers that have room, so such a one has been
 * forgotten, by the broker or on the way, and nobody tells. Confined to the consuming thread.
 *
 * <p>It is looked at from time to time; where it got nothing since the last look its queue is asked
 * what waits. Two such answers in a row, and it must start anew. If that brings nothing, the next
 * start is for a new connection, and after twice as many answers, so that an answer which is wrong
 * for reasons nobody has thought of does not have messages delivered again and again for ever.
 */
final class Starvation {
  private static final int PATIENCE = 2;

  /** At a look every 15 s a quarter of an hour. */
  private static final int LONGEST_PATIENCE = 64;

  /** What is to be done. */
  enum Remedy {
    NONE,
    NEW_CHANNEL,
    NEW_CONNECTION
  }

  private boolean hadRoom;
  private long seen = -1;
  private int hungry;
  private int patience = PATIENCE;
  private boolean rebuilt;

  /**
   * A look.
   *
   * @param room whether it consumes and the broker may send it more
   * @param deliveries how many it has had in its life
   * @return whether its queue is to be asked
   */
  boolean look(boolean room, long deliveries) {
    boolean quiet = room && hadRoom && deliveries == seen;
    if (deliveries != seen) {
      patience = PATIENCE;
      rebuilt = false;
    }
    if (!quiet) {
      hungry = 0;
    }
    hadRoom = room;
    seen = deliveries;
    return quiet;
  }

  /**
   * What its queue has answered.
   *
   * @param waiting whether messages wait there
   */
  Remedy answered(boolean waiting) {
    hungry = waiting ? hungry + 1 : 0;
    if (hungry < patience) {
      return Remedy.NONE;
    }
    Remedy remedy = rebuilt ? Remedy.NEW_CONNECTION : Remedy.NEW_CHANNEL;
    hungry = 0;
    patience = Math.min(LONGEST_PATIENCE, 2 * patience);
    rebuilt = true;
    return remedy;
  }
}
