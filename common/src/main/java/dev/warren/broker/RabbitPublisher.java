package dev.warren.broker;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BlockedListener;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.broker.Broker.Receipt;
import dev.warren.broker.RabbitConnector.OpenConnection;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.lifecycle.TimeSource;
import dev.warren.wire.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The publishing half of a {@link RabbitBroker}.
 *
 * <p>One thread owns the connection, its one channel and every field not marked otherwise; others,
 * the client's reading thread included, only put commands into its queue. A message is in exactly
 * one place: in the command queue, {@code waiting} (not sent), {@code sent} (by its tag on the
 * present channel, no confirm yet) or {@code later} (refused by an overflow, sent again after a
 * wait). When the channel goes, what was {@code sent} goes back to the front of {@code waiting}, in
 * order. A message leaves by its future alone: confirmed, unroutable, refused or closed.
 *
 * <p>A broker that closes the channel does not say over which message. Those in question are then
 * sent one at a time; the one in flight when the channel is closed again is to blame.
 */
final class RabbitPublisher {
  private static final Logger log = LoggerFactory.getLogger(RabbitPublisher.class);

  /** Most messages and bytes sent and not confirmed. */
  private static final int WINDOW = 4096;

  private static final long WINDOW_BYTES = 64L << 20;

  /** Messages sent before the loop looks at confirms again. */
  private static final int RUN = 256;

  private static final Duration LONGEST_IDLE = Duration.ofSeconds(1);

  private final RabbitConnector connector;
  private final DeclaredTopology topology;
  private final ConnectionEvents events;
  private final Duration confirmTimeout;
  private final BlockingQueue<Runnable> commands = new LinkedBlockingQueue<>();
  private final CountDownLatch stop = new CountDownLatch(1);
  // messages whose future is open; its monitor tells of 0
  private final AtomicInteger open = new AtomicInteger();
  private final Thread thread;

  private final ArrayDeque<Pending> waiting = new ArrayDeque<>();
  private final Map<Long, Pending> sent = new LinkedHashMap<>();
  private final PriorityQueue<Pending> later =
      new PriorityQueue<>(Comparator.comparingLong(p -> p.dueNanos));
  private long sentBytes;
  // volatile: close() reads it to free the thread from a write that nobody reads
  private volatile @Nullable OpenConnection link;
  // the connection whose listeners have been set
  private @Nullable OpenConnection prepared;
  private @Nullable Channel channel;
  // of the channel: events of an older one are ignored
  private long generation;
  // of the channel in a row, without a confirm in between
  private int failures;
  // messages still to be sent one at a time
  private int carefully;
  private boolean blocked;
  private long unblockedNanos;
  private long nackLoggedNanos;
  // volatile: written by the owner when it has ended, read by publishing threads
  private volatile boolean ended;

  RabbitPublisher(
      RabbitConnector connector,
      OpenConnection first,
      DeclaredTopology topology,
      ConnectionEvents events,
      Duration confirmTimeout) {
    this.connector = connector;
    this.topology = topology;
    this.events = events;
    this.confirmTimeout = confirmTimeout;
    this.link = first;
    long now = now();
    this.unblockedNanos = now;
    this.nackLoggedNanos = now - Duration.ofDays(1).toNanos();
    this.thread = NamedThreads.unstarted("broker-publisher", this::run);
  }

  void start() {
    thread.start();
  }

  /** Thread-safe; never blocks. */
  CompletableFuture<Receipt> publish(Route route, Message message) {
    Pending pending = new Pending(route, message);
    open.incrementAndGet();
    commands.add(() -> waiting.addLast(pending));
    if (ended) {
      failAll();
    }
    return pending.future;
  }

  /** Messages not confirmed. Thread-safe. */
  int unconfirmed() {
    return open.get();
  }

  /** Waits until all is confirmed. Thread-safe. */
  boolean flush(Duration limit) throws InterruptedException {
    long deadline = now() + limit.toNanos();
    synchronized (open) {
      while (open.get() > 0) {
        long left = deadline - now();
        if (left <= 0) {
          return false;
        }
        TimeUnit.NANOSECONDS.timedWait(open, left);
      }
    }
    return true;
  }

