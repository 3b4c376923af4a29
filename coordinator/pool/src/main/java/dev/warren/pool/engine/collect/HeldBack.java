package dev.warren.pool.engine.collect;

import dev.warren.broker.Delivery;
import dev.warren.pool.engine.threads.Drain;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Result messages on their way to the {@link ResultCollector}, which handles them one at a time and
 * in order. While there is no space for their content they stay here unsettled, and the broker
 * keeps the rest. They continue when a result has been consumed, or when somebody waits for one
 * that may be among them. Thread-safe.
 */
public final class HeldBack {
  private final Queue<Delivery> deliveries = new ConcurrentLinkedQueue<>();
  private final BooleanSupplier noPlace;
  private final Consumer<Delivery> collector;
  private final Drain drain = new Drain(this::handleAll);

  /**
   * Creates an empty instance.
   *
   * @param noPlace whether no message may be handled now; checked before each message
   * @param collector handles and settles a message; never called by two threads at once
   */
  public HeldBack(BooleanSupplier noPlace, Consumer<Delivery> collector) {
    this.noPlace = noPlace;
    this.collector = collector;
  }

  /** Adds an arrived message. */
  public void add(Delivery delivery) {
    deliveries.add(delivery);
    drain.run();
  }

  /** Called when there may be space again, or a waiting consumer. */
  public void goOn() {
    if (!deliveries.isEmpty()) {
      drain.run();
    }
  }

  /** Whether messages are held back. */
  public boolean any() {
    return !deliveries.isEmpty();
  }

  private void handleAll() {
    while (!deliveries.isEmpty() && !noPlace.getAsBoolean()) {
      Delivery next = deliveries.poll();
      if (next != null) {
        collector.accept(next);
      }
    }
  }
}
