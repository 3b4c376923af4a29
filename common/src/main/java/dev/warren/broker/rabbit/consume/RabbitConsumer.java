package dev.warren.broker.rabbit.consume;

import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.broker.Broker;
import dev.warren.broker.BrokerException;
import dev.warren.broker.Delivery;
import dev.warren.broker.Subscription;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.broker.rabbit.connection.ConnectionEvents;
import dev.warren.broker.rabbit.connection.DeclaredTopology;
import dev.warren.broker.rabbit.connection.RabbitConnector;
import dev.warren.broker.rabbit.connection.RabbitConnector.OpenConnection;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.lifecycle.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The consuming half of a {@link RabbitBroker}.
 *
 * <p>One thread owns the connection, the channels (one per consumer, see {@link ConsumerChannel}:
 * an error on one does not void the deliveries of another) and every field not marked otherwise; it
 * calls the handlers and writes the acknowledgements. Other threads, the client's reading thread
 * included, only add commands to its queue. Acknowledgements are collected while commands are
 * waiting and written together, or at once when none is.
 *
 * <p>A subscription is <em>due</em> (it will start at a given time), <em>starting</em>,
 * <em>consuming</em> (it has an {@link ConsumerChannel}), <em>paused</em>, or cancelled and
 * forgotten. It becomes due when its channel or the connection is lost, when the broker cancels it,
 * and when its prefetch changes; a failed start makes it due again after a back-off. The file is
 * long because all states and transitions of subscriptions are here.
 */
public final class RabbitConsumer {
  /** Minimum age of the last settlements when the connection is closed. */
  private static final Duration SETTLED_BEFORE_CLOSE = Duration.ofMillis(200);

  private static final Logger log = Logs.of(RabbitConsumer.class);

  /** Maximum number of commands run before acknowledgements are written. */
  private static final int RUN = 256;

  private static final Duration LONGEST_IDLE = Duration.ofSeconds(1);

  private final RabbitConnector connector;
  private final DeclaredTopology topology;
  private final ConnectionEvents events;
  private final BlockingQueue<Runnable> commands = new LinkedBlockingQueue<>();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;
  private final ExecutorService starts = NamedThreads.elastic("broker-starts");

  private final Supplier<Duration> roundTrip;
  private final Set<RabbitSubscription> subscriptions = new LinkedHashSet<>();
  // intakes with settlements to write
  private final Set<ConsumerChannel> toWrite = new LinkedHashSet<>();
  private final DrainingConsumers draining = new DrainingConsumers();
  private final ClosingChannels closing = new ClosingChannels();
  // when settlements were last written
  private long settledNanos = now() - SETTLED_BEFORE_CLOSE.toNanos();
  private @Nullable OpenConnection link;
  private final ConsumerStarts intakeStarts;
  private final TopologyRestore restoration;
  private final ConsumerWatchdog watchdog;
  // thread-safe
  private final SeenDeliveryTimeout deliveryTimeout = new SeenDeliveryTimeout();

  public RabbitConsumer(
      RabbitConnector connector,
      OpenConnection first,
      DeclaredTopology topology,
      ConnectionEvents events,
      Duration lookEvery,
      Supplier<Duration> roundTrip) {
    this.connector = connector;
    this.topology = topology;
    this.events = events;
    this.link = first;
    this.roundTrip = roundTrip;
    this.intakeStarts = new ConsumerStarts(this, topology, starts);
    this.restoration =
        new TopologyRestore(first, topology, events, starts, commands::add, lookEvery);
    this.watchdog = new ConsumerWatchdog(this, topology, starts, lookEvery);
    this.thread = NamedThreads.unstarted("broker-consumer", this::run);
  }

  public void start() {
    OpenConnection first = link;
    if (first != null) {
      watch(first);
    }
    thread.start();
  }

  /** Thread-safe; never blocks. */
  public Subscription subscribe(String queue, int prefetch, Consumer<Delivery> handler) {
    RabbitSubscription subscription = new RabbitSubscription(this, queue, prefetch, handler);
    // a new subscription is due at once
    commands.add(() -> subscriptions.add(subscription));
    return subscription;
  }

