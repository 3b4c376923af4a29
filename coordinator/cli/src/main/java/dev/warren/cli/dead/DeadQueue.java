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
 * One command's look at a pool's dead queue: messages in order, each to be removed or left.
 *
 * <p>The first SIGINT or SIGTERM ends the walk after the message in hand, the second ends the
 * process at once; in both cases what was not removed stays in the queue.
 */
final class DeadQueue implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final BrokerUri uri;
  private final PoolNames names;
  private final RabbitBroker broker;
  private final PrintStream err = System.err;
  // volatile: set by the signals' threads and the broker's, read by the main thread
  private volatile int signals;
  private volatile @Nullable String blocked;
  private boolean ended;
  private @Nullable QueueBrowser walking;

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
   * Goes through the messages that are there now; those that come meanwhile are left out.
   *
   * @param visitor gets each message and says whether to go on
   * @return how many messages there were
   */
  long walk(Visitor visitor) throws InterruptedException {
    return walk(visitor, () -> {});
  }

  /**
   * The same.
   *
   * @param atEnd done after the last message, before those left are returned
   */
  long walk(Visitor visitor, AtEnd atEnd) throws InterruptedException {
    QueueDepth there =
        broker
            .depth(names.dead())
            .orElseThrow(
                () ->
                    CommandFailure.usage(
                        "there is no queue "
                            + names.dead()
                            + ": no worker has served a pool of this name on "
                            + uri
                            + "; is --pool right?"));
    if (there.consumers() > 0) {
      err.println("warren: somebody else is taking from " + names.dead() + ": some may be missed");
    }
    ended = true;
    try (QueueBrowser walk = broker.walk(names.dead(), there.ready())) {
      walking = walk;
      QueueBrowser.Item item = walk.next();
      while (item != null) {
        if (isInterrupted() || !visitor.visit(DeadLetter.of(item.message()), remover(walk, item))) {
          ended = false;
          break;
        }
        item = walk.next();
      }
      atEnd.run();
    }
    return there.ready();
  }

  private static Runnable remover(QueueBrowser walk, QueueBrowser.Item item) {
    return () -> walk.remove(item);
  }

  /** Counts what fits, without changing anything. */
  long count(Predicate<DeadLetter> filter) throws InterruptedException {
    long[] count = {0};
    walk(
        (letter, remove) -> {
          count[0] += filter.test(letter) ? 1 : 0;
          return true;
        });
    return count[0];
  }

  /** Whether the last walk went to its end. */
  boolean ended() {
    return ended;
  }

  /**
   * Whether what the walk has taken can still be removed.
   *
   * @throws BrokerException if the walk has lost its connection, and with it what it had taken
   */
  void checkWalk() {
    QueueBrowser walk = walking;
    if (walk != null) {
      walk.check();
    }
  }

  /** Whether a signal has asked for the end. */
  boolean isInterrupted() {
    return signals > 0;
  }

  /** Why the broker takes no messages at this moment; null while it does. */
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

  /** What is still to be done. */
  @FunctionalInterface
  interface AtEnd {
    void run() throws InterruptedException;
  }

  /** Sees one message after another. */
  @FunctionalInterface
  interface Visitor {
    /**
     * Decides about a message.
     *
     * @param remove takes it out of the queue; else it stays
     * @return whether to go on to the next
     */
    boolean visit(DeadLetter letter, Runnable remove) throws InterruptedException;
  }
}
