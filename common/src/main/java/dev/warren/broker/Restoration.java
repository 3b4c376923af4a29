package dev.warren.broker;

import dev.warren.broker.RabbitConnector.OpenConnection;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.TimeSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What is to be restored after a reconnect. Declares everything anew, and again for as long as the
 * broker refuses part of it; tells that consuming is back once that and the start of each
 * subscription are done or have failed once. Confined to the consuming thread, but for the
 * declaring, which waits for the broker on another.
 */
final class Restoration {
  private static final Logger log = Logs.of(RabbitConsumer.class);

  private final DeclaredTopology topology;
  private final ConnectionEvents events;
  private final Executor declarer;
  private final Consumer<Runnable> later;

  // the connection that stands in place of one that was lost; null before the first, and without
  private @Nullable OpenConnection link;
  // of its parts, those that have not been tried yet
  private int left;
  private boolean declaring;
  // of declaring, in a row, since the connection stands; and when it is tried again
  private int failures;
  private long dueNanos;

  /**
   * Nothing to restore.
   *
   * @param later has the consuming thread do something
   */
  Restoration(
      DeclaredTopology topology,
      ConnectionEvents events,
      Executor declarer,
      Consumer<Runnable> later) {
    this.topology = topology;
    this.events = events;
    this.declarer = declarer;
    this.later = later;
  }

  /** A new connection stands, on which so many subscriptions are about to be started. */
  void begin(OpenConnection standing, int subscriptions) {
    link = standing;
    left = subscriptions + 1;
    failures = 0;
    declareAll(standing);
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
      declareAll(standing);
    }
  }

  /** How long until there is something to do; very long where there is nothing. */
  long nanosToNext(long now) {
    return failures > 0 && !declaring ? dueNanos - now : Long.MAX_VALUE;
  }

  private void declareAll(OpenConnection standing) {
    declaring = true;
    declarer.execute(
        () -> {
          List<BrokerException> refused = DeclaredTopology.tryToDeclare(standing, topology.all());
          later.accept(() -> declared(standing, refused));
        });
  }

  private void declared(OpenConnection standing, List<BrokerException> refused) {
    if (!standing.equals(link)) {
      return;
    }
    declaring = false;
    if (failures == 0) {
      refused.forEach(e -> log.error("after reconnecting: {}; trying again", e.getMessage()));
    }
    failures = refused.isEmpty() ? 0 : failures + 1;
    dueNanos = TimeSource.SYSTEM.nanos() + RabbitConnector.waitAfter(failures).toNanos();
    triedOne(standing);
  }
}