  /** Ends the subscriptions on a queue that is about to be deleted. Thread-safe. */
  public void forget(String queue) {
    commands.add(
        () ->
            List.copyOf(subscriptions).stream()
                .filter(subscription -> subscription.queue.equals(queue))
                .forEach(this::cancel));
  }

  /** Best recent round trip to the broker. Thread-safe. */
  Duration roundTrip() {
    return roundTrip.get();
  }

  /** Runs the command on the consuming thread. Thread-safe; never blocks. */
  void later(Runnable command) {
    commands.add(command);
  }

  /** Writes the last settlements, then ends the thread and closes the connection. Thread-safe. */
  public void close() throws InterruptedException {
    commands.add(stop::countDown);
    if (!events.consumingStands() || !stop.await(5, TimeUnit.SECONDS)) {
      stop.countDown();
    }
    thread.join(Duration.ofSeconds(5).toMillis());
    if (thread.isAlive()) {
      log.warn("a broker handler does not return; its thread is abandoned");
    }
    starts.shutdown();
  }

  private void run() {
    try {
      while (stop.getCount() > 0) {
        step();
      }
    } catch (InterruptedException e) {
      log.warn("the consuming thread was interrupted and exits");
    } finally {
      OpenConnection last = link;
      if (last != null) {
        awaitSettlements();
        // a clean close: the broker answers it only after it has read the acknowledgements
        last.connection().abort((int) Duration.ofSeconds(2).toMillis());
      }
    }
  }

  /** Gives the broker time to apply the last settlements: see {@link ClosingChannels}. */
  private void awaitSettlements() {
    long left = SETTLED_BEFORE_CLOSE.toNanos() - (now() - settledNanos);
    if (left > 0) {
      LockSupport.parkNanos(left);
    }
  }

  /** Runs one round of the loop. Any exception but an interrupt is caught. */
  private void step() throws InterruptedException {
    try {
      if (link == null && !reconnect()) {
        return;
      }
      Runnable command = commands.poll(nanosToWait(), TimeUnit.NANOSECONDS);
      for (int i = 0; command != null && i < RUN; i++) {
        command.run();
        command = i < RUN - 1 ? commands.poll() : null;
      }
      toWrite.addAll(draining.endDue(now(), stop.getCount() == 0));
      writeSettlements();
      closing.closeDue(now());
      startDue();
      watchConsumers();
    } catch (IOException | ShutdownSignalException e) {
      // the command that handles the lost channel or connection is already queued
      log.debug("consuming failed; the channel or connection was lost", e);
    } catch (RuntimeException e) {
      log.error("unexpected exception on the consuming thread, which continues", e);
    }
  }

  private long nanosToWait() {
    long now = now();
    long wait = LONGEST_IDLE.toNanos();
    for (RabbitSubscription subscription : subscriptions) {
      if (subscription.isDue()) {
        wait = Math.min(wait, subscription.dueNanos - now);
      }
    }
    wait = Math.min(wait, draining.nanosToNext(now));
    wait = Math.min(wait, closing.nanosToNext(now));
    wait = Math.min(wait, restoration.nanosToNext(now));
    return Math.max(0, Math.min(wait, watchdog.nextLook() - now));
  }

  private void watchConsumers() {
    OpenConnection standing = link;
    if (standing != null) {
      watchdog.look(standing, subscriptions);
    }
  }

  // ---------------------------------------------------------------- connection

  private void watch(OpenConnection standing) {
    standing
        .connection()
        .addShutdownListener(
            signal -> {
              events.consumingLost(standing, RabbitConnector.text(signal));
              commands.add(() -> lost(standing));
            });
  }

  private void lost(OpenConnection which) {
    if (!which.equals(link)) {
      return;
    }
    link = null;
    draining
        .breakOff()
        .forEach(
            consumerChannel -> {
              consumerChannel.subscription().starting = false;
              consumerChannel.subscription().delivering.clear();
              endIfCancelled(consumerChannel.subscription());
            });
    toWrite.clear();
    closing.breakOff();
    restoration.breakOff();
    for (RabbitSubscription subscription : subscriptions) {
      subscription.consumerChannel = null;
      subscription.retired.clear();
      subscription.delivering.clear();
      subscription.starting = false;
      subscription.paused = false;
      // a failure count above 0 makes begin() declare the queue again
      subscription.failures = Math.max(1, subscription.failures);
    }
  }

