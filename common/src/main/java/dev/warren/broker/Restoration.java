package dev.warren.broker;

import dev.warren.broker.RabbitConnector.OpenConnection;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What is to be restored: after a reconnect all, of which it tells that consuming is back once that
 * and the start of each subscription are done or have failed once; and for as long as the broker
 * refuses part of it. Exchanges and bindings are also redeclared at intervals: the broker does not
 * tell when an exchange was deleted or recreated without its bindings, while a queue's end shows in
 * its consumer and in what is sent to it. Confined to the consuming thread, but for the declaring,
 * which waits for the broker on another.
 */
final class Restoration {
  private static final Logger log = Logs.of(RabbitConsumer.class);

  private final DeclaredTopology topology;
  private final ConnectionEvents events;
  private final Executor declarer;
  private final Consumer<Runnable> later;
  private final long againNanos;

  // the connection that stands; null without
  private @Nullable OpenConnection link;
  // of its parts, those that have not been tried yet
  private int left;
  private boolean declaring;
  // of declaring, in a row, since the connection stands; and when it is done again
  private int failures;
  private long dueNanos;

  /**
   * Nothing to restore yet.
   *
   * @param first the connection that stands
   * @param later has the consuming thread do something
   * @param every how often exchanges and bindings are declared again
   */
  Restoration(
      OpenConnection first,
      DeclaredTopology topology,
      ConnectionEvents events,
      Executor declarer,
      Consumer<Runnable> later,
      Duration every) {
    this.link = first;
    this.topology = topology;
    this.events = events;
    this.declarer = declarer;
    this.later = later;
    this.againNanos = every.toNanos();
    this.dueNanos = TimeSource.SYSTEM.nanos() + againNanos;
  }

  /** A new connection stands, on which so many subscriptions are about to be started. */
  void begin(OpenConnection standing, int subscriptions) {
    link = standing;
    left = subscriptions + 1;
    failures = 0;
    declare(standing, topology.all(), true);
  }

  /** The connection was lost: nothing can be restored on it any more. */
  void breakOff() {
    link = null;
    left = 0;
    failures = 0;
    declaring = false;
  }

  /** Whether something has not been tried yet. */
  boolean isUnderWay() {
    return left > 0;
  }

  /** One of the parts is done, or has failed once. */
  void triedOne(OpenConnection standing) {
    if (left > 0 && --left == 0) {
      events.consuming(standing);
    }
  }

  /** Declares again if it is time to. */
  void declareIfDue(long now) {
    OpenConnection standing = link;
    if (standing != null && nanosToNext(now) <= 0) {
      declare(standing, failures > 0 ? topology.all() : topology.withoutQueues(), false);
    }
  }

  /** How long until there is something to do; very long where there is nothing. */
  long nanosToNext(long now) {
    return link != null && !declaring ? dueNanos - now : Long.MAX_VALUE;
  }

  private void declare(OpenConnection standing, Topology wanted, boolean first) {
    declaring = true;
    declarer.execute(
        () -> {
          List<BrokerException> refused = DeclaredTopology.tryToDeclare(standing, wanted);
          later.accept(() -> declared(standing, refused, first));
        });
  }

  private void declared(OpenConnection standing, List<BrokerException> refused, boolean first) {
    if (!standing.equals(link)) {
      return;
    }
    declaring = false;
    if (failures == 0) {
      refused.forEach(e -> log.error("redeclaring: {}; trying again", e.getMessage()));
    }
    failures = refused.isEmpty() ? 0 : failures + 1;
    long wait = failures == 0 ? againNanos : RabbitConnector.waitAfter(failures).toNanos();
    dueNanos = TimeSource.SYSTEM.nanos() + wait;
    if (first) {
      triedOne(standing);
    }
  }
}
