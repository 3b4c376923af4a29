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
 * Hands back calls that would wait here while other workers may be idle: if calls take longer than
 * those before them, this worker holds more deliveries than it should. Confined to the loop.
 *
 * <p>For maintainers: it acts if the waiting calls would take the slots long, or no slot has taken
 * a call for a while, or a child holds calls behind a long-running one; and the queues are empty
 * and have other consumers. It first pauses its consumers, so that the calls do not come straight
 * back, and resumes when a slot is free. A worker without a ready child resumes after a while, so
 * that the workers of a pool do not all wait for one another.
 */
final class Rebalancer {
  private static final Logger log = Logs.of(Rebalancer.class);

  /** Interval of the checks, in ms. */
  static final long LOOK_MS = 100;

  /** Longer waits here are worth a trip through the broker. */
  private static final long LONG_MICROS = 200_000;

  /** The same while there is no child, which may become ready soon. */
  private static final long LONG_WITHOUT_CHILD_MICROS = 2_000_000;

  /** Work that is kept, so that the slots stay busy meanwhile. */
  private static final long KEPT_MICROS = PrefetchPolicy.AHEAD_MICROS;

  /**
   * Maximum number of checks between questions to the broker; the number doubles with each negative
   * answer.
   */
  private static final int MAX_PATIENCE = 20;

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
  // paused, and the broker has confirmed it: this worker is no longer a consumer of the queues
  private boolean away;
  private long pausedAt;

  /**
   * Creates an inactive instance; see {@link #watch}.
   *
   * @param queues the queues that calls come from
   * @param helper asks the broker
   * @param giveBack publishes calls to the queue again
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

  /** Starts to watch this subscription. */
  void watch(Subscription subscription) {
    tasks = subscription;
    loop.every(LOOK_MS, this::look);
  }

  /** Stops; the subscription has been cancelled. */
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

  /** Whether the subscription is paused; its prefetch is set when the pause ends. */
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
      int others = away ? 1 : 2; // consumers if there is another worker
      CompletableFuture.supplyAsync(() -> othersMayBeIdle(others), helper)
          .whenComplete((yes, failure) -> loop.post(() -> answered(failure == null && yes)));
    }
  }

  private boolean waitsLong() {
    return isStuck() || supervisor.backlogMicros() > LONG_MICROS || isBehind();
  }

  private boolean isStuck() {
    return supervisor.stalledMicros()
        > (supervisor.hasReadyChild() ? LONG_MICROS : LONG_WITHOUT_CHILD_MICROS);
  }

  private boolean isBehind() {
    return supervisor.anyQueuedBehind(LONG_MICROS);
  }

  /** Runs on the helper's thread. */
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
      log.debug("it is unknown whether other workers are idle: {}", e.getMessage());
      return false;
    }
  }

  private void answered(boolean othersMayBeIdle) {
    asking = false;
    Subscription subscription = tasks;
    if (!othersMayBeIdle || subscription == null || !waitsLong()) {
      looksToWait = patience;
      patience = Math.min(MAX_PATIENCE, patience * 2);
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
    // if already paused, too: the pause may not be effective yet, or may have ended with a
    // connection
    subscription.pause(() -> loop.post(this::giveBack));
  }

  private void giveBack() {
    away = paused;
    if (tasks == null || !paused || !waitsLong()) {
      return;
    }
    supervisor.withdrawBehind(LONG_MICROS);
    List<Supervisor.Handback> rebalancer = supervisor.withdrawBeyond(isStuck() ? 0 : KEPT_MICROS);
    if (rebalancer.isEmpty()) {
      return;
    }
    int calls = rebalancer.stream().mapToInt(part -> part.to() - part.from()).sum();
    log.info("handing back {} calls that would wait long here: {}", calls, supervisor);
    giveBack.accept(rebalancer);
  }
}
