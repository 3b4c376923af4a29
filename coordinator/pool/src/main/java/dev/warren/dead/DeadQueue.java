package dev.warren.dead;

import dev.warren.broker.Broker.QueueDepth;
import dev.warren.broker.BrokerException;
import dev.warren.broker.BrokerListener;
import dev.warren.broker.BrokerUri;
import dev.warren.broker.PoolNames;
import dev.warren.broker.rabbit.QueueBrowser;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.wire.TaskCodec;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A pool's dead-letter queue: visits its messages in order, each to be removed or left. Confined to
 * one thread, except {@link #interrupt}. However the process ends, messages that were not removed
 * stay in the queue.
 */
public final class DeadQueue implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final String place;
  private final PoolNames names;
  private final RabbitBroker broker;
  private final TaskCodec codec;
  private final Consumer<String> warnings;
  // volatile: set by other threads and by those of the broker
  private volatile boolean interrupted;
  private volatile @Nullable String blocked;
  private final boolean ownsBroker;
  private boolean ended;
  private @Nullable QueueBrowser browsing;

  private DeadQueue(
      PoolNames names,
      String place,
      RabbitBroker broker,
      boolean ownsBroker,
      TaskCodec codec,
      Consumer<String> warnings) {
    this.names = names;
    this.place = place;
    this.broker = broker;
    this.ownsBroker = ownsBroker;
    this.codec = codec;
    this.warnings = warnings;
  }

  /** The dead-letter queue of a pool, over a connection that the caller closes. */
  public static DeadQueue of(
      RabbitBroker broker, PoolNames names, TaskCodec codec, Consumer<String> warnings) {
    return new DeadQueue(names, broker.description(), broker, false, codec, warnings);
  }

  /**
   * Connects.
   *
   * @param codec converts tasks
   * @param warnings receives what an operator should know, one line each, on the visiting thread
   * @throws BrokerException if the broker cannot be reached or refuses
   */
  public static DeadQueue open(BrokerUri uri, TaskCodec codec, Consumer<String> warnings)
      throws InterruptedException {
    RabbitBroker broker = RabbitBroker.open(uri, "warren dead", CONNECT_TIMEOUT);
    DeadQueue queue =
        new DeadQueue(new PoolNames(uri.pool()), uri.toString(), broker, true, codec, warnings);
    broker.addListener(
        new BrokerListener() {
          @Override
          public void blocked(String reason) {
            queue.blocked = reason;
          }

          @Override
          public void unblocked() {
            queue.blocked = null;
          }
        });
    return queue;
  }

  /** Ends the present visit after the present message. Thread-safe. */
  public void interrupt() {
    interrupted = true;
  }

  /**
   * Visits the messages that are in the queue now; later ones are left out.
   *
   * @param visitor receives each message and returns whether to continue
   * @return the number of messages
   * @throws IllegalArgumentException if there is no such queue
   */
  public long browse(Visitor visitor) throws InterruptedException {
    return browse(visitor, () -> {});
  }

  /**
   * Visits the messages, as {@link #browse(Visitor)}.
   *
   * @param atEnd run after the last message, before the remaining messages are requeued
   */
  public long browse(Visitor visitor, AtEnd atEnd) throws InterruptedException {
    QueueDepth there =
        broker
            .depth(names.dead())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "there is no queue "
                            + names.dead()
                            + ": no worker has ever served a pool of this name on "
                            + place
                            + "; is --pool right?"));
    if (there.consumers() > 0) {
      warnings.accept("another consumer reads " + names.dead() + "; some messages may be missed");
    }
    ended = true;
    try (QueueBrowser browser = broker.browse(names.dead(), there.ready())) {
      browsing = browser;
      QueueBrowser.Item item = browser.next();
      while (item != null) {
        if (isInterrupted()
            || !visitor.visit(DeadLetter.of(item.message()), remover(browser, item))) {
          ended = false;
          break;
        }
        item = browser.next();
      }
      atEnd.run();
    }
    return there.ready();
  }

  private static Runnable remover(QueueBrowser browser, QueueBrowser.Item item) {
    return () -> browser.remove(item);
  }

  /** Counts the matching messages without changing anything. */
  public long count(Predicate<DeadLetter> filter) throws InterruptedException {
    long[] count = {0};
    browse(
        (letter, remove) -> {
          count[0] += filter.test(letter) ? 1 : 0;
          return true;
        });
    return count[0];
  }

  /** Whether the last pass reached the end of the queue. */
  public boolean ended() {
    return ended;
  }

  /**
   * Checks that browsed messages can still be removed.
   *
   * @throws BrokerException if the browser has lost its connection, so that its messages were
   *     requeued
   */
  public void checkBrowsing() {
    QueueBrowser browser = browsing;
    if (browser != null) {
      browser.check();
    }
  }

  /** Whether {@link #interrupt} has been called. */
  public boolean isInterrupted() {
    return interrupted;
  }

  /** Passes a line to whoever reads the warnings. */
  void warn(String line) {
    warnings.accept(line);
  }

  /** Why the broker accepts no messages at this moment; null if it does. */
  @Nullable String blocked() {
    return blocked;
  }

  public RabbitBroker broker() {
    return broker;
  }

  public PoolNames names() {
    return names;
  }

  /** The codec of this program's tasks. */
  public TaskCodec codec() {
    return codec;
  }

  @Override
  public void close() {
    if (ownsBroker) {
      broker.close();
    }
  }

  /** An action at the end of a pass. */
  @FunctionalInterface
  public interface AtEnd {
    void run() throws InterruptedException;
  }

  /** Receives one message after another. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * Decides about a message.
     *
     * @param remove removes the message from the queue; if it is not run, the message stays
     * @return whether to continue with the next message
     */
    boolean visit(DeadLetter letter, Runnable remove) throws InterruptedException;
  }
}