  private boolean reconnect() throws InterruptedException {
    OpenConnection standing = connector.connect("consume", null, stop);
    if (standing == null) {
      return false;
    }
    link = standing;
    watch(standing);
    restoration.begin(standing, subscriptions.size());
    subscriptions.forEach(subscription -> begin(standing, subscription));
    return true;
  }

  private void startDue() {
    OpenConnection standing = link;
    if (standing == null) {
      return;
    }
    long now = now();
    restoration.declareIfDue(now);
    for (RabbitSubscription subscription : subscriptions) {
      if (subscription.isDue() && subscription.dueNanos - now <= 0) {
        begin(standing, subscription);
      }
    }
  }

  // ---------------------------------------------------------------- subscriptions

  /** Starts a consumer; declares the queue again if it has been consumed before. */
  private void begin(OpenConnection standing, RabbitSubscription subscription) {
    subscription.starting = true;
    boolean again = subscription.failures > 0 || restoration.isUnderWay();
    intakeStarts.begin(
        standing,
        subscription,
        again,
        consumerChannel -> started(standing, consumerChannel),
        why -> commands.add(() -> notStarted(standing, subscription, why)));
  }

  private void started(OpenConnection standing, ConsumerChannel consumerChannel) {
    RabbitSubscription subscription = consumerChannel.subscription();
    if (!standing.equals(link)) {
      startedInVain(subscription);
      return;
    }
    subscription.starting = false;
    if (!subscriptions.contains(subscription)) {
      subscription.delivering.add(consumerChannel);
      leave(consumerChannel);
    } else if (consumerChannel.isCancelled()) {
      leaveVoid(consumerChannel);
      comeBack(subscription);
    } else if (consumerChannel.isLive()) {
      retire(subscription.consumerChannel);
      subscription.consumerChannel = consumerChannel;
      subscription.delivering.add(consumerChannel);
      if (subscription.failures > 0) {
        log.info("consuming queue {} again", subscription.queue);
      }
      if (subscription.trouble != null) {
        topology.troubles().over(subscription.trouble);
        subscription.trouble = null;
      }
      subscription.failures = 0;
      subscription.lives.began(now());
      adjust(subscription);
    }
    restoration.triedOne(standing);
  }

  /** The connection was lost in the meantime; a later start may be in progress. */
  private void startedInVain(RabbitSubscription subscription) {
    if (!subscriptions.contains(subscription)) {
      subscription.starting = false;
      endIfCancelled(subscription);
    }
  }

  /** Cancels a consumer that has been replaced, once nothing is in flight to it. */
  private void retire(@Nullable ConsumerChannel consumerChannel) {
    if (consumerChannel != null) {
      consumerChannel.subscription().retired.add(consumerChannel);
      draining.add(consumerChannel, () -> consumerChannel.cancel(() -> over(consumerChannel)));
    }
  }

  /** No more deliveries can arrive on this channel. */
  private void over(ConsumerChannel consumerChannel) {
    RabbitSubscription subscription = consumerChannel.subscription();
    subscription.delivering.remove(consumerChannel);
    endIfCancelled(subscription);
    adjust(subscription);
  }

  private void notStarted(
      OpenConnection standing, RabbitSubscription subscription, BrokerException why) {
    if (!standing.equals(link)) {
      startedInVain(subscription);
      return;
    }
    subscription.starting = false;
    endIfCancelled(subscription);
    postpone(standing, subscription, why);
    restoration.triedOne(standing);
  }

  private void postpone(
      OpenConnection standing, RabbitSubscription subscription, BrokerException why) {
    subscription.failures++;
    subscription.dueNanos = now() + RabbitConnector.waitAfter(subscription.failures).toNanos();
    if (standing.isOpen()) {
      subscription.trouble = why;
      topology.troubles().met(why);
    }
  }

  /** The broker cancelled a consumer: queue deleted or moved, or a delivery timeout. */
  void cancelledByBroker(ConsumerChannel consumerChannel) {
    RabbitSubscription subscription = consumerChannel.subscription();
    if (subscription.consumerChannel == consumerChannel) {
      subscription.consumerChannel = null;
      leaveVoid(consumerChannel);
      comeBack(subscription);
    } else if (subscription.retired.remove(consumerChannel)) {
      leaveVoid(consumerChannel);
    }
    endIfCancelled(subscription);
  }

