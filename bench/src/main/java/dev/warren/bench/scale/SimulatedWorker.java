package dev.warren.bench.scale;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.MessageProperties;
import dev.warren.broker.PoolNames;
import dev.warren.task.Payload;
import dev.warren.wire.CallRanges;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import dev.warren.wire.ResultMessage;
import dev.warren.wire.control.Heartbeat;
import dev.warren.wire.control.HelloMessage;
import dev.warren.wire.control.SlotReport;
import dev.warren.wire.control.StateReport;
import dev.warren.wire.control.WatchMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * A worker without children, as far as the broker and the coordinator can tell: it consumes tasks
 * with a prefetch, holds each for as long as its calls would keep a slot busy, answers every call
 * with its number, confirmed, acknowledges the task afterwards, and sends heartbeats that name what
 * it holds. Like a real worker it sends the outcomes that end together in one message. Guarded by
 * itself: deliveries and confirms arrive on threads of the client, {@link #tick} on the clock's.
 */
final class SimulatedWorker {
  private final Uplink uplink;
  private final PoolNames names;
  private final Settings settings;
  private final Channel consuming;
  private final String id;
  // guarded by this, as are all fields below
  private final Map<Long, String> held = new LinkedHashMap<>();
  private final PriorityQueue<Long> slots = new PriorityQueue<>();
  private final PriorityQueue<Running> running =
      new PriorityQueue<>((a, b) -> Long.compare(a.endNanos, b.endNanos));
  private long sequence;
  // confined to the thread of the ticks
  private long results;
  private long reports;
  private long callsEnded;
  // volatile: set by a thread of the client
  private volatile long watchedUntil = System.nanoTime();

  /**
   * How the workers behave.
   *
   * @param slots calls that one worker runs at once
   * @param callMicros time that a call takes
   * @param prefetch tasks that one worker holds
   */
  record Settings(int slots, long callMicros, int prefetch) {}

  /** How long a request for reports counts. */
  private static final Duration WATCHED = Duration.ofSeconds(30);

  /** Calls after which a simulated child is replaced. */
  private static final int MAX_CALLS = 100;

  private record Running(long endNanos, long tag, String replyTo, CallRanges calls) {}

  SimulatedWorker(Uplink uplink, PoolNames names, Settings settings, String id) throws IOException {
    this.uplink = uplink;
    this.names = names;
    this.settings = settings;
    this.id = id;
    for (int i = 0; i < settings.slots; i++) {
      slots.add(0L);
    }
    consuming = uplink.newChannel();
  }

  /** Begins to hear broadcasts and to consume tasks. */
  void start() throws IOException {
    String control = names.control(id);
    consuming.queueDeclare(control, false, true, false, Map.of());
    consuming.queueBind(control, names.control(), "");
    consuming.basicQos(settings.prefetch);
    consuming.basicConsume(control, true, new Control(consuming));
    consuming.basicConsume(names.again(), false, new Tasks(consuming));
    consuming.basicConsume(names.tasks(), false, new Tasks(consuming));
    beat();
  }

  private final class Tasks extends DefaultConsumer {
    private Tasks(Channel channel) {
      super(channel);
    }

    @Override
    public void handleDelivery(
        String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
      CallRanges calls =
          CallRanges.parse(String.valueOf(properties.getHeaders().get(Headers.CALLS)));
      take(envelope.getDeliveryTag(), properties, calls);
    }
  }

  private final class Control extends DefaultConsumer {
    private Control(Channel channel) {
      super(channel);
    }

    @Override
    public void handleDelivery(
        String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
        throws IOException {
      if (HelloMessage.TYPE.equals(properties.getType())) {
        beat();
      } else if (WatchMessage.TYPE.equals(properties.getType())) {
        watchedUntil = System.nanoTime() + WATCHED.toNanos();
      }
    }
  }

  private synchronized void take(long tag, AMQP.BasicProperties properties, CallRanges calls) {
    held.put(tag, properties.getMessageId());
    long begin = Math.max(System.nanoTime(), slots.remove());
    long end = begin + calls.count() * settings.callMicros * 1000;
    slots.add(end);
    running.add(new Running(end, tag, properties.getReplyTo(), calls));
  }

  /** Sends the outcomes of the calls that have ended by now; not while the worker is locked. */
  void tick(long now) throws IOException {
    for (Map.Entry<String, List<Running>> owner : endedBy(now).entrySet()) {
      send(owner.getKey(), owner.getValue());
    }
  }

  private synchronized Map<String, List<Running>> endedBy(long now) {
    Map<String, List<Running>> ended = new HashMap<>();
    while (!running.isEmpty() && running.peek().endNanos - now <= 0) {
      Running next = running.remove();
      ended.computeIfAbsent(next.replyTo, owner -> new ArrayList<>()).add(next);
    }
    return ended;
  }

  private void send(String owner, List<Running> ended) throws IOException {
    CallRanges.Builder calls = new CallRanges.Builder();
    StringBuilder lines = new StringBuilder();
    List<Long> tags = new ArrayList<>();
    for (Running task : ended) {
      callsEnded += task.calls.count();
      tags.add(task.tag);
      task.calls.forEach(
          number -> {
            calls.add(number);
            lines.append(lines.isEmpty() ? "" : "\n").append("{\"value\":").append(number);
            lines.append('}');
          });
    }
    Map<String, Object> headers = new LinkedHashMap<>();
    headers.put(Headers.WARREN_VERSION, Headers.VERSION);
    headers.put(Headers.CALLS, calls.build().toString());
    headers.put(Headers.BUSY_MICROS, calls.count() * settings.callMicros);
    headers.put(Headers.SUPERVISOR, id);
    AMQP.BasicProperties properties =
        MessageProperties.PERSISTENT_BASIC
            .builder()
            .messageId(id + ".r" + ++results)
            .type(ResultMessage.TYPE)
            .headers(headers)
            .build();
    uplink.publish(
        "",
        owner,
        properties,
        lines.toString().getBytes(StandardCharsets.US_ASCII),
        () -> confirmed(tags));
  }

  /** The broker has the outcomes of these tasks. Called on the client's thread. */
  private void confirmed(List<Long> tags) throws IOException {
    synchronized (this) {
      tags.forEach(held::remove);
    }
    for (long tag : tags) {
      consuming.basicAck(tag, false);
    }
  }

  /** Sends a heartbeat. */
  void beat() throws IOException {
    Heartbeat beat;
    synchronized (this) {
      List<String> ids = held.values().stream().limit(2000).toList();
      beat =
          new Heartbeat(
              id,
              "simulated",
              ProcessHandle.current().pid(),
              ++sequence,
              settings.slots,
              Math.min(settings.slots, running.size()),
              ids,
              false,
              SimulatedWorkers.BEAT_MS,
              ids.size() < held.size(),
              0,
              List.of(),
              1000);
    }
    Message message = beat.toMessage();
    Payload body = message.body();
    AMQP.BasicProperties properties =
        MessageProperties.BASIC
            .builder()
            .messageId(message.id())
            .type(Heartbeat.TYPE)
            .headers(message.headers())
            .build();
    uplink.publish(names.events(), Heartbeat.KEY, properties, body.toBytes(), () -> {});
  }

  /** Sends a state report, in which every slot has changed, if somebody watches. */
  void reportIfWatched() throws IOException {
    if (watchedUntil - System.nanoTime() < 0) {
      return;
    }
    int busy;
    synchronized (this) {
      busy = Math.min(settings.slots, running.size());
    }
    reports++;
    List<SlotReport> children = new ArrayList<>();
    for (int slot = 0; slot < settings.slots; slot++) {
      children.add(slot(slot, slot < busy));
    }
    Message message =
        new StateReport(
                id,
                "host-" + id,
                ProcessHandle.current().pid(),
                reports,
                StateReport.WATCHED_MS,
                "simulated",
                settings.slots,
                false,
                0,
                callsEnded,
                0,
                reports,
                0,
                children)
            .toMessage();
    AMQP.BasicProperties properties =
        MessageProperties.BASIC
            .builder()
            .messageId(message.id())
            .type(StateReport.TYPE)
            .headers(message.headers())
            .build();
    uplink.publish(names.events(), StateReport.KEY, properties, message.body().toBytes(), () -> {});
  }

  private SlotReport slot(int slot, boolean busy) {
    long calls = (reports * 7 + slot * 13L) % MAX_CALLS;
    return new SlotReport(
        slot,
        id + "-" + slot,
        1000 + slot,
        busy ? SlotReport.State.BUSY : SlotReport.State.IDLE,
        calls,
        MAX_CALLS,
        (50 + calls) << 20,
        200 << 20,
        null,
        0,
        null,
        settings.callMicros / 1000 + calls,
        (reports * 7 + slot * 13L) / MAX_CALLS,
        "calls",
        "ran 100 calls");
  }
}