  /** Ends the thread and the connection; what is unconfirmed fails. Thread-safe. */
  void close() throws InterruptedException {
    stop.countDown();
    commands.add(() -> {});
    thread.join(Duration.ofSeconds(5).toMillis());
    OpenConnection last = link;
    if (thread.isAlive() && last != null) {
      // stuck in a write that the broker does not read
      last.abandon();
      thread.join(Duration.ofSeconds(5).toMillis());
    }
  }

  private void run() {
    try {
      while (stop.getCount() > 0) {
        step();
      }
    } catch (InterruptedException e) {
      log.warn("the publishing thread was interrupted and ends");
    } finally {
      channel = null;
      ended = true;
      failAll();
      closeConnection();
    }
  }

  /** One round of the loop; survives any exception but an interrupt. */
  private void step() throws InterruptedException {
    try {
      if (channel == null && !open()) {
        return;
      }
      Runnable command = commands.poll(nanosToWait(), TimeUnit.NANOSECONDS);
      for (int i = 0; command != null && i < RUN; i++) {
        command.run();
        command = i < RUN - 1 ? commands.poll() : null;
      }
      timers();
      sendWaiting();
    } catch (IOException | ShutdownSignalException e) {
      log.debug("publishing was disturbed", e);
      startOver();
    } catch (RuntimeException e) {
      log.error("the publishing thread goes on after an exception nobody expected", e);
      startOver();
    }
  }

  /** Gives up the channel; waits a little, the longer the more often this happens in a row. */
  private void startOver() throws InterruptedException {
    loseChannel();
    checkConnection();
    failures++;
    stop.await(RabbitConnector.waitAfter(failures).toMillis(), TimeUnit.MILLISECONDS);
  }

  private long nanosToWait() {
    if (!waiting.isEmpty() && maySend()) {
      return 0;
    }
    Pending next = later.peek();
    long wait = LONGEST_IDLE.toNanos();
    return next == null ? wait : Math.max(0, Math.min(wait, next.dueNanos - now()));
  }

  // ---------------------------------------------------------------- connection and channel

  /** Makes sure that connection and channel stand; false if stopped. */
  private boolean open() throws InterruptedException, IOException {
    OpenConnection standing = link;
    if (standing == null || !standing.isOpen()) {
      link = null;
      standing = connector.connect("publish", null, stop);
      if (standing == null) {
        return false;
      }
      link = standing;
      for (BrokerException refused :
          DeclaredTopology.declare(standing.connection(), topology.shared())) {
        log.error("after reconnecting: {}", refused.getMessage());
      }
    }
    long mine = ++generation;
    Channel opened = DeclaredTopology.channel(standing.connection());
    opened.confirmSelect();
    opened.addConfirmListener(
        (tag, multiple) -> commands.add(() -> confirmed(mine, tag, multiple)),
        (tag, multiple) -> commands.add(() -> refused(mine, tag, multiple)));
    opened.addReturnListener(
        r -> {
          Route route = new Route(r.getExchange(), r.getRoutingKey());
          String id = r.getProperties().getMessageId();
          commands.add(() -> returned(mine, route, id));
        });
    opened.addShutdownListener(signal -> commands.add(() -> closed(mine, signal)));
    if (!standing.equals(prepared)) {
      prepare(standing);
    }
    channel = opened;
    return true;
  }

  private void prepare(OpenConnection standing) {
    prepared = standing;
    blocked = false;
    Connection connection = standing.connection();
    connection.addBlockedListener(blockedListener());
    events.publishing(standing);
    connection.addShutdownListener(
        signal -> events.publishingLost(standing, RabbitConnector.text(signal)));
  }

  private BlockedListener blockedListener() {
    return new BlockedListener() {
      @Override
      public void handleBlocked(String reason) {
        commands.add(() -> blocked(true));
        log.warn("the broker has stopped reading what is published: {}", reason);
        events.blocked(reason);
      }

      @Override
      public void handleUnblocked() {
        commands.add(() -> blocked(false));
        log.info("the broker reads again what is published");
        events.unblocked();
      }
    };
  }