  /**
   * With the consumer the broker has requeued its deliveries, or lost them with the queue, so they
   * are void. Closing the channel makes sure of that.
   */
  private void leaveVoid(ConsumerChannel consumerChannel) {
    consumerChannel.makeVoid();
    consumerChannel.subscription().delivering.remove(consumerChannel);
    draining.remove(consumerChannel);
    toWrite.remove(consumerChannel);
    try {
      consumerChannel.closeChannel();
    } catch (IOException | ShutdownSignalException e) {
      log.debug("closing a channel", e);
    }
  }

  /**
   * Makes a subscription due after the broker cancelled its consumer, unless its queue has been
   * deleted.
   */
  private void comeBack(RabbitSubscription subscription) {
    if (!topology.hasQueue(subscription.queue)) {
      subscriptions.remove(subscription);
      subscription.ended = true;
      return;
    }
    long now = now();
    subscription.failures = Math.max(1, subscription.failures);
    subscription.dueNanos = now + subscription.lives.ended(now).toNanos();
    log.warn("the broker cancelled the consumer of queue {}; consuming again", subscription.queue);
  }

  /** Abandons a stalled consumer; the subscription is due at once. */
  void startAnew(ConsumerChannel consumerChannel) {
    RabbitSubscription subscription = consumerChannel.subscription();
    subscription.consumerChannel = null;
    subscription.delivering.remove(consumerChannel);
    consumerChannel.makeVoid();
    consumerChannel.abandonChannel();
    subscription.failures = Math.max(1, subscription.failures);
    subscription.dueNanos = now();
  }

  /** The shortest delivery timeout that has closed a channel; null if none has. Thread-safe. */
  public @Nullable Duration deliveryTimeoutSeen() {
    return deliveryTimeout.shortest();
  }

  /** The channel of a consumer was closed, perhaps without its connection. */
  void channelClosed(ConsumerChannel consumerChannel, ShutdownSignalException signal) {
    deliveryTimeout.learn(RabbitConnector.text(signal));
    draining.remove(consumerChannel);
    toWrite.remove(consumerChannel);
    RabbitSubscription subscription = consumerChannel.subscription();
    subscription.retired.remove(consumerChannel);
    subscription.delivering.remove(consumerChannel);
    endIfCancelled(subscription);
    if (subscription.consumerChannel == consumerChannel) {
      subscription.consumerChannel = null;
      subscription.failures++;
      long now = now();
      Duration wait = RabbitConnector.waitAfter(subscription.failures);
      Duration shortLived = subscription.lives.ended(now);
      wait = shortLived.compareTo(wait) > 0 ? shortLived : wait;
      subscription.dueNanos = now + wait.toNanos();
      if (!signal.isHardError()) {
        log.warn(
            "the broker closed the channel that consumes queue {} ({}); its deliveries will be redelivered",
            subscription.queue,
            RabbitConnector.text(signal));
      }
    }
  }

  void cancel(RabbitSubscription subscription) {
    if (!subscriptions.remove(subscription)) {
      return;
    }
    ConsumerChannel consumerChannel = subscription.consumerChannel;
    subscription.consumerChannel = null;
    if (consumerChannel != null) {
      leave(consumerChannel);
    } else {
      endIfCancelled(subscription);
    }
  }

  /** Cancels the consumer of a cancelled subscription. */
  private void leave(ConsumerChannel consumerChannel) {
    draining.add(consumerChannel, () -> end(consumerChannel, () -> {}));
  }

  private void endIfCancelled(RabbitSubscription subscription) {
    if (!subscriptions.contains(subscription)
        && !subscription.starting
        && subscription.delivering.isEmpty()) {
      subscription.ended = true;
    }
  }

  void pause(RabbitSubscription subscription, Runnable paused) {
    ConsumerChannel consumerChannel = subscription.consumerChannel;
    boolean over = link == null || subscription.starting || !subscriptions.contains(subscription);
    if (consumerChannel != null) {
      // while a consumer is being replaced there is nothing to pause: the caller asks again
      if (!subscription.isChanging()) {
        draining.add(consumerChannel, () -> pause(consumerChannel, paused));
      }
    } else if (!over) {
      subscription.paused = true;
      commands.add(paused);
    }
  }

