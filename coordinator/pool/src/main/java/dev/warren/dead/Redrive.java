package dev.warren.dead;

import dev.warren.broker.Broker.Receipt;
import dev.warren.broker.BrokerException;
import dev.warren.broker.Route;
import dev.warren.lifecycle.BoundedMap;
import dev.warren.lifecycle.TimeSource;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import dev.warren.wire.TaskId;
import dev.warren.wire.TaskMessage;
import dev.warren.wire.WireFormatException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Returns dead calls to the task queue: publishes a copy, and removes the original only when the
 * broker has confirmed the copy. However this process ends, nothing is lost, and only the calls in
 * flight may exist twice; if the connection breaks, so may calls whose removal was in flight.
 * Confined to one thread.
 *
 * <p>The copy's id is the call's own id with a digest of the dead message's id. It is the same each
 * time the same dead message is redriven, so that a worker with both copies runs only one. It
 * differs each time the call has died again, so that no worker takes it for a task that it has
 * already settled.
 */
public final class Redrive {
  /** Headers that are valid for a single redrive or for the call's previous life only. */
  private static final Set<String> SPENT =
      Set.of(
          Headers.ATTEMPT,
          Headers.CHILD_LOSSES,
          Headers.HOST_LOSSES,
          Headers.EXPIRES_AT_MS,
          Headers.NOT_BEFORE_MS,
          Headers.SENT_AT_MS,
          Headers.DELAY_MS,
          Headers.CAUSE,
          Headers.DIED_AT_MS,
          Headers.SUSPECT, // would count as the loss of a host
          Headers.LEASED_BY,
          "CC", // the broker would send further copies there
          "BCC");

  private static final long OWNERS_BYTES = 1 << 20;
  private static final Duration BLOCKED_NOTE = Duration.ofSeconds(3);

  private final DeadQueue queue;
  private final boolean noReply;
  private final boolean atMostOnceToo;
  private final BoundedMap<String, Boolean> owners =
      BoundedMap.byAge(OWNERS_BYTES, (owner, there) -> BoundedMap.textBytes(owner));
  private final Queue<Sent> sent = new ArrayDeque<>();
  private long redriven;

  public Redrive(DeadQueue queue, boolean noReply, boolean atMostOnceToo) {
    this.queue = queue;
    this.noReply = noReply;
    this.atMostOnceToo = atMostOnceToo;
  }

  /** What was done with a dead message. */
  public enum Result {
    /** Its copy was published; {@link #await} waits until the broker has it. */
    SENT,
    /** Left, because no worker could run it. */
    NO_TASK,
    /** Left, because it must not run twice. */
    AT_MOST_ONCE
  }

  /** A copy in flight, and the action that removes its original. */
  private record Sent(CompletableFuture<Receipt> receipt, Runnable remove) {}

  /**
   * Publishes a copy.
   *
   * @param remove removes the original; run once the broker has the copy
   */
  public Result send(DeadLetter letter, Runnable remove) {
    TaskMessage task;
    try {
      task = letter.task(queue.codec());
    } catch (WireFormatException e) {
      return Result.NO_TASK;
    }
    if (task.options().atMostOnce() && !atMostOnceToo) {
      return Result.AT_MOST_ONCE;
    }
    Message copy = copy(letter.message(), task.numbered() ? null : owner(letter.message()));
    Route tasks = Route.toQueue(queue.names().tasks());
    sent.add(new Sent(queue.broker().publish(tasks, copy), remove));
    return Result.SENT;
  }

  /**
   * The queue where a foreign producer waits for the outcome, if it still exists. An owner that
   * numbers its calls has already received this call's outcome and would drop a second one, and
   * workers do not run tasks of an owner that is gone.
   */
  private @Nullable String owner(Message dead) {
    String owner = dead.replyTo();
    return owner != null && !noReply && owners.computeIfAbsent(owner, this::exists) ? owner : null;
  }

  private boolean exists(String owner) {
    try {
      return queue.broker().depth(owner).isPresent();
    } catch (BrokerException e) {
      return true; // exclusive to its owner's connection, or not readable by this user
    }
  }

  /**
   * Creates a fresh task from a dead one: counts reset, no expiry, none of the broker's headers.
   */
  public static Message copy(Message dead, @Nullable String owner) {
    Map<String, Object> headers = new HashMap<>();
    dead.headers()
        .forEach(
            (name, value) -> {
              if (!SPENT.contains(name) && !name.startsWith("x-")) {
                headers.put(name, value);
              }
            });
    TaskId id = TaskId.parse(dead.id());
    String call = id.root();
    headers.putIfAbsent(Headers.JOB, call);
    String correlation = dead.correlationId();
    return new Message(
        id.withPart("dead." + digest(dead.id())).toString(),
        TaskMessage.TYPE,
        owner,
        correlation == null && owner != null ? call : correlation,
        dead.priority(),
        headers,
        dead.body());
  }

  private static String digest(String id) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(id.getBytes(StandardCharsets.UTF_8)), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** Number of copies that the broker has and whose originals are removed. */
  public long redriven() {
    return redriven;
  }

  /**
   * Waits until at most {@code max} copies are unconfirmed, and removes the originals of the
   * confirmed ones. After an interrupt it does not wait: an unconfirmed copy may or may not exist,
   * and its original stays.
   *
   * @throws BrokerException if the broker refuses a copy, or is lost
   */
  public void await(int max) throws InterruptedException {
    long began = TimeSource.SYSTEM.nanos();
    boolean told = false;
    while (sent.size() > max) {
      if (confirmed(sent.element().receipt)) {
        sent.remove().remove.run();
        redriven++;
      } else if (queue.isInterrupted()) {
        return;
      }
      queue.checkBrowsing(); // the publisher reconnects, but the originals have been requeued
      if (!told && TimeSource.SYSTEM.nanos() - began > BLOCKED_NOTE.toNanos()) {
        told = sayBlocked();
      }
    }
  }

  private boolean sayBlocked() {
    String blocked = queue.blocked();
    if (blocked != null) {
      queue.warn("the broker accepts no messages now (" + blocked + "); waiting");
    }
    return blocked != null;
  }

  /** Waits briefly for the confirm; returns whether it has arrived. */
  private boolean confirmed(CompletableFuture<Receipt> receipt) throws InterruptedException {
    try {
      if (receipt.get(100, TimeUnit.MILLISECONDS) == Receipt.CONFIRMED) {
        return true;
      }
      throw new BrokerException(
          "broker: queue " + queue.names().tasks() + " was deleted; its message was not removed");
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof BrokerException known
          ? known
          : new BrokerException("broker: not published: " + e.getCause(), e);
    }
  }
}
