package dev.warren.broker.rabbit.publish;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BlockedListener;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.broker.Broker.Receipt;
import dev.warren.broker.BrokerException;
import dev.warren.broker.RoundTrip;
import dev.warren.broker.Route;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.broker.rabbit.connection.AmqpMessages;
import dev.warren.broker.rabbit.connection.BrokerReply;
import dev.warren.broker.rabbit.connection.ConnectionEvents;
import dev.warren.broker.rabbit.connection.DeclaredTopology;
import dev.warren.broker.rabbit.connection.RabbitConnector;
import dev.warren.broker.rabbit.connection.RabbitConnector.OpenConnection;
import dev.warren.broker.rabbit.publish.PendingMessages.Pending;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.lifecycle.TimeSource;
import dev.warren.meter.BrokerMeters;
import dev.warren.wire.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The publishing half of a {@link RabbitBroker}.
 *
 * <p>One thread owns the connection, its one channel and every field not marked otherwise; other
 * threads, the client's reading thread included, only add commands to its queue. A message is in
 * that queue or in {@link PendingMessages}, and leaves only by completing its future: confirmed,
 * unroutable, refused or closed. The file is long because everything that the thread owns is here.
 */
public final class RabbitPublisher {
  private static final Logger log = Logs.of(RabbitPublisher.class);

  /** Maximum number of messages sent before the loop handles confirms again. */
  private static final int RUN = 256;

  /** Time per byte on a line of 50 kB/s. */
  private static final Duration SLOW_LINE_PER_BYTE = Duration.ofNanos(20_000);

  /**
   * A message to an exchange is sent again only so often: each time all queues receive it but the
   * one that rejects it, such as a lost client's queue on a node that is down.
   */
  private static final int EXCHANGE_TRIES = 3;

  /** Maximum wait for declarations after a reconnect. */
  private static final Duration DECLARE_LIMIT = Duration.ofSeconds(3);

  private static final Duration LONGEST_IDLE = Duration.ofSeconds(1);

  private final RabbitConnector connector;
  private final DeclaredTopology topology;
  private final ConnectionEvents events;
  private final Duration confirmTimeout;
  private final BrokerMeters meters;
  private final BlockingQueue<Runnable> commands = new LinkedBlockingQueue<>();
  private final CountDownLatch stop = new CountDownLatch(1);
  // number of incomplete futures; its monitor is notified at 0
  private final AtomicInteger open = new AtomicInteger();
  private final Thread thread;

  private final PendingMessages pending = new PendingMessages();
  // thread-safe
  private final BodyLimit bodyLimit = new BodyLimit();
  private final RoundTrip roundTrip = new RoundTrip();
  // volatile: close() reads it to free the thread from a write that the broker does not read
  private volatile @Nullable OpenConnection link;
  // the connection whose listeners have been added
  private @Nullable OpenConnection prepared;
  private @Nullable Channel channel;
  // identifies the channel: events of an older one are ignored
  private long generation;
  // consecutive failures of the channel, without a confirm in between
  private int failures;
  private boolean blocked;
  private long unblockedNanos;
  private long nackLoggedNanos;
  // volatile: set when the thread has ended, read by publishing threads
  private volatile boolean ended;

  public RabbitPublisher(
      RabbitConnector connector,
      OpenConnection first,
      DeclaredTopology topology,
      ConnectionEvents events,
      Duration confirmTimeout,
      BrokerMeters meters) {
    this.connector = connector;
    this.topology = topology;
    this.events = events;
    this.confirmTimeout = confirmTimeout;
    this.meters = meters;
    this.link = first;
    long now = now();
    this.unblockedNanos = now;
    this.nackLoggedNanos = now - Duration.ofDays(1).toNanos();
    this.thread = NamedThreads.unstarted("broker-publisher", this::run);
  }

  public void start() {
    thread.start();
  }

  /** Thread-safe; never blocks. */
  public CompletableFuture<Receipt> publish(Route route, Message message) {
    Pending added = new Pending(route, message);
    open.incrementAndGet();
    commands.add(() -> pending.add(added));
    if (ended) {
      failAll();
    }
    return added.future;
  }

  /** Largest body the broker accepts, given the default of its version. Thread-safe. */
  public int maxBodyBytes(int ofVersion) {
    return bodyLimit.within(ofVersion);
  }

