package dev.warren.broker.rabbit.consume;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.broker.Delivery;
import dev.warren.broker.rabbit.connection.AmqpMessages;
import dev.warren.broker.rabbit.connection.DeclaredTopology;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.TimeSource;
import dev.warren.wire.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * A consumer with its own channel, and its unsettled deliveries. They stay valid after the
 * consumer's end for as long as the channel is open. Confined to the thread that starts it, then to
 * the consuming thread.
 *
 * <p>A channel never gets a second consumer. Before 4.0 a quorum queue keeps its consumers in a map
 * and, when a channel closes, requeues their deliveries in the map's order. With more than 32
 * consumers per channel (cancelled ones included) that order changes when a killed broker replays
 * its log, so acknowledgements hit other messages than before the crash, and messages are lost
 * (rabbit_fifo's handle_down; made deterministic by RabbitMQ 4.2, commit 2db48432).
 */
public final class ConsumerChannel implements UnsettledTags.Acks {
  private static final Logger log = Logs.of(ConsumerChannel.class);

  /**
   * After this long without a delivery (or two round trips, if longer), nothing more is in flight
   * to a consumer.
   */
  private static final Duration QUIET = Duration.ofMillis(500);

  /**
   * Maximum time that settlements are held back while quiescing, even if deliveries keep arriving.
   */
  private static final Duration LONGEST_REST = Duration.ofSeconds(5);

  private final RabbitConsumer owner;
  private final RabbitSubscription subscription;
  private final Channel channel;
  private final Map<String, Object> arguments;
  private final UnsettledTags tags = new UnsettledTags();
  private final int prefetch;
  private final Receiver receiver;
  private @Nullable Runnable started;
  // while the consumer quiesces: the action to run afterwards, when, and the latest time for it
  private @Nullable Runnable atRest;
  private long restEnds;
  private long restLatest;
  // the broker has cancelled the consumer
  private boolean cancelled;
  // the consumer has ended, and everything sent to it has arrived
  private boolean over;
  private Runnable whenOver = () -> {};
  // volatile: cleared by the client's reading thread, read by every holder of a delivery
  private volatile boolean live = true;

  /**
   * Creates a channel that does not consume yet.
   *
   * @param arguments consumer arguments for the broker
   * @param prefetch maximum number of unsettled deliveries
   * @param started called on the consuming thread, before the first delivery
   */
  ConsumerChannel(
      RabbitConsumer owner,
      RabbitSubscription subscription,
      Channel channel,
      Map<String, Object> arguments,
      int prefetch,
      Consumer<ConsumerChannel> started) {
    this.owner = owner;
    this.started = () -> started.accept(this);
    this.subscription = subscription;
    this.channel = channel;
    this.arguments = arguments;
    this.prefetch = prefetch;
    this.receiver = new Receiver(this);
  }

  /**
   * Starts consuming; called once. Blocks until the broker answers.
   *
   * @param queue the name in use of the subscription's queue
   */
  void consume(String queue) throws IOException {
    channel.addShutdownListener(this::closed);
    channel.basicQos(prefetch);
    channel.basicConsume(queue, false, arguments, receiver);
  }

  /** The broker has accepted the consumer. Queued before its first delivery. */
  private void consuming() {
    Runnable first = started;
    started = null;
    if (first != null) {
      first.run();
    }
  }

  private void closed(ShutdownSignalException signal) {
    live = false;
    owner.later(() -> owner.channelClosed(this, signal));
  }

  /**
   * Cancels the consumer; the channel stays open for unsettled deliveries. Blocks until the broker
   * answers.
   *
   * @param then run on the consuming thread once everything sent to the consumer has arrived
   */
  void cancel(Runnable then) {
    whenOver = then;
    try {
      channel.basicCancel(receiver.tag);
    } catch (IOException | ShutdownSignalException e) {
      // usually the broker has ended it in the meantime
      log.debug("a consumer of queue {} had already ended: {}", subscription.queue, e.toString());
      nothingMoreComes();
    }
  }

  private void nothingMoreComes() {
    if (!over) {
      over = true;
      whenOver.run();
      owner.closeIfSettled(this);
    }
  }

  /** Whether no more deliveries can arrive and all are settled. */
  boolean isDone() {
    return over && tags.isEmpty();
  }

  /**
   * Whether the consumer's prefetch is used up, so that the broker sends nothing more until a
   * settlement.
   */
  boolean isFull() {
    return tags.unwritten() >= prefetch;
  }

  /** Whether the broker may send more deliveries. */
  boolean hasRoom() {
    return live && atRest == null && !isFull();
  }

  /**
   * Quiesces: runs {@code action} once the prefetch is used up, or nothing has arrived for {@link
   * #QUIET} or longer. A later call replaces the action.
   */
  void rest(Runnable action) {
    if (atRest == null) {
      long now = TimeSource.SYSTEM.nanos();
      restEnds = now + quietNanos();
      restLatest = now + LONGEST_REST.toNanos();
    }
    atRest = action;
  }

  private long quietNanos() {
    return Math.max(QUIET.toNanos(), 2 * owner.roundTrip().toNanos());
  }

  long restEnds() {
    return restEnds;
  }

  void endRest() {
    Runnable action = atRest;
    atRest = null;
    if (action != null) {
      action.run();
    }
  }

  /** Makes all its deliveries void: settling them has no effect. */
  void makeVoid() {
    live = false;
  }

  void closeChannel() throws IOException {
    DeclaredTopology.close(channel);
  }

  /** Closes a channel that may not answer, without blocking. */
  void abandonChannel() {
    DeclaredTopology.abandon(channel);
  }

  RabbitSubscription subscription() {
    return subscription;
  }

  UnsettledTags tags() {
    return tags;
  }

  int prefetch() {
    return prefetch;
  }

  /** Whether the channel is still open. Thread-safe. */
  boolean isLive() {
    return live;
  }

  /** Whether the broker has cancelled the consumer. */
  boolean isCancelled() {
    return cancelled;
  }

  private void cancelledByBroker() {
    cancelled = true;
    owner.cancelledByBroker(this);
    nothingMoreComes();
  }

  private void delivered(Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
    if (live) {
      long tag = envelope.getDeliveryTag();
      tags.delivered(tag);
      if (atRest != null) {
        long end = TimeSource.SYSTEM.nanos() + quietNanos();
        restEnds = end - restLatest < 0 ? end : restLatest;
      }
      Message message = AmqpMessages.message(properties, body);
      subscription.handle(new RabbitDelivery(this, tag, envelope.isRedeliver(), message));
    }
  }

  /** Sends the settlements collected so far. */
  void writeSettlements() throws IOException {
    if (live) {
      tags.write(this);
    }
  }

  @Override
  public void ack(long tag, boolean multiple) throws IOException {
    channel.basicAck(tag, multiple);
  }

  @Override
  public void requeue(long tag) throws IOException {
    channel.basicNack(tag, false, true);
  }

  /**
   * Callbacks of the client, on its reading thread. They set the tag before anyone needs it, and
   * only queue commands for the consuming thread.
   */
  private static final class Receiver extends DefaultConsumer {
    private final ConsumerChannel consumerChannel;
    private String tag = "";

    Receiver(ConsumerChannel consumerChannel) {
      super(consumerChannel.channel);
      this.consumerChannel = consumerChannel;
    }

    @Override
    public void handleConsumeOk(String consumerTag) {
      tag = consumerTag;
      consumerChannel.owner.later(consumerChannel::consuming);
    }

    @Override
    public void handleDelivery(
        String consumerTag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
      consumerChannel.owner.later(() -> consumerChannel.delivered(envelope, properties, body));
    }

    // queued after the last delivery, in the order of arrival
    @Override
    public void handleCancelOk(String consumerTag) {
      consumerChannel.owner.later(consumerChannel::nothingMoreComes);
    }

    @Override
    public void handleCancel(String consumerTag) {
      consumerChannel.owner.later(consumerChannel::cancelledByBroker);
    }
  }

  private static final class RabbitDelivery implements Delivery {
    private final ConsumerChannel consumerChannel;
    private final long tag;
    private final boolean redelivered;
    private final Message message;
    private final AtomicBoolean settled = new AtomicBoolean();

    RabbitDelivery(
        ConsumerChannel consumerChannel, long tag, boolean redelivered, Message message) {
      this.consumerChannel = consumerChannel;
      this.tag = tag;
      this.redelivered = redelivered;
      this.message = message;
    }

    @Override
    public Message message() {
      return message;
    }

    @Override
    public boolean redelivered() {
      return redelivered;
    }

    @Override
    public void ack() {
      settle(false);
    }

    @Override
    public void requeue() {
      settle(true);
    }

    private void settle(boolean requeue) {
      if (settled.compareAndSet(false, true) && consumerChannel.live) {
        consumerChannel.owner.later(
            () -> consumerChannel.owner.settle(consumerChannel, tag, requeue));
      }
    }

    @Override
    public boolean live() {
      return consumerChannel.live;
    }
  }
}
