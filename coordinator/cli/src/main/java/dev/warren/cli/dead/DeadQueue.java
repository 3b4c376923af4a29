package dev.warren.cli.dead;

import dev.warren.broker.Broker.QueueDepth;
import dev.warren.broker.BrokerException;
import dev.warren.broker.BrokerListener;
import dev.warren.broker.BrokerUri;
import dev.warren.broker.PoolNames;
import dev.warren.broker.rabbit.QueueBrowser;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.kit.Signals;
import dev.warren.lifecycle.TimeSource;
import java.io.PrintStream;
import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One command's access to a pool's dead-letter queue: visits messages in order, each to be removed
 * or left. Confined to the main thread, except for signals.
 *
 * <p>The first SIGINT or SIGTERM ends it after the present message, the second ends the process at
 * once; in both cases messages that were not removed stay in the queue.
 */
final class DeadQueue implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final BrokerUri uri;
  private final PoolNames names;
  private final RabbitBroker broker;
  private final PrintStream err = System.err;
  // volatile: set by the threads of signals and of the broker, read by the main thread
  private volatile int signals;
  private volatile @Nullable String blocked;
  private boolean ended;
  private @Nullable QueueBrowser browsing;

  private DeadQueue(BrokerUri uri, RabbitBroker broker) {
    this.uri = uri;
    this.names = new PoolNames(uri.pool());
    this.broker = broker;
  }

  /**
   * Connects.
   *
   * @throws BrokerException if the broker cannot be reached or refuses
   */
  static DeadQueue open(BrokerUri uri) throws InterruptedException {
    RabbitBroker broker = RabbitBroker.open(uri, "warren dead", CONNECT_TIMEOUT);
    DeadQueue queue = new DeadQueue(uri, broker);
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
    Signals.on(queue::signal, "INT", "TERM");
    return queue;
  }

  private synchronized void signal() {
    if (++signals > 1) {
      Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
    }
  }

  /**
   * Visits the messages that are in the queue now; later ones are left out.
   *
   * @param visitor receives each message and returns whether to continue
   * @return the number of messages
   */
  long browse(Visitor visitor) throws InterruptedException {
    return browse(visitor, () -> {});
  }

  /**
   * Visits the messages, as {@link #browse(Visitor)}.
   *
   * @param atEnd run after the last message, before the remaining messages are requeued
   */
  long browse(Visitor visitor, AtEnd atEnd) throws InterruptedException {
    QueueDepth there =
        broker
            .depth(names.dead())
            .orElseThrow(
                () ->
                    CommandFailure.usage(
                        "there is no queue "
                            + names.dead()
                            + ": no worker has ever served a pool of this name on "
                            + uri
                            + "; is --pool right?"));
    if (there.consumers() > 0) {
      err.println(
          "warren: another consumer reads " + names.dead() + "; some messages may be missed");
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
  long count(Predicate<DeadLetter> filter) throws InterruptedException {
    long[] count = {0};
    browse(
        (letter, remove) -> {
          count[0] += filter.test(letter) ? 1 : 0;
          return true;
        });
    return count[0];
  }

  /** Whether the last pass reached the end of the queue. */
  boolean ended() {
    return ended;
  }

  /**
   * Checks that browsed messages can still be removed.
   *
   * @throws BrokerException if the browser has lost its connection, so that its messages were
   *     requeued
   */
  void checkWalk() {
    QueueBrowser browser = browsing;
    if (browser != null) {
      browser.check();
    }
  }

  /** Whether a signal has requested the end. */
  boolean isInterrupted() {
    return signals > 0;
  }

  /** Why the broker accepts no messages at this moment; null if it does. */
  @Nullable String blocked() {
    return blocked;
  }

  RabbitBroker broker() {
    return broker;
  }

  PoolNames names() {
    return names;
  }

  static long now() {
    return TimeSource.SYSTEM.epochMillis();
  }

  @Override
  public void close() {
    broker.close();
  }

  /** An action at the end of a pass. */
  @FunctionalInterface
  interface AtEnd {
    void run() throws InterruptedException;
  }

  /** Receives one message after another. */
  @FunctionalInterface
  interface Visitor {
    /**
     * Decides about a message.
     *
     * @param remove removes the message from the queue; if it is not run, the message stays
     * @return whether to continue with the next message
     */
    boolean visit(DeadLetter letter, Runnable remove) throws InterruptedException;
  }
}
