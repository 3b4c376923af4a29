package dev.warren.pool.engine;

import dev.warren.broker.Delivery;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Result messages on their way to the {@link Inbox}, which takes them one at a time and in order.
 * While there is no place for what they hold they stay here, unsettled, and the broker keeps what
 * is more. They go on when a result has been taken, or when somebody waits for one that may be
 * among them. Thread-safe.
 */
final class HeldBack {
  private final Queue<Delivery> deliveries = new ConcurrentLinkedQueue<>();
  private final BooleanSupplier noPlace;
  private final Consumer<Delivery> inbox;
  private final Drain drain = new Drain(this::handleAll);

  /**
   * None yet.
   *
   * @param noPlace whether nothing is to be taken in now; asked before each message
   * @param inbox takes a message in and settles it; never called by two threads at once
   */
  HeldBack(BooleanSupplier noPlace, Consumer<Delivery> inbox) {
    this.noPlace = noPlace;
    this.inbox = inbox;
  }

  /** A message has come. */
  void add(Delivery delivery) {
    deliveries.add(delivery);
    drain.run();
  }

  /** There may be a place again, or somebody who waits. */
  void goOn() {
    if (!deliveries.isEmpty()) {
      drain.run();
    }
  }

  /** Whether messages are held back now. */
  boolean any() {
    return !deliveries.isEmpty();
  }

  private void handleAll() {
    while (!deliveries.isEmpty() && !noPlace.getAsBoolean()) {
      Delivery next = deliveries.poll();
      if (next != null) {
        inbox.accept(next);
      }
    }
  }
}
