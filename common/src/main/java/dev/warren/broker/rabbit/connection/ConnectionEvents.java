package dev.warren.broker.rabbit.connection;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.broker.BrokerException;
import dev.warren.broker.BrokerListener;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.broker.rabbit.connection.RabbitConnector.OpenConnection;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.lifecycle.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Tracks the two connections of a {@link RabbitBroker} and notifies its listeners. Thread-safe; its
 * monitor is a leaf lock. Listeners are called in order on a separate thread.
 */
public final class ConnectionEvents {
  private static final Logger log = Logs.of(ConnectionEvents.class);

  private final List<BrokerListener> listeners = new CopyOnWriteArrayList<>();
  private final ExecutorService caller = NamedThreads.single("broker-events");
  private final String name;

  @GuardedBy("this")
  private @Nullable OpenConnection publishing;

  @GuardedBy("this")
  private @Nullable OpenConnection consuming;

  @GuardedBy("this")
  private boolean told;

  @GuardedBy("this")
  private boolean closed;

  public ConnectionEvents(String name) {
    this.name = name;
  }

  public void removeListener(BrokerListener listener) {
    listeners.remove(listener);
  }

  public void addListener(BrokerListener listener) {
    listeners.add(listener);
  }

  /** Records the first two connections. Listeners are not notified. */
  public synchronized void opened(OpenConnection publishes, OpenConnection consumes) {
    publishing = publishes;
    consuming = consumes;
    told = true;
  }

  public synchronized void publishing(OpenConnection connection) {
    publishing = connection;
    standsAgain();
  }

  public synchronized void consuming(OpenConnection connection) {
    consuming = connection;
    standsAgain();
  }

  private synchronized void standsAgain() {
    if (publishing != null && consuming != null && !told) {
      told = true;
      notifyAll();
      log.info("{}: connected again to {}", name, consuming.version());
      tell(BrokerListener::reconnected);
    }
    notifyAll();
  }

  public synchronized void publishingLost(OpenConnection which, String reason) {
    if (which.equals(publishing)) {
      publishing = null;
      lost("publishing", reason);
    }
  }

  public synchronized void consumingLost(OpenConnection which, String reason) {
    if (which.equals(consuming)) {
      consuming = null;
      lost("consuming", reason);
    }
  }

  private synchronized void lost(String side, String reason) {
    if (told && !closed) {
      told = false;
      log.warn("{}: the {} connection was lost: {}", name, side, reason);
      tell(listener -> listener.disconnected(reason));
    }
  }

  public void blocked(String reason) {
    tell(listener -> listener.blocked(reason));
  }

  public void unblocked() {
    tell(BrokerListener::unblocked);
  }

  private void tell(Consumer<BrokerListener> call) {
    try {
      caller.execute(() -> listeners.forEach(listener -> tell(listener, call)));
    } catch (RejectedExecutionException e) {
      log.debug("closed: listeners are no longer notified", e);
    }
  }

  private static void tell(BrokerListener listener, Consumer<BrokerListener> call) {
    try {
      call.accept(listener);
    } catch (RuntimeException e) {
      log.error("a broker listener failed", e);
    }
  }

  public synchronized boolean bothStand() {
    return !closed
        && publishing != null
        && publishing.isOpen()
        && consuming != null
        && consuming.isOpen();
  }

  public synchronized boolean consumingStands() {
    return consuming != null && consuming.isOpen();
  }

  /** The server of the newest connection; null before the first. */
  public synchronized @Nullable ServerVersion version() {
    OpenConnection newest = consuming != null ? consuming : publishing;
    return newest == null ? null : newest.version();
  }

  /**
   * Waits for an open consuming connection.
   *
   * @param limit maximum wait; null to wait indefinitely
   * @throws BrokerException if the connection stays away for longer, or this broker is closed
   */
  public synchronized OpenConnection awaitConsuming(@Nullable Duration limit) {
    long start = TimeSource.SYSTEM.nanos();
    while (true) {
      if (closed) {
        throw new BrokerException(name + ": this broker connection is closed");
      }
      OpenConnection standing = consuming;
      if (standing != null && standing.isOpen()) {
        return standing;
      }
      long left =
          limit == null
              ? Duration.ofSeconds(1).toNanos()
              : limit.toNanos() - (TimeSource.SYSTEM.nanos() - start);
      if (left <= 0) {
        throw new BrokerException(
            name + ": the broker has been unreachable for more than " + limit);
      }
      try {
        TimeUnit.NANOSECONDS.timedWait(this, Math.min(left, 200_000_000L));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new BrokerException(name + ": interrupted while waiting for the broker", e);
      }
    }
  }

  public synchronized void close() {
    closed = true;
    notifyAll();
    caller.shutdown();
  }
}
