package dev.warren.worker.consume.send;

import dev.warren.broker.Broker;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Topology;
import dev.warren.lifecycle.EventLoop;
import dev.warren.lifecycle.Logs;
import dev.warren.task.Backoff;
import dev.warren.task.Payload;
import dev.warren.wire.DelayLadder;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import dev.warren.wire.TaskCodec;
import dev.warren.wire.TaskId;
import dev.warren.wire.TaskMessage;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Publishes calls to the {@code again} queue, at once or after a delay, and messages to the
 * dead-letter queue. Confined to the loop; blocking declarations run on another thread.
 *
 * <p>A delay is composed of steps of a fixed ladder with one queue per step, so that messages with
 * different delays never block each other (no head-of-line blocking) and no delay needs a queue of
 * its own.
 */
public final class Republisher {
  /** How long a task that another worker is running is deferred. */
  public static final long ROUND_MS = 3200;

  private static final Logger log = Logs.of(Republisher.class);

  private final Broker broker;
  private final TaskCodec codec;
  private final PoolNames names;
  private final EventLoop loop;
  private final String supervisor;
  private final ExecutorService declarer;
  private final RetryingPublisher sender;
  // steps whose queue exists, and when, on the loop's clock, it is no longer at risk
  private final Map<Long, Long> declared = new HashMap<>();
  private final RandomGenerator random = RandomGenerator.getDefault();
  private long partNumber;

  public Republisher(
      Broker broker,
      TaskCodec codec,
      PoolNames names,
      EventLoop loop,
      String supervisor,
      ExecutorService declarer) {
    this.broker = broker;
    this.codec = codec;
    this.names = names;
    this.loop = loop;
    this.supervisor = supervisor;
    this.declarer = declarer;
    this.sender = new RetryingPublisher(broker, loop, declarer);
  }

  /**
   * Returns the calls {@code from} to {@code to} (exclusive) of a task as a task with a new id.
   *
   * @param delayMillis remaining delay
   */
  public TaskMessage part(
      TaskMessage task, int from, int to, TaskMessage.Counts counts, long delayMillis) {
    return task.part(newId(task.id()), from, to, counts, delayMillis);
  }

  /** Returns a unique id that contains as much of the old one as fits. */
  private String newId(String id) {
    return TaskId.parse(id).withPart(supervisor + "." + ++partNumber).toString();
  }

  /** Milliseconds before the attempt with this number (2 or more), jitter included. */
  public long waitMillis(Backoff backoff, int attempt) {
    double wait = backoff.initial().toMillis() * Math.pow(backoff.factor(), attempt - 2.0);
    double bounded = Math.min(wait, (double) backoff.max().toMillis());
    double spread = 1 + backoff.jitter() * (2 * random.nextDouble() - 1);
    return Math.round(bounded * spread);
  }

  /**
   * Publishes a task to be delivered after its delay; a longer delay is sent through one step of
   * the ladder, with the rest in the task. Runs {@code done} on the loop.
   */
  public void publish(TaskMessage task, Runnable done) {
    long wait = task.times().delayMillis();
    if (isDue(wait)) {
      send(names.again(), names.topology(), codec.write(task.delayed(0)), done);
      return;
    }
    long step = DelayLadder.step(wait);
    later(step, codec.write(task.delayed(wait - step)), done);
  }

  /** Whether a delay is too short for the shortest step of the ladder. */
  public static boolean isDue(long delayMillis) {
    return delayMillis <= DelayLadder.FIRST_STEP_MS / 2;
  }

  /**
   * Defers a task's message through the delay queue, with its id, so that the worker that runs it
   * recognises it; runs {@code done} on the loop.
   */
  public void deferRedelivery(Message task, boolean soon, Runnable done) {
    later(soon ? DelayLadder.FIRST_STEP_MS : ROUND_MS, task.with(Headers.SUSPECT, true), done);
  }

  /** Publishes through the delay queue of this step, or at once if that cannot be declared. */
  private void later(long step, Message message, Runnable done) {
    if (declared.containsKey(step)) {
      putOff(step, message, done);
      return;
    }
    CompletableFuture.runAsync(() -> broker.declare(names.delayTopology(step)), declarer)
        .whenComplete(
            (nothing, failure) ->
                loop.post(
                    () -> {
                      if (failure == null) {
                        declared.putIfAbsent(step, loop.now() + broker.queueAtRiskFor().toNanos());
                        putOff(step, message, done);
                      } else {
                        log.warn(
                            "delay queue of {} ms could not be declared; publishing without the delay: {}",
                            step,
                            failure.getMessage());
                        send(names.again(), names.topology(), message, done);
                      }
                    }));
  }

  /**
   * Delays {@code done}, and with it the acknowledgement of the original, for as long as a broker
   * that is killed might forget the new delay queue: if it does, the original is redelivered.
   */
  private void putOff(long step, Message message, Runnable done) {
    send(
        names.delay(step),
        names.delayTopology(step),
        message,
        () -> {
          long atRisk = declared.getOrDefault(step, loop.now()) - loop.now();
          if (atRisk <= 0) {
            done.run();
          } else {
            loop.after(atRisk / 1_000_000 + 1, done);
          }
        });
  }

  /** Dead-letters a task with its cause; runs {@code done} on the loop. */
  void deadLetter(TaskMessage task, Payload cause, Runnable done) {
    deadLetter(codec.write(task), cause, done);
  }

  /** Dead-letters a message with its cause; runs {@code done} on the loop. */
  void deadLetter(Message message, Payload cause, Runnable done) {
    Map<String, Object> headers = new HashMap<>(message.headers());
    // the broker would send more copies to the queues named here, possibly to the message's own
    // queue
    headers.keySet().removeAll(Set.of("CC", "BCC"));
    headers.put(Headers.CAUSE, cause.text());
    headers.put(Headers.DIED_AT_MS, loop.time().epochMillis());
    sender.send(
        names.dead(),
        names.topology(),
        new Message(
            message.id(),
            message.type(),
            message.replyTo(),
            message.correlationId(),
            message.priority(),
            headers,
            message.body()),
        plain(message, cause),
        done);
  }

  /**
   * Returns a message that can be published whatever the original contains: its body and the cause.
   */
  private Message plain(Message message, Payload cause) {
    return new Message(
        newId(message.id()),
        null,
        null,
        null,
        message.priority(),
        Map.of(Headers.CAUSE, cause.text()),
        message.body());
  }

  private void send(String queue, Topology topology, Message message, Runnable done) {
    sender.send(queue, topology, message, withOwnHeaders(message), done);
  }

  /**
   * Returns the task without foreign headers, some of which the broker may refuse; null if it has
   * none.
   */
  private static @Nullable Message withOwnHeaders(Message task) {
    if (task.headers().keySet().stream().allMatch(Republisher::isOwn)) {
      return null;
    }
    Map<String, Object> headers = new HashMap<>(task.headers());
    headers.keySet().removeIf(name -> !isOwn(name));
    return new Message(
        task.id(),
        task.type(),
        task.replyTo(),
        task.correlationId(),
        task.priority(),
        headers,
        task.body());
  }

  private static boolean isOwn(String header) {
    return header.startsWith("warren-");
  }
}