  /** Best recent round trip; zero before the first measurement. Thread-safe. */
  public Duration roundTrip() {
    return roundTrip.get();
  }

  /** Number of unconfirmed messages. Thread-safe. */
  public int unconfirmed() {
    return open.get();
  }

  /** Waits until everything is confirmed; returns false on timeout. Thread-safe. */
  public boolean flush(Duration limit) throws InterruptedException {
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

  /** Ends the thread and closes the connection; unconfirmed messages fail. Thread-safe. */
  public void close() throws InterruptedException {
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
      log.warn("the publishing thread was interrupted and exits");
    } finally {
      channel = null;
      ended = true;
      failAll();
      closeConnection();
    }
  }

  /** Runs one round of the loop. Any exception but an interrupt is caught. */
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
      log.debug("publishing failed; opening a new channel", e);
      startOver();
    } catch (RuntimeException e) {
      log.error("unexpected exception on the publishing thread, which continues", e);
      startOver();
    }
  }

  /** Gives up the channel, then waits for a back-off that grows with consecutive failures. */
  private void startOver() throws InterruptedException {
    loseChannel();
    checkConnection();
    failures++;
    stop.await(RabbitConnector.waitAfter(failures).toMillis(), TimeUnit.MILLISECONDS);
  }

  private long nanosToWait() {
    return maySend() ? 0 : pending.nanosToNext(now(), LONGEST_IDLE.toNanos());
  }

  // ---------------------------------------------------------------- connection and channel

  /** Ensures that connection and channel are open; returns false if stopped. */
  private boolean open() throws InterruptedException, IOException {
    OpenConnection standing = link;
    if (standing == null || !standing.isOpen()) {
      link = null;
      standing = connector.connect("publish", null, stop);
      if (standing == null) {
        return false;
      }
      link = standing;
      bodyLimit.forget();
      redeclare(standing);
    }
    long mine = ++generation;
    Channel opened = DeclaredTopology.channel(standing.connection());
    long asked = now();
    opened.confirmSelect();
    roundTrip.measured(now() - asked, now());
    opened.addConfirmListener(
        (tag, multiple) -> {
          long came = now();
          commands.add(() -> confirmed(mine, tag, multiple, came));
        },
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
        log.warn("the broker has stopped reading from publishers: {}", reason);
        events.blocked(reason);
      }

      @Override
      public void handleUnblocked() {
        commands.add(() -> blocked(false));
        log.info("the broker reads from publishers again");
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
    Pending culprit = pending.onlySent();
    if (culprit == null) {
      log.warn(
          "the broker closed the publishing channel ({}); sending {} messages again, one at a time",
          RabbitConnector.text(signal),
          pending.sentCount());
      pending.suspectSent();
      return;
    }
    boolean noExchange =
        signal.getReason() instanceof AMQP.Channel.Close close
            && close.getReplyCode() == AMQP.NOT_FOUND;
    if (noExchange && culprit.failures++ == 0) {
      pending.suspectSent();
      OpenConnection standing = link;
      if (standing != null && standing.isOpen()) {
        redeclare(standing);
      }
      return;
    }
    pending.take(Long.MAX_VALUE, true);
    if (noExchange) {
      end(culprit, Receipt.UNROUTABLE);
    } else {
      fail(culprit, refusal(culprit, signal));
    }
  }

  private BrokerException refusal(Pending culprit, ShutdownSignalException signal) {
    boolean itself =
        signal.getReason() instanceof AMQP.Channel.Close close
            && close.getReplyCode() == AMQP.PRECONDITION_FAILED;
    if (!itself) {
      return BrokerReply.refusal(culprit.shown(), signal);
    }
    String text = RabbitConnector.text(signal);
    BrokerException tooLarge = bodyLimit.learn(text);
    return tooLarge == null
        ? BrokerException.unsendable("the broker refuses " + culprit.shown() + ": " + text)
        : tooLarge;
  }

  /**
   * Declares what messages may be sent to. Does not wait for a broker that does not answer for one
   * queue, as RabbitMQ 4.3 does if the queue's node was killed: the others are usable.
   */
  private void redeclare(OpenConnection standing) {
    CountDownLatch declared = new CountDownLatch(1);
    NamedThreads.start(
        "broker-declare",
        () -> {
          List<BrokerException> refused = topology.tryToDeclare(standing, topology.shared());
          if (standing.isOpen()) {
            refused.forEach(topology.troubles()::met);
          }
          declared.countDown();
        });
    try {
      if (!declared.await(DECLARE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        log.debug("publishing goes on although not everything is declared");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void loseChannel() {
    Channel old = channel;
    channel = null;
    pending.channelLost();
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
    return channel != null && !blocked && pending.maySend();
  }

  private void sendWaiting() throws IOException {
    OpenConnection standing = link;
    Channel present = channel;
    if (standing == null || present == null || !maySend()) {
      return;
    }
    standing.output().cork();
    try {
      for (int i = 0; i < RUN && maySend(); i++) {
        send(present);
      }
    } finally {
      standing.output().uncork();
    }
  }

  private void send(Channel present) throws IOException {
    long tag = present.getNextPublishSeqNo();
    Pending next = pending.send(tag, now());
    Route route = topology.address(next.route);
    next.sentTo = route;
    try {
      present.basicPublish(
          route.exchange(),
          route.key(),
          true,
          false,
          AmqpMessages.properties(next.message),
          AmqpMessages.body(next.message));
    } catch (IllegalArgumentException e) {
      // headers that do not fit into a frame, or of a type that AMQP lacks
      pending.take(tag, false);
      fail(next, BrokerException.unsendable(next.shown() + " cannot be sent: " + e.getMessage()));
      throw new IOException("the client counted a message that it did not send", e);
    }
  }

  // ---------------------------------------------------------------- answers

  private void confirmed(long of, long tag, boolean multiple, long came) {
    if (of == generation) {
      failures = 0;
      Pending last = pending.sent(tag);
      if (last != null) {
        roundTrip.measured(came - last.sentNanos(), came);
      }
      for (Pending confirmed : pending.take(tag, multiple)) {
        end(confirmed, confirmed.receipt());
      }
    }
  }

  private void refused(long of, long tag, boolean multiple) {
    if (of != generation) {
      return;
    }
    for (Pending refused : pending.take(tag, multiple)) {
      refused.failures++;
      if (refused.failures == EXCHANGE_TRIES && !refused.route.exchange().isEmpty()) {
        end(refused, Receipt.CONFIRMED);
        continue;
      }
      pending.postpone(refused, now() + RabbitConnector.waitAfter(refused.failures).toNanos());
      if (now() - nackLoggedNanos > Duration.ofSeconds(30).toNanos()) {
        nackLoggedNanos = now();
        log.warn(
            "the broker rejected {} (queue full, or its node down?); retrying", refused.shown());
      }
    }
  }

  /** No queue accepted the message; its confirm follows. */
  private void returned(long of, Route route, @Nullable String id) {
    if (of == generation && !pending.returned(route, id)) {
      log.warn("the broker returned message {} to {}, which is not pending", id, route.shown());
    }
  }

  private void timers() {
    long now = now();
    pending.wake(now);
    Pending oldest = pending.oldestSent();
    if (oldest != null
        && !blocked
        && now - Math.max(oldest.sentNanos(), unblockedNanos)
            > patience(confirmTimeout, pending.sentBytes()).toNanos()) {
      log.warn(
          "no confirm for {} in {} s; sending {} messages again on a new channel",
          oldest.shown(),
          (now - oldest.sentNanos()) / 1_000_000_000,
          pending.sentCount());
      loseChannel();
    }
  }

  /** How long to wait for a confirm: on a slow line, sent bytes may still be in transit. */
  static Duration patience(Duration confirmTimeout, long sentBytes) {
    return confirmTimeout.plus(SLOW_LINE_PER_BYTE.multipliedBy(sentBytes));
  }

  private void end(Pending ended, Receipt receipt) {
    try {
      meters.published(ended.route, receipt);
      ended.future.complete(receipt);
    } finally {
      left();
    }
  }

  private void fail(Pending failed, BrokerException failure) {
    try {
      meters.published(failed.route, null);
      failed.future.completeExceptionally(failure);
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

  /** After the thread's end: the tables are then touched only by threads that call this method. */
  private synchronized void failAll() {
    for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
      command.run();
    }
    for (Pending left : pending.takeAll()) {
      fail(
          left,
          BrokerException.closed(
              "the broker's connection was closed before " + left.shown() + " was confirmed"));
    }
  }

  private static long now() {
    return TimeSource.SYSTEM.nanos();
  }
}
