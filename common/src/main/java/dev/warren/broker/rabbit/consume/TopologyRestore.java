package dev.warren.broker.rabbit.consume;

import dev.warren.broker.BrokerException;
import dev.warren.broker.Topology;
import dev.warren.broker.rabbit.connection.ConnectionEvents;
import dev.warren.broker.rabbit.connection.DeclaredTopology;
import dev.warren.broker.rabbit.connection.RabbitConnector;
import dev.warren.broker.rabbit.connection.RabbitConnector.OpenConnection;
import dev.warren.lifecycle.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Restores declarations and subscriptions after a reconnect, and reports that consuming is back
 * once each step has succeeded or failed once. As long as the broker refuses a declaration, it is
 * retried. Exchanges and bindings are also redeclared periodically: the broker does not report when
 * an exchange was deleted or recreated without its bindings, while a deleted queue shows in its
 * consumer and in returned messages. Confined to the consuming thread, except for the declaring,
 * which blocks and runs on another thread.
 */
final class TopologyRestore {
  private final DeclaredTopology topology;
  private final ConnectionEvents events;
  private final Executor declarer;
  private final Consumer<Runnable> later;
  private final long againNanos;

  // the open connection; null while disconnected
  private @Nullable OpenConnection link;
  // number of restore steps not yet attempted on this connection
  private int left;
  private boolean declaring;
  // consecutive failed declarations on this connection, and when to declare again
  private int failures;
  private long dueNanos;

  /**
   * Creates a restoration with nothing to do.
   *
   * @param first the open connection
   * @param later runs a command on the consuming thread
   * @param every interval at which exchanges and bindings are declared again
   */
  TopologyRestore(
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

  /** Starts restoring on a new connection, with the given number of subscriptions. */
  void begin(OpenConnection standing, int subscriptions) {
    link = standing;
    left = subscriptions + 1;
    failures = 0;
    declare(standing, topology.all(), true);
  }

  /** Stops restoring: the connection was lost. */
  void breakOff() {
    link = null;
    left = 0;
    failures = 0;
    declaring = false;
  }

  /** Whether a step has not been attempted yet. */
  boolean isUnderWay() {
    return left > 0;
  }

  /** One step has succeeded, or has failed once. */
  void triedOne(OpenConnection standing) {
    if (left > 0 && --left == 0) {
      events.consuming(standing);
    }
  }

  /** Declares again, if that is due. */
  void declareIfDue(long now) {
    OpenConnection standing = link;
    if (standing != null && nanosToNext(now) <= 0) {
      declare(standing, failures > 0 ? topology.all() : topology.withoutQueues(), false);
    }
  }

  /** Time until the next declaration; {@link Long#MAX_VALUE} if none is scheduled. */
  long nanosToNext(long now) {
    return link != null && !declaring ? dueNanos - now : Long.MAX_VALUE;
  }

  private void declare(OpenConnection standing, Topology wanted, boolean first) {
    declaring = true;
    declarer.execute(
        () -> {
          List<BrokerException> refused = topology.tryToDeclare(standing, wanted);
          later.accept(() -> declared(standing, refused, first));
        });
  }

  private void declared(OpenConnection standing, List<BrokerException> refused, boolean first) {
    if (!standing.equals(link)) {
      return;
    }
    declaring = false;
    if (standing.isOpen()) {
      refused.forEach(topology.troubles()::met);
    }
    if (refused.isEmpty() && failures > 0) {
      topology.troubles().allOver();
    }
    failures = refused.isEmpty() ? 0 : failures + 1;
    long wait = failures == 0 ? againNanos : RabbitConnector.waitAfter(failures).toNanos();
    dueNanos = TimeSource.SYSTEM.nanos() + wait;
    if (first) {
      triedOne(standing);
    }
  }
}