  private void blocked(boolean now) {
    blocked = now;
    unblockedNanos = now();
  }

  /** The channel was closed, by the broker or with its connection. */
  private void closed(long of, ShutdownSignalException signal) {
    if (of != generation || channel == null) {
      return;
    }
    if (!signal.isHardError()) {
      blame(signal);
    }
    loseChannel();
    checkConnection();
  }

  private void blame(ShutdownSignalException signal) {
    if (sent.size() != 1) {
      carefully = Math.max(carefully, sent.size());
      log.warn(
          "the broker closed the publishing channel ({}); sending {} messages again, one at a time",
          RabbitConnector.text(signal),
          sent.size());
      return;
    }
    Pending culprit = sent.values().iterator().next();
    boolean noExchange =
        signal.getReason() instanceof AMQP.Channel.Close close
            && close.getReplyCode() == AMQP.NOT_FOUND;
    if (noExchange && culprit.failures++ == 0) {
      carefully = Math.max(carefully, 1);
      redeclare();
      return;
    }
    sent.clear();
    sentBytes = 0;
    if (noExchange) {
      end(culprit, Receipt.UNROUTABLE);
    } else {
      fail(
          culprit,
          DeclaredTopology.refusal(
              "message " + culprit.message.id() + " to " + culprit.route.shown(), signal));
    }
  }

  private void redeclare() {
    OpenConnection standing = link;
    try {
      if (standing != null && standing.isOpen()) {
        DeclaredTopology.declare(standing.connection(), topology.shared())
            .forEach(refused -> log.error("{}", refused.getMessage()));
      }
    } catch (IOException | ShutdownSignalException e) {
      log.debug("lost the connection while declaring anew", e);
    }
  }

  private void loseChannel() {
    Channel old = channel;
    channel = null;
    List<Pending> again = new ArrayList<>(sent.values());
    sent.clear();
    sentBytes = 0;
    for (int i = again.size() - 1; i >= 0; i--) {
      again.get(i).returned = false;
      waiting.addFirst(again.get(i));
    }
    if (old != null) {
      DeclaredTopology.abandon(old);
    }
  }

  private void checkConnection() {
    OpenConnection standing = link;
    if (standing != null && !standing.isOpen()) {
      link = null;
    }
  }

  private void closeConnection() {
    OpenConnection last = link;
    if (last != null) {
      last.connection().abort((int) Duration.ofSeconds(2).toMillis());
    }
  }

  // ---------------------------------------------------------------- sending

  private boolean maySend() {
    if (channel == null || blocked) {
      return false;
    }
    return carefully > 0
        ? sent.isEmpty()
        : sent.size() < WINDOW && (sent.isEmpty() || sentBytes < WINDOW_BYTES);
  }

  private void sendWaiting() throws IOException {
    OpenConnection standing = link;
    Channel present = channel;
    if (standing == null || present == null || waiting.isEmpty() || !maySend()) {
      return;
    }
    standing.frames().cork();
    try {
      for (int i = 0; i < RUN && !waiting.isEmpty() && maySend(); i++) {
        send(present, waiting.removeFirst());
      }
    } finally {
      standing.frames().uncork();
    }
  }

  private void send(Channel present, Pending pending) throws IOException {
    long tag = present.getNextPublishSeqNo();
    pending.sentNanos = now();
    sent.put(tag, pending);
    sentBytes += pending.size();
    try {
      present.basicPublish(
          pending.route.exchange(),
          pending.route.key(),
          true,
          false,
          AmqpMessages.properties(pending.message),
          AmqpMessages.body(pending.message),
          null);
    } catch (IllegalArgumentException e) {
      // headers that do not fit a frame, or of a type AMQP lacks; the client's count is now off
      sent.remove(tag);
      fail(
          pending,
          new BrokerException(
              "message " + pending.message.id() + " cannot be sent: " + e.getMessage(), e));
      loseChannel();
      throw new IOException("the channel's count is off", e);
    }
  }

  // ---------------------------------------------------------------- answers

