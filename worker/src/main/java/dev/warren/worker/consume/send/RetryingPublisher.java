package dev.warren.worker.consume.send;

import dev.warren.broker.Broker;
import dev.warren.broker.BrokerException;
import dev.warren.broker.Route;
import dev.warren.broker.Topology;
import dev.warren.lifecycle.EventLoop;
import dev.warren.lifecycle.Logs;
import dev.warren.wire.Message;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Publishes to the pool's queues and retries until the broker confirms; the original delivery stays
 * unacknowledged until then. A missing queue is declared again, and a refused message (a revoked
 * permission, a limit) is retried while the refusal lasts. Confined to the loop; declarations run
 * on another thread.
 */
public final class RetryingPublisher {
  private static final Logger log = Logs.of(RetryingPublisher.class);
  private static final long FIRST_WAIT_MS = 500;
  private static final long LONGEST_WAIT_MS = 15_000;
  private static final long LOG_EVERY_NANOS = 30_000_000_000L;

  private final Broker broker;
  private final EventLoop loop;
  private final ExecutorService declarer;
  private String lastLogged = "";
  private long loggedNanos;

  RetryingPublisher(Broker broker, EventLoop loop, ExecutorService declarer) {
    this.broker = broker;
    this.loop = loop;
    this.declarer = declarer;
  }

  /**
   * Publishes a message.
   *
   * @param topology declared again if the queue is missing
   * @param plain sent instead if AMQP cannot carry the message; null for none
   * @param done run on the loop once the broker has confirmed
   */
  void send(
      String queue, Topology topology, Message message, @Nullable Message plain, Runnable done) {
    attempt(new Parcel(queue, topology, message, plain, done), 1);
  }

  /** Milliseconds to wait after this number of attempts. */
  public static long waitMillis(int attempts) {
    return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS << Math.min(attempts - 1, 10));
  }

  private void attempt(Parcel parcel, int attempt) {
    broker
        .publish(Route.toQueue(parcel.queue), parcel.message)
        .whenComplete(
            (receipt, failure) -> {
              if (receipt == Broker.Receipt.CONFIRMED) {
                loop.post(parcel.done);
              } else {
                loop.post(() -> notTaken(parcel, attempt, failure));
              }
            });
  }

  private void notTaken(Parcel parcel, int attempt, @Nullable Throwable failure) {
    if (failure instanceof BrokerException known && known.isClosed()) {
      log.debug("{} stays unsettled: {}", parcel.message.id(), failure.getMessage());
    } else if (failure instanceof BrokerException known
        && known.isUnsendable()
        && parcel.plain != null) {
      log.warn("{}; sent without its producer's headers", failure.getMessage());
      attempt(parcel.asPlain(parcel.plain), 1);
    } else {
      tell(
          failure == null
              ? "queue " + parcel.queue + " is missing; declaring it and publishing again"
              : failure.getMessage() + "; retrying until the broker accepts it");
      loop.after(waitMillis(attempt), () -> again(parcel, attempt + 1, failure == null));
    }
  }

  private void again(Parcel parcel, int attempt, boolean missing) {
    if (missing) {
      declarer.execute(
          () -> {
            declare(parcel);
            loop.post(() -> attempt(parcel, attempt));
          });
    } else {
      attempt(parcel, attempt);
    }
  }

  private void declare(Parcel parcel) {
    try {
      broker.declare(parcel.topology);
    } catch (BrokerException e) {
      log.warn("cannot declare queue {} yet: {}", parcel.queue, e.getMessage());
    }
  }

  /** Logs a refusal, which may affect many messages, once and then every 30 s. */
  private void tell(String text) {
    if (!text.equals(lastLogged) || loop.now() - loggedNanos > LOG_EVERY_NANOS) {
      lastLogged = text;
      loggedNanos = loop.now();
      log.warn("{}", text);
    }
  }

  private record Parcel(
      String queue, Topology topology, Message message, @Nullable Message plain, Runnable done) {
    Parcel asPlain(Message instead) {
      return new Parcel(queue, topology, instead, null, done);
    }
  }
}