  private void pause(ConsumerChannel consumerChannel, Runnable paused) {
    RabbitSubscription subscription = consumerChannel.subscription();
    if (subscription.consumerChannel == consumerChannel) {
      end(consumerChannel, paused);
      subscription.paused = true;
    }
  }

  void prefetch(RabbitSubscription subscription, int prefetch) {
    subscription.prefetch = prefetch;
    subscription.paused = false;
    ConsumerChannel consumerChannel = subscription.consumerChannel;
    if (consumerChannel != null && draining.contains(consumerChannel)) {
      draining.add(consumerChannel, () -> replace(consumerChannel));
    } else {
      adjust(subscription);
    }
  }

  /**
   * Replaces the consumer if its prefetch is not the wanted one. The present consumer ends first,
   * so that no more than the prefetch is held, unless the broker is far away: starting a consumer
   * takes four round trips, during which the worker would run out of tasks.
   */
  private void adjust(RabbitSubscription subscription) {
    ConsumerChannel consumerChannel = subscription.consumerChannel;
    OpenConnection standing = link;
    if (consumerChannel == null
        || standing == null
        || draining.contains(consumerChannel)
        || subscription.isChanging()
        || consumerChannel.prefetch() == subscription.prefetch) {
      return;
    }
    if (mayOverlap(consumerChannel, subscription)) {
      begin(standing, subscription);
    } else {
      draining.add(consumerChannel, () -> replace(consumerChannel));
    }
  }

  /**
   * Whether the next consumer may start while the present one runs. The next one gets its whole
   * prefetch regardless of what is held, so overlapping is not allowed while far more than the
   * prefetch is unsettled.
   */
  private boolean mayOverlap(ConsumerChannel consumerChannel, RabbitSubscription subscription) {
    boolean grows = consumerChannel.prefetch() < subscription.prefetch;
    return roundTrip().compareTo(Broker.NEAR) >= 0
        && subscription.unsettled() <= (grows ? 1 : 2) * subscription.prefetch;
  }

  /** Ends the consumer if its prefetch is not the wanted one; the subscription is due at once. */
  private void replace(ConsumerChannel consumerChannel) {
    RabbitSubscription subscription = consumerChannel.subscription();
    if (subscription.consumerChannel == consumerChannel
        && consumerChannel.prefetch() != subscription.prefetch) {
      end(consumerChannel, () -> {});
      subscription.dueNanos = now();
    }
  }

  /** Cancels the consumer, and keeps its channel open while a delivery is unsettled. */
  private void end(ConsumerChannel consumerChannel, Runnable then) {
    RabbitSubscription subscription = consumerChannel.subscription();
    subscription.consumerChannel = null;
    subscription.retired.add(consumerChannel);
    consumerChannel.cancel(
        () -> {
          over(consumerChannel);
          then.run();
        });
  }

  /**
   * The channel of a cancelled consumer is closed once all its deliveries have arrived and are
   * settled, and the broker has had time to apply that.
   */
  void closeIfSettled(ConsumerChannel consumerChannel) {
    if (consumerChannel.isDone()
        && consumerChannel.subscription().retired.remove(consumerChannel)) {
      closing.add(consumerChannel, now());
    }
  }

  // ---------------------------------------------------------------- settlements

  void settle(ConsumerChannel consumerChannel, long tag, boolean requeue) {
    if (consumerChannel.isLive()) {
      consumerChannel.tags().settle(tag, requeue);
      toWrite.add(consumerChannel);
    }
  }

  private void writeSettlements() throws IOException {
    OpenConnection standing = link;
    if (standing == null || toWrite.isEmpty()) {
      return;
    }
    settledNanos = now();
    List<ConsumerChannel> consumerChannels = new ArrayList<>(toWrite);
    consumerChannels.removeIf(draining::contains);
    toWrite.clear();
    standing.output().cork();
    try {
      for (ConsumerChannel consumerChannel : consumerChannels) {
        consumerChannel.writeSettlements();
      }
    } finally {
      standing.output().uncork();
    }
    consumerChannels.forEach(this::closeIfSettled);
  }

  private static long now() {
    return TimeSource.SYSTEM.nanos();
  }
}
