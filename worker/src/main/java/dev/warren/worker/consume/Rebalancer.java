package dev.warren.worker.consume;

import dev.warren.broker.Broker;
import dev.warren.broker.BrokerException;
import dev.warren.broker.Subscription;
import dev.warren.lifecycle.EventLoop;
import dev.warren.lifecycle.Logs;
import dev.warren.worker.supervise.Supervisor;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Gives back calls that would wait here while other workers may be idle: when calls turn out longer
 * than those before them, this worker holds more deliveries than it should. Confined to the loop.
 *
 * <p>For maintainers: it acts when the slots need long for what waits, or have taken nothing for a
 * while, or a child holds calls behind one that runs for long, and the queues are empty, and have
 * other consumers. It first stops consuming, so that what it gives back does not come straight
 * back, and consumes again when a slot is free; a worker without any ready child consumes again
 * after a while, lest all of a pool's workers wait for one another.
 */
final class Rebalancer {
  private static final Logger log = Logs.of(Rebalancer.class);

  /** How often it looks. */
  static final long LOOK_MS = 100;

  /** A longer wait here is worth a way through the broker. */
  private static final long LONG_MICROS = 200_000;

  /** The same while there is no child yet: it may come soon. */
  private static final long LONG_WITHOUT_CHILD_MICROS = 2_000_000;

  /** Calls kept, so that the slots have something to do meanwhile. */
  private static final long KEPT_MICROS = PrefetchPolicy.AHEAD_MICROS;

  /** The broker is asked again after so many looks, and twice as many each time it said no. */
  private static final int MOST_PATIENCE = 20;

  private static final long LONGEST_PAUSE_NANOS = 2_000_000_000L;

  private final Broker broker;
  private final List<String> queues;
  private final EventLoop loop;
  private final Supervisor supervisor;
  private final PrefetchPolicy prefetch;
  private final ExecutorService helper;
  private final Consumer<List<Supervisor.Handback>> giveBack;
  private @Nullable Subscription tasks;
  private boolean asking;
  private int patience = 1;
  private int looksToWait;
  private boolean paused;
  // paused, and the broker has said so: this worker is none of the queues' consumers
  private boolean away;
  private long pausedAt;

  /**
   * Does nothing before {@link #watch}.
   *
   * @param queues those from which calls come
   * @param helper asks the broker
   * @param giveBack puts calls back on the queue
   */
  Rebalancer(
      Broker broker,
      List<String> queues,
      EventLoop loop,
      Supervisor supervisor,
      PrefetchPolicy prefetch,
      ExecutorService helper,
      Consumer<List<Supervisor.Handback>> giveBack) {
    this.broker = broker;
    this.queues = List.copyOf(queues);
    this.loop = loop;
    this.supervisor = supervisor;
    this.prefetch = prefetch;
    this.helper = helper;
    this.giveBack = giveBack;
  }

  /** Looks after this subscription from now on. */
  void watch(Subscription subscription) {
    tasks = subscription;
    loop.every(LOOK_MS, this::look);
  }

  /** No more: the subscription is cancelled. */
  void stop() {
    tasks = null;
  }

  /** Consumes again if a slot is free. */
  void resumeIfFree() {
    Subscription subscription = tasks;
    if (!paused || subscription == null) {
      return;
    }
    boolean longEnough = loop.now() - pausedAt > LONGEST_PAUSE_NANOS && !supervisor.hasReadyChild();
    if (longEnough || supervisor.hasFreeSlot()) {
      paused = false;
      away = false;
      subscription.prefetch(prefetch.current());
    }
  }

  /** Whether the subscription is paused; its prefetch is then set when that ends. */
  boolean paused() {
    return paused;
  }

  private void look() {
    resumeIfFree();
    if (!waitsLong()) {
      patience = 1;
      looksToWait = 0;
    } else if (looksToWait > 0) {
      looksToWait--;
    } else if (tasks != null && !asking) {
      asking = true;
      int others = away ? 1 : 2; // consumers that there are where another worker is
      CompletableFuture.supplyAsync(() -> othersMayBeIdle(others), helper)
          .whenComplete((yes, failure) -> loop.post(() -> answered(failure == null && yes)));
    }
  }

  private boolean waitsLong() {
    return isStuck() || supervisor.backlogMicros() > LONG_MICROS || isBehind();
  }

  private boolean isStuck() {
    return supervisor.stuckMicros()
        > (supervisor.hasReadyChild() ? LONG_MICROS : LONG_WITHOUT_CHILD_MICROS);
  }

  private boolean isBehind() {
    return supervisor.anyBehind(LONG_MICROS);
  }

  /** On the helper's thread. */
  private boolean othersMayBeIdle(int consumers) {
    try {
      return queues.stream()
          .allMatch(
              queue ->
                  broker
                      .depth(queue)
                      .filter(d -> d.ready() == 0 && d.consumers() >= consumers)
                      .isPresent());
    } catch (BrokerException e) {
      log.debug("not known whether other workers are idle: {}", e.getMessage());
      return false;
    }
  }

  private void answered(boolean othersMayBeIdle) {
    asking = false;
    Subscription subscription = tasks;
    if (!othersMayBeIdle || subscription == null || !waitsLong()) {
      looksToWait = patience;
      patience = Math.min(MOST_PATIENCE, patience * 2);
      return;
    }
    looksToWait = 1;
    if (isStuck() || isBehind()) {
      prefetch.stuck();
    }
    if (!paused) {
      paused = true;
      pausedAt = loop.now();
    }
    // also where it is paused: the pause may not have come about yet, or ended with a connection
    subscription.pause(() -> loop.post(this::giveBack));
  }

  private void giveBack() {
    away = paused;
    if (tasks == null || !paused || !waitsLong()) {
      return;
    }
    supervisor.withdrawBehind(LONG_MICROS);
    List<Supervisor.Handback> surplus = supervisor.withdrawBeyond(isStuck() ? 0 : KEPT_MICROS);
    if (surplus.isEmpty()) {
      return;
    }
    int calls = surplus.stream().mapToInt(part -> part.to() - part.from()).sum();
    log.info("giving back {} calls that would wait long here: {}", calls, supervisor);
    giveBack.accept(surplus);
  }
}
