package dev.warren.bench.scale;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import dev.warren.broker.PoolNames;
import dev.warren.cluster.WorkerRegistry;
import dev.warren.task.Payload;
import dev.warren.wire.Message;
import dev.warren.wire.control.Heartbeat;
import dev.warren.wire.control.HelloMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Listens to a pool's heartbeats, and asks for them. Thread-safe. */
final class HeartbeatProbe implements AutoCloseable {
  private static final int ROUNDS = 30;
  private static final int HELD = 32;

  private final Uplink uplink;
  private final Channel channel;
  private final PoolNames names;
  private final AtomicLong heard = new AtomicLong();

  HeartbeatProbe(String uri, PoolNames names) throws IOException {
    this.names = names;
    uplink = Uplink.to(uri);
    channel = uplink.newChannel();
    String queue = channel.queueDeclare().getQueue();
    channel.queueBind(queue, names.events(), Heartbeat.KEY);
    channel.basicConsume(
        queue,
        true,
        new DefaultConsumer(channel) {
          @Override
          public void handleDelivery(
              String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
            heard.incrementAndGet();
          }
        });
  }

  /** Heartbeats so far. */
  long heard() {
    return heard.get();
  }

  /** Seconds until this number of workers have answered a hello. */
  double secondsToHearAll(int workers) throws IOException, InterruptedException {
    Message hello = new HelloMessage("probe").toMessage();
    AMQP.BasicProperties properties =
        new AMQP.BasicProperties.Builder()
            .messageId(hello.id())
            .type(hello.type())
            .headers(hello.headers())
            .build();
    long before = heard.get();
    long start = System.nanoTime();
    uplink.publish(names.control(), "", properties, new byte[0], () -> {});
    while (heard.get() - before < workers) {
      Thread.sleep(1);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  /** Microseconds in which an owner reads a heartbeat and enters it, with this many workers. */
  static double microsPerHeartbeat(int workers) {
    WorkerRegistry registry = new WorkerRegistry(event -> {});
    List<Message> beats = new ArrayList<>();
    for (int i = 0; i < workers; i++) {
      beats.add(beat(i));
    }
    double best = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      for (Message message : beats) {
        registry.heard(Heartbeat.of(message), System.nanoTime());
      }
      best = Math.min(best, (System.nanoTime() - start) / 1e3 / workers);
    }
    return best;
  }

  private static Message beat(int worker) {
    List<String> held = new ArrayList<>();
    for (int i = 0; i < HELD; i++) {
      held.add("%026d".formatted(worker * 1000L + i));
    }
    Heartbeat beat =
        new Heartbeat(
            "w-" + worker, "h", 1, 1, 16, 16, held, false, 10_000, false, 0, List.of(), 1000);
    Message message = beat.toMessage();
    byte[] copy = message.body().text().getBytes(StandardCharsets.UTF_8);
    return new Message(
        message.id(),
        message.type(),
        null,
        null,
        4,
        Map.copyOf(message.headers()),
        Payload.of(copy));
  }

  @Override
  public void close() throws IOException {
    uplink.close();
  }
}
