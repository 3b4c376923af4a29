package dev.warren.pool.engine.collect;

import dev.warren.broker.Broker;
import dev.warren.broker.Delivery;
import dev.warren.broker.Subscription;
import dev.warren.pool.engine.pending.PendingCalls;
import dev.warren.wire.Message;
import dev.warren.wire.ResultCodec;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An owner's subscription to its results queue: passes the messages to a {@link ResultCollector}
 * while there is space for their content, and adapts its prefetch to their size. Thread-safe.
 */
public final class ResultSubscription {
  private final Broker broker;
  private final String queue;
  private final ResultCollector collector;
  private final HeldBack held;
  // confined to the thread that handles messages; there is one at a time
  private final ResultsPrefetch prefetch = new ResultsPrefetch(ResultsPrefetch.BYTES);
  // volatile: written by start; the delivering thread may read it earlier
  private volatile @Nullable Subscription subscription;

  /**
   * Creates a subscription; {@link #start} begins it.
   *
   * @param codec converts the messages of the queue
   * @param sink receives the outcomes
   * @param overtaken receives the number of each call of which another attempt may be running
   * @param noPlace whether no message may be handled now; checked before each message
   * @param echoed receives the owner's own echoes
   */
  public ResultSubscription(
      Broker broker,
      ResultCodec codec,
      String queue,
      PendingCalls table,
      OutcomeSink sink,
      LongConsumer overtaken,
      BooleanSupplier noPlace,
      Consumer<Message> echoed) {
    this.broker = broker;
    this.queue = queue;
    this.collector = new ResultCollector(codec, queue, table, sink, overtaken, echoed);
    this.held = new HeldBack(noPlace, this::handle);
  }

  /** Subscribes to the queue, which must exist. Blocks until the broker answers. */
  public void start() {
    subscription = broker.subscribe(queue, ResultsPrefetch.FIRST, held::add);
  }

  /** Takes no more messages. */
  public void stop() {
    Subscription own = subscription;
    if (own != null) {
      own.cancel();
    }
  }

  /** Called when there may be space again, or a waiting consumer. */
  public void goOn() {
    held.goOn();
  }

  /** Whether messages wait for space. */
  public boolean holdsBack() {
    return held.any();
  }

  private void handle(Delivery delivery) {
    collector.handle(delivery);
    Subscription own = subscription;
    if (own != null && prefetch.seen(delivery.message().body().length())) {
      own.prefetch(prefetch.current());
    }
  }
}