  private void confirmed(long of, long tag, boolean multiple) {
    if (of == generation) {
      failures = 0;
      for (Pending pending : take(tag, multiple)) {
        end(pending, pending.returned ? Receipt.UNROUTABLE : Receipt.CONFIRMED);
      }
    }
  }

  private void refused(long of, long tag, boolean multiple) {
    if (of != generation) {
      return;
    }
    for (Pending pending : take(tag, multiple)) {
      pending.failures++;
      pending.dueNanos = now() + RabbitConnector.waitAfter(pending.failures).toNanos();
      later.add(pending);
      if (now() - nackLoggedNanos > Duration.ofSeconds(30).toNanos()) {
        nackLoggedNanos = now();
        log.warn(
            "the broker refuses messages for {} (queue full?); trying again",
            pending.route.shown());
      }
    }
  }

  /** A message no queue took; its confirm follows. */
  private void returned(long of, Route route, @Nullable String id) {
    if (of != generation) {
      return;
    }
    for (Pending pending : sent.values()) {
      if (!pending.returned && pending.message.id().equals(id) && pending.route.equals(route)) {
        pending.returned = true;
        return;
      }
    }
    log.warn("the broker returned message {} to {}, which is not pending", id, route.shown());
  }

  private List<Pending> take(long tag, boolean multiple) {
    List<Pending> taken = new ArrayList<>();
    if (!multiple) {
      Pending pending = sent.remove(tag);
      if (pending != null) {
        taken.add(pending);
      }
    } else {
      Iterator<Map.Entry<Long, Pending>> entries = sent.entrySet().iterator();
      while (entries.hasNext()) {
        Map.Entry<Long, Pending> entry = entries.next();
        if (entry.getKey() > tag) {
          break;
        }
        taken.add(entry.getValue());
        entries.remove();
      }
    }
    for (Pending pending : taken) {
      sentBytes -= pending.size();
    }
    carefully = Math.max(0, carefully - taken.size());
    return taken;
  }

  private void timers() {
    long now = now();
    for (Pending due = later.peek(); due != null && due.dueNanos <= now; due = later.peek()) {
      waiting.addLast(later.remove());
    }
    if (!sent.isEmpty() && !blocked) {
      Pending oldest = sent.values().iterator().next();
      long since = now - Math.max(oldest.sentNanos, unblockedNanos);
      if (since > confirmTimeout.toNanos()) {
        log.warn(
            "no confirm for message {} to {} in {} s; sending {} messages again on a new channel",
            oldest.message.id(),
            oldest.route.shown(),
            confirmTimeout.toMillis() / 1000.0,
            sent.size());
        loseChannel();
      }
    }
  }

  private void end(Pending pending, Receipt receipt) {
    try {
      pending.future.complete(receipt);
    } finally {
      left();
    }
  }

  private void fail(Pending pending, BrokerException failure) {
    try {
      pending.future.completeExceptionally(failure);
    } finally {
      left();
    }
  }

  private void left() {
    if (open.decrementAndGet() == 0) {
      synchronized (open) {
        open.notifyAll();
      }
    }
  }

  /** After the thread's end: nobody else touches the tables but threads that come here. */
  private synchronized void failAll() {
    for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
      command.run();
    }
    List<Pending> all = new ArrayList<>(sent.values());
    sent.clear();
    all.addAll(waiting);
    waiting.clear();
    all.addAll(later);
    later.clear();
    for (Pending pending : all) {
      fail(
          pending,
          new BrokerException(
              "the broker's connection was closed before message "
                  + pending.message.id()
                  + " was confirmed"));
    }
  }

  private static long now() {
    return TimeSource.SYSTEM.nanos();
  }

  /** A message whose future is open. Confined to the publishing thread but for its final fields. */
  private static final class Pending {
    final Route route;
    final Message message;
    final CompletableFuture<Receipt> future = new CompletableFuture<>();
    boolean returned;
    int failures;
    long sentNanos;
    long dueNanos;

    Pending(Route route, Message message) {
      this.route = route;
      this.message = message;
    }

    long size() {
      return message.body().length() + 256L;
    }
  }
}
