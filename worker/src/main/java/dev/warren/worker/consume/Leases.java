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
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Keeps deliveries that this worker holds for long from running into the broker's delivery timeout,
 * where the task queue cannot lengthen that. Confined to the loop.
 *
 * <p>Half the timeout after its delivery a task is renewed: this worker publishes it, under the
 * same id, to a queue of its own, the lease queue, and when it arrives from there, which is at
 * once, the new delivery takes the place of the old one and the old one is acknowledged. Its calls
 * notice nothing. At each moment the broker has the task, unacknowledged.
 *
 * <p>Only this worker consumes its lease queue. When it dies, its tasks become ready there, are
 * past the queue's time to live, and are dead-lettered to the task queue; the header that names
 * this worker makes them suspects for whoever gets them: if the holder lives after all (it was only
 * cut off, or the broker was slow to deliver a renewal) it says so, and nobody else runs them.
 */
final class Leases {
  private static final Logger log = Logs.of(Leases.class);

  private static final long LOOK_MS = 1000;

  /** More than a worker ever holds. */
  private static final int PREFETCH = Broker.MOST_PREFETCH;

  private final Broker broker;
  private final PoolNames names;
  private final EventLoop loop;
  private final String supervisor;
  private final ExecutorService helper;
  private final Map<String, HeldTask> runs;
  // when each renewal was published that has not come back yet, by id
  private final Map<String, Long> underWay = new HashMap<>();
  private @Nullable Subscription subscription;
  private boolean preparing;

  /**
   * Does nothing before {@link #watch}.
   *
   * @param supervisor this worker's id
   * @param helper declares the lease queue
   * @param runs what the worker holds, by id; changes as it does
   */
  Leases(
      Broker broker,
      PoolNames names,
      EventLoop loop,
      String supervisor,
      ExecutorService helper,
      Map<String, HeldTask> runs) {
    this.broker = broker;
    this.names = names;
    this.loop = loop;
    this.supervisor = supervisor;
    this.helper = helper;
    this.runs = runs;
  }

  /** Looks after all runs from now on. */
  void watch() {
    loop.every(LOOK_MS, this::look);
  }

  /**
   * Whether a worker held the message by a lease; as it has come to the task queue, perhaps no
   * more.
   */
  static boolean isLeased(Message message) {
    return message.headers().containsKey(Headers.LEASED_BY);
  }

  private void look() {
    long renewAfter = renewAfter(broker.deliveryTimeout()).toNanos();
    List<HeldTask> due =
        runs.values().stream()
            .filter(run -> run.delivery().live() && loop.now() - run.heldSince() > renewAfter)
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

  /** Half the timeout, which leaves time for another try. */
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
      log.warn("long calls may be delivered again: no lease queue: {}", failure.getMessage());
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

  private void renew(HeldTask run) {
    run.heldSince(loop.now());
    Message message = run.task().toMessage();
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
        .whenComplete((receipt, failure) -> loop.post(() -> published(run, receipt, failure)));
  }

  private void published(HeldTask run, @Nullable Receipt receipt, @Nullable Throwable failure) {
    if (receipt == Receipt.CONFIRMED) {
      return;
    }
    underWay.remove(run.task().id());
    log.warn(
        "task {} not renewed: {}",
        run.task().id(),
        failure == null ? "its lease queue is gone" : failure.getMessage());
  }

  /** A renewal has come back: it is the task's delivery from now on. */
  private void arrived(Delivery delivery) {
    underWay.remove(delivery.message().id());
    HeldTask run = runs.get(delivery.message().id());
    if (run == null) {
      delivery.ack(); // over meanwhile
      return;
    }
    Delivery before = run.delivery();
    run.redelivered(delivery);
    run.heldSince(loop.now());
    before.ack();
  }

  /** Whether nothing is on its way here that would look lost if this worker left now. */
  boolean idle() {
    long longAgo = loop.now() - PoolNames.LEASE.toNanos(); // gone to the task queue
    underWay.values().removeIf(published -> published - longAgo < 0);
    return underWay.isEmpty();
  }

  /** No more. */
  void end() {
    if (subscription != null) {
      subscription.cancel();
    }
  }
}
