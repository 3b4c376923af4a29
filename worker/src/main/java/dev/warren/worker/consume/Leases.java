package dev.warren.worker.consume;

import dev.warren.broker.Broker;
import dev.warren.broker.Broker.Receipt;
import dev.warren.broker.Delivery;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Route;
import dev.warren.broker.Subscription;
import dev.warren.lifecycle.EventLoop;
import dev.warren.lifecycle.Logs;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import dev.warren.wire.TaskCodec;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Keeps long-held deliveries from exceeding the broker's delivery timeout where the task queue
 * cannot raise it. Confined to the loop.
 *
 * <p>After half the timeout a task is renewed: this worker publishes it, with the same id, to its
 * lease queue, which only this worker consumes. When it arrives from there, which is at once, the
 * new delivery replaces the old one and the old one is acknowledged. Its calls are not affected. At
 * every moment the broker has the task, unacknowledged.
 *
 * <p>When this worker dies, the tasks in its lease queue become ready, exceed the queue's TTL and
 * are dead-lettered to the task queue. The header that names this worker makes them suspects for
 * the worker that receives them: if the holder is alive (only its connection was cut, or the broker
 * was slow to deliver a renewal), it says so, and no other worker runs them.
 */
final class Leases {
  private static final Logger log = Logs.of(Leases.class);

  private static final long LOOK_MS = 1000;

  /** More than a worker ever holds. */
  private static final int PREFETCH = Broker.MAX_PREFETCH;

  private final Broker broker;
  private final TaskCodec codec;
  private final PoolNames names;
  private final EventLoop loop;
  private final String supervisor;
  private final ExecutorService helper;
  private final Map<String, HeldTask> heldTasks;
  // when each renewal that has not come back was published, by id
  private final Map<String, Long> underWay = new HashMap<>();
  private @Nullable Subscription subscription;
  private boolean preparing;

  /**
   * Creates an inactive instance; see {@link #watch}.
   *
   * @param supervisor this worker's id
   * @param helper declares the lease queue
   * @param heldTasks the tasks that the worker holds, by id; a live view
   */
  Leases(
      Broker broker,
      TaskCodec codec,
      PoolNames names,
      EventLoop loop,
      String supervisor,
      ExecutorService helper,
      Map<String, HeldTask> heldTasks) {
    this.broker = broker;
    this.codec = codec;
    this.names = names;
    this.loop = loop;
    this.supervisor = supervisor;
    this.helper = helper;
    this.heldTasks = heldTasks;
  }

  /** Starts to renew the deliveries of all runs. */
  void watch() {
    loop.every(LOOK_MS, this::look);
  }

  /**
   * Whether a worker held the message by a lease. The lease of a message in the task queue may have
   * ended.
   */
  static boolean isLeased(Message message) {
    return message.headers().containsKey(Headers.LEASED_BY);
  }

  private void look() {
    long renewAfter = renewAfter(broker.deliveryTimeout()).toNanos();
    List<HeldTask> due =
        heldTasks.values().stream()
            .filter(held -> held.delivery().live() && loop.now() - held.heldSince() > renewAfter)
            .toList();
    if (due.isEmpty()) {
      return;
    }
    if (subscription == null) {
      prepare();
      return;
    }
    due.forEach(this::renew);
  }

  /** Half the timeout, which leaves time for a second try. */
  static Duration renewAfter(Duration timeout) {
    return timeout.dividedBy(2);
  }

  private void prepare() {
    if (preparing) {
      return;
    }
    preparing = true;
    CompletableFuture.runAsync(() -> broker.declare(names.leaseTopology(supervisor)), helper)
        .whenComplete((nothing, failure) -> loop.post(() -> prepared(failure)));
  }

  private void prepared(@Nullable Throwable failure) {
    preparing = false;
    if (failure != null) {
      log.warn(
          "long calls may be delivered again, without a lease queue: {}", failure.getMessage());
      return;
    }
    log.info(
        "deliveries may stay unsettled for {} s here: long calls are renewed every {} s",
        broker.deliveryTimeout().toSeconds(),
        renewAfter(broker.deliveryTimeout()).toSeconds());
    subscription =
        broker.subscribe(
            names.lease(supervisor), PREFETCH, delivery -> loop.post(() -> arrived(delivery)));
  }

  private void renew(HeldTask held) {
    held.heldSince(loop.now());
    Message message = codec.write(held.task());
    Map<String, Object> headers = new HashMap<>(message.headers());
    headers.put(Headers.LEASED_BY, supervisor);
    Message lease =
        new Message(
            message.id(),
            message.type(),
            message.replyTo(),
            message.correlationId(),
            message.priority(),
            headers,
            message.body());
    underWay.put(message.id(), loop.now());
    broker
        .publish(Route.toQueue(names.lease(supervisor)), lease)
        .whenComplete((receipt, failure) -> loop.post(() -> published(held, receipt, failure)));
  }

  private void published(HeldTask held, @Nullable Receipt receipt, @Nullable Throwable failure) {
    if (receipt == Receipt.CONFIRMED) {
      return;
    }
    underWay.remove(held.task().id());
    log.warn(
        "task {} not renewed: {}",
        held.task().id(),
        failure == null ? "its lease queue is gone" : failure.getMessage());
  }

  /** A renewal has arrived: it replaces the task's delivery. */
  private void arrived(Delivery delivery) {
    underWay.remove(delivery.message().id());
    HeldTask held = heldTasks.get(delivery.message().id());
    if (held == null) {
      delivery.ack(); // the run has ended
      return;
    }
    Delivery before = held.delivery();
    held.redelivered(delivery);
    held.heldSince(loop.now());
    before.ack();
  }

  /**
   * Whether no renewal is in transit, which would look like a lost task if this worker stopped now.
   */
  boolean idle() {
    long longAgo = loop.now() - PoolNames.LEASE.toNanos(); // dead-lettered to the task queue
    underWay.values().removeIf(published -> published - longAgo < 0);
    return underWay.isEmpty();
  }

  /** Stops renewing. */
  void end() {
    if (subscription != null) {
      subscription.cancel();
    }
  }
}
