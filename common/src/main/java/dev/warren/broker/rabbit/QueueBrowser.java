package dev.warren.broker.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.broker.Broker;
import dev.warren.broker.BrokerException;
import dev.warren.broker.rabbit.connection.AmqpMessages;
import dev.warren.broker.rabbit.connection.BrokerReply;
import dev.warren.broker.rabbit.connection.DeclaredTopology;
import dev.warren.broker.rabbit.connection.RabbitConnector;
import dev.warren.broker.rabbit.connection.RabbitConnector.OpenConnection;
import dev.warren.broker.rabbit.consume.ConsumerChannel;
import dev.warren.lifecycle.TimeSource;
import dev.warren.wire.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Browses a quorum queue once, from its head: each message is taken, and then either removed or
 * left. Messages that are left stay unacknowledged until the browser is closed and then return to
 * their original positions; if this process dies or the connection is lost first, the broker does
 * the same. Confined to one thread; the client's reading thread only hands messages over.
 *
 * <p>A consumer of a quorum queue may hold at most 2000 messages, so it browses in blocks: when the
 * present consumer holds 2000 messages that will stay, it is cancelled (it keeps them) and the next
 * one starts behind it. Closing the channel returns the messages: RabbitMQ requeues them in order,
 * consumer by consumer in the order of their tags. That was seen to hold for up to 32 consumers;
 * {@code basic.nack} of many messages was seen to shuffle them. So a channel has at most {@link
 * #BLOCKS} consumers, and channels are closed one after another. Only if the connection ends first,
 * with several channels open, may their messages return in another order.
 *
 * <p>Memory is bounded: messages that have arrived and are not taken yet use at most {@link
 * #AHEAD_BYTES} plus one message; beyond that the connection is not read. Nothing is kept of
 * messages that are left.
 *
 * <p>Closing continues to the end of the queue, unless the remaining messages were never delivered
 * before: otherwise the messages taken would return behind the remaining ones.
 */
public final class QueueBrowser implements AutoCloseable {
  /** Maximum number of messages held by one consumer of a quorum queue. */
  static final int BLOCK = Broker.MAX_PREFETCH;

  /**
   * Consumers per channel. Above 32 the order of requeued messages is undefined, see {@link
   * ConsumerChannel}.
   */
  static final int BLOCKS = 30;

  private static final int AHEAD_BYTES = 16 << 20;

  /** Bytes charged for a message besides its body. */
  private static final int OVERHEAD = 1024;

  /** After this long without a message, the queue's depth is queried. */
  private static final Duration QUIET = Duration.ofMillis(300);

  /** Maximum wait for the messages of one channel to be requeued before the next is closed. */
  private static final Duration RETURN_LIMIT = Duration.ofSeconds(3);

  private static final int LAST_WORDS_MS = 10_000;

  private final OpenConnection own;
  private final String queue;
  private final long max;
  private final int prefetch;
  private final BlockingQueue<Item> arrived = new LinkedBlockingQueue<>();
  private final Semaphore room = new Semaphore(AHEAD_BYTES);
  private final List<Stretch> stretches = new ArrayList<>();
  private final Channel questions;
  private Stretch present;
  private int heldInBlock;
  private boolean lastWasReturned;
  private long taken;
  // volatile: set once by the walking thread, read by the client's reading thread
  private volatile boolean closing;
  // volatile: set by the client's threads, read by the walking thread
  private volatile @Nullable String lost;

  private QueueBrowser(OpenConnection own, String queue, long max) throws IOException {
    this.own = own;
    this.queue = queue;
    this.max = max;
    this.prefetch = (int) Math.min(BLOCK, max);
    this.questions = DeclaredTopology.channel(own.connection());
    this.present = new Stretch(DeclaredTopology.channel(own.connection()));
  }

  static QueueBrowser begin(OpenConnection own, String queue, long max) {
    try {
      QueueBrowser browser = new QueueBrowser(own, queue, max);
      if (max > 0) {
        browser.watch(browser.present);
        browser.consume();
      }
      return browser;
    } catch (IOException | ShutdownSignalException e) {
      throw BrokerReply.refusal("queue " + queue, e);
    }
  }

  public static final class Item {
    private final Stretch channelRun;
    private final int block;
    private final long tag;
    private final boolean returned;
    private final Message message;

    private Item(Stretch channelRun, int block, long tag, boolean returned, Message message) {
      this.channelRun = channelRun;
      this.block = block;
      this.tag = tag;
      this.returned = returned;
      this.message = message;
    }

    public Message message() {
      return message;
    }
  }

  /**
   * Returns the next message; null at the end of the queue, or when the maximum has been taken.
   * Blocks.
   *
   * @throws BrokerException if the connection is lost or the queue is deleted; messages not removed
   *     are then back in the queue
   */
  public @Nullable Item next() throws InterruptedException {
    if (taken == max) {
      return null;
    }
    taken++;
    return take();
  }

  private @Nullable Item take() throws InterruptedException {
    try {
      if (heldInBlock == prefetch) {
        nextBlock();
      }
      while (true) {
        Item item = arrived.poll(QUIET.toMillis(), TimeUnit.MILLISECONDS);
        if (item != null) {
          room.release(cost(item.message.body().length()));
          heldInBlock++;
          present.held++;
          lastWasReturned = item.returned;
          return item;
        }
        check();
        if (ready() == 0 && arrived.isEmpty()) {
          return null;
        }
      }
    } catch (IOException | ShutdownSignalException e) {
      throw ended(e);
    }
  }

  /** Removes a message returned by {@link #next} from the queue. */
  public void remove(Item item) {
    try {
      item.channelRun.channel.basicAck(item.tag, false);
      item.channelRun.held--;
      if (item.channelRun == present && item.block == present.blocks) {
        heldInBlock--;
      }
    } catch (IOException | ShutdownSignalException e) {
      throw ended(e);
    }
  }

  /**
   * Requeues everything that was not removed, in its original order, and waits until the broker has
   * it. To keep the order it may first have to read to the end of the queue.
   */
  @Override
  public void close() {
    try {
      if (max > 0 && own.isOpen() && lost == null) {
        quiesce();
        closing = true;
        present.channel.basicCancel(present.consumer);
        stretches.add(present);
        for (Stretch channelRun : stretches) {
          giveBack(channelRun);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closing the connection requeues them, too
    } catch (BrokerException | IOException | ShutdownSignalException e) {
      lost(String.valueOf(e.getMessage())); // the broker then requeues everything itself
    } finally {
      closing = true;
      room.release(Integer.MAX_VALUE / 2); // frees the reading thread
      own.connection().abort(LAST_WORDS_MS);
    }
  }

  /**
   * Continues until nothing is in flight to the present consumer (the broker would requeue that by
   * itself when the consumer is cancelled) and no returned messages are left: a requeued message
   * goes behind those requeued earlier, and before all that were never delivered.
   */
  private void quiesce() throws InterruptedException {
    Item item;
    do {
      boolean full = heldInBlock == prefetch;
      item = full && !lastWasReturned ? null : take();
    } while (item != null);
  }

  private void giveBack(Stretch channelRun) throws IOException {
    int wanted = ready() + channelRun.held;
    channelRun.channel.abort();
    long began = TimeSource.SYSTEM.nanos();
    while (ready() < wanted && TimeSource.SYSTEM.nanos() - began < RETURN_LIMIT.toNanos()) {
      Thread.onSpinWait(); // ready() is itself a round trip to the broker
    }
  }

  private int ready() throws IOException {
    return questions.queueDeclarePassive(queue).getMessageCount();
  }

  private void consume() throws IOException {
    present.blocks++;
    present.consumer = "warren-browse-%04d".formatted(present.blocks);
    present.channel.basicQos(prefetch);
    present.channel.basicConsume(
        queue, false, present.consumer, new Receiver(present, present.blocks));
  }

  private void nextBlock() throws IOException {
    present.channel.basicCancel(present.consumer);
    heldInBlock = 0;
    if (present.blocks == BLOCKS) {
      stretches.add(present);
      present = new Stretch(DeclaredTopology.channel(own.connection()));
      watch(present);
    }
    consume();
  }

  private void watch(Stretch channelRun) {
    channelRun.channel.addShutdownListener(signal -> lost(RabbitConnector.text(signal)));
  }

  private void lost(String why) {
    if (lost == null && !closing) {
      lost = why;
    }
  }

  /**
   * Checks that browsing can continue.
   *
   * @throws BrokerException if the connection is lost or the queue was deleted
   */
  public void check() {
    String why = lost;
    if (why != null) {
      throw new BrokerException(
          "broker: connection lost in the middle of queue "
              + queue
              + " ("
              + why
              + "); messages not removed are back in it");
    }
  }

  /**
   * Converts the failure of an operation. A closed connection may show here before its listener is
   * called.
   *
   * @throws BrokerException if the connection is lost
   */
  private BrokerException ended(Exception e) {
    if (!own.isOpen()) {
      lost(e instanceof ShutdownSignalException s ? RabbitConnector.text(s) : String.valueOf(e));
    }
    check();
    return BrokerReply.refusal("queue " + queue, e);
  }

  private static int cost(int bytes) {
    return Math.min(AHEAD_BYTES, bytes + OVERHEAD);
  }

  /** One channel with its consumers. Confined to the walking thread. */
  private static final class Stretch {
    private final Channel channel;
    private String consumer = "";
    private int blocks;
    // taken and not removed
    private int held;

    Stretch(Channel channel) {
      this.channel = channel;
    }
  }

  /** Called on the client's reading thread, which blocks here while too much has arrived. */
  private final class Receiver extends DefaultConsumer {
    private final Stretch channelRun;
    private final int block;

    Receiver(Stretch channelRun, int block) {
      super(channelRun.channel);
      this.channelRun = channelRun;
      this.block = block;
    }

    @Override
    public void handleDelivery(
        String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
      if (closing) {
        return;
      }
      room.acquireUninterruptibly(cost(body.length));
      Message message = AmqpMessages.message(properties, body);
      long number = envelope.getDeliveryTag();
      arrived.add(new Item(channelRun, block, number, envelope.isRedeliver(), message));
    }

    @Override
    public void handleCancel(String tag) {
      lost("the broker cancelled the consumer: was the queue deleted?");
    }
  }
}
