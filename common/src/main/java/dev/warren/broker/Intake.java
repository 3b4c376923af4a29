package dev.warren.broker;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
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
 * A consumer with a channel of its own, and its unsettled deliveries, which stay valid after the
 * consumer's end for as long as the channel stands. Confined to the thread that starts it, then to
 * the consuming thread.
 *
 * <p>A channel never has a second consumer. Before 4.0 a quorum queue keeps its consumers in a map
 * and, when a channel goes down, gives back what they hold in the map's order. Of more than 32
 * consumers of one channel, cancelled ones included, that order is another one when a broker that
 * was killed replays its log, and acknowledgements then hit other messages than they did before:
 * those are lost (rabbit_fifo's handle_down; made deterministic by RabbitMQ 4.2, commit 2db48432).
 */
final class Intake implements UnsettledTags.Acks {
  private static final Logger log = Logs.of(Intake.class);

  /**
   * After this long without a delivery, or after two round trips if these take longer, nothing more
   * is on its way to a full consumer.
   */
  private static final Duration QUIET = Duration.ofMillis(500);

  /** How long settlements may be held back for that, however much still comes. */
  private static final Duration LONGEST_REST = Duration.ofSeconds(5);

  private final RabbitConsumer owner;
  private final RabbitSubscription subscription;
  private final Channel channel;
  private final Map<String, Object> arguments;
  private final UnsettledTags tags = new UnsettledTags();
  private final int prefetch;
  private final Receiver receiver;
  private @Nullable Runnable started;
  // while its consumer comes to rest: what to do then, when, and the latest time for it
  private @Nullable Runnable atRest;
  private long restEnds;
  private long restLatest;
  // the broker has ended the consumer
  private boolean cancelled;
  // it has ended, and all that had been sent to it has come
  private boolean over;
  private Runnable whenOver = () -> {};
  // volatile: cleared by the client's reading thread, read by whoever holds a delivery
  private volatile boolean live = true;

  /**
   * Makes an intake that does not consume yet.
   *
   * @param arguments what its consumer says to the broker
   * @param prefetch how many deliveries may be unsettled at once
   * @param started told on the consuming thread, before the first delivery
   */
  Intake(
      RabbitConsumer owner,
      RabbitSubscription subscription,
      Channel channel,
      Map<String, Object> arguments,
      int prefetch,
      Consumer<Intake> started) {
    this.owner = owner;
    this.started = () -> started.accept(this);
    this.subscription = subscription;
    this.channel = channel;
    this.arguments = arguments;
    this.prefetch = prefetch;
    this.receiver = new Receiver(this);
  }

  /** Starts to consume, once. Waits for the broker. */
  void consume() throws IOException {
    channel.addShutdownListener(this::closed);
    channel.basicQos(prefetch);
    channel.basicConsume(subscription.queue, false, arguments, receiver);
  }

  /** The broker has taken the consumer; its first delivery comes after this. */
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
   * Ends the consumer; the channel stays for what is unsettled. Waits for the broker.
   *
   * @param then done on the consuming thread once all that had been sent to it has come
   */
  void cancel(Runnable then) {
    whenOver = then;
    try {
      channel.basicCancel(receiver.tag);
    } catch (IOException | ShutdownSignalException e) {
      // most often the broker has ended it just now
      log.debug("a consumer of queue {} has ended by itself: {}", subscription.queue, e.toString());
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

  /** Whether nothing more comes, and nothing is left to settle. */
  boolean isDone() {
    return over && tags.isEmpty();
  }

  /** Whether its consumer has all that the broker may send it before something is settled. */
  boolean isFull() {
    return tags.unwritten() >= prefetch;
  }

  /** Whether the broker may send it more. */
  boolean hasRoom() {
    return live && atRest == null && !isFull();
  }

  /**
   * Has {@code action} done once the consumer is full, or nothing has come for {@link #QUIET} or
   * longer; the last one counts.
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

  /** Its deliveries count no more, whatever is still done with them. */
  void makeVoid() {
    live = false;
  }

  void closeChannel() throws IOException {
    DeclaredTopology.close(channel);
  }

  /** The same for a channel that may not answer; does not wait. */
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

  /** Whether the channel still stands. Thread-safe. */
  boolean isLive() {
    return live;
  }

  /** Whether the broker has ended the consumer. */
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

  /** Sends the settlements that have gathered. */
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

  /** What the client calls, on its reading thread. The tag is set there, before anyone needs it. */
  private static final class Receiver extends DefaultConsumer {
    private final Intake intake;
    private String tag = "";

    Receiver(Intake intake) {
      super(intake.channel);
      this.intake = intake;
    }

    @Override
    public void handleConsumeOk(String consumerTag) {
      tag = consumerTag;
      intake.owner.later(intake::consuming);
    }

    @Override
    public void handleDelivery(
        String consumerTag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
      intake.owner.later(() -> intake.delivered(envelope, properties, body));
    }

    // behind the last delivery, in the same order
    @Override
    public void handleCancelOk(String consumerTag) {
      intake.owner.later(intake::nothingMoreComes);
    }

    @Override
    public void handleCancel(String consumerTag) {
      intake.owner.later(intake::cancelledByBroker);
    }
  }

  /** A delivery. Thread-safe. */
  private static final class RabbitDelivery implements Delivery {
    private final Intake intake;
    private final long tag;
    private final boolean redelivered;
    private final Message message;
    private final AtomicBoolean settled = new AtomicBoolean();

    RabbitDelivery(Intake intake, long tag, boolean redelivered, Message message) {
      this.intake = intake;
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
      if (settled.compareAndSet(false, true) && intake.live) {
        intake.owner.later(() -> intake.owner.settle(intake, tag, requeue));
      }
    }

    @Override
    public boolean live() {
      return intake.live;
    }
  }
}
