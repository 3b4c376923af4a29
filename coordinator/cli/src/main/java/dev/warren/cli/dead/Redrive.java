package dev.warren.cli.dead;

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
 * Puts dead calls back on the task queue: a copy is published, and only when the broker has
 * confirmed it is the original removed. Whatever ends this process, nothing is lost, and only the
 * calls in flight are there twice; where the connection breaks, those also whose removal was on its
 * way.
 *
 * <p>The copy's id is the call's own with a digest of the dead message's id behind it: the same
 * each time the same dead message is put back, so that a worker which has both copies runs one;
 * another one each time the call has died anew, so that no worker takes it for a task that it has
 * settled.
 */
final class Redrive {
  /** What stands for one redriven call only, or for its last life. */
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
          Headers.SUSPECT, // would charge it with a lost host
          Headers.LEASED_BY,
          "CC", // where the broker would send further copies
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

  Redrive(DeadQueue queue, boolean noReply, boolean atMostOnceToo) {
    this.queue = queue;
    this.noReply = noReply;
    this.atMostOnceToo = atMostOnceToo;
  }

  /** What became of a dead message. */
  enum Result {
    /** Its copy was published; {@link #await} tells when the broker has it. */
    SENT,
    /** Left: no worker could run it. */
    NO_TASK,
    /** Left: it must not run twice. */
    AT_MOST_ONCE
  }

  /** A copy on its way, and what removes its original. */
  private record Sent(CompletableFuture<Receipt> receipt, Runnable remove) {}

  /**
   * Publishes a copy.
   *
   * @param remove removes the original; called once the broker has the copy
   */
  Result send(DeadLetter letter, Runnable remove) {
    TaskMessage task;
    try {
      task = letter.task();
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
   * Where a foreign producer waits for the outcome, if its queue is still there. An owner that
   * numbers its calls has been told how this one ended and would drop a second outcome; and a
   * worker does not run what has an owner that is gone.
   */
  private @Nullable String owner(Message dead) {
    String owner = dead.replyTo();
    return owner != null && !noReply && owners.computeIfAbsent(owner, this::exists) ? owner : null;
  }

  private boolean exists(String owner) {
    try {
      return queue.broker().depth(owner).isPresent();
    } catch (BrokerException e) {
      return true; // exclusive to its owner's connection, or not ours to look at
    }
  }

  /** A fresh task from a dead one: nothing spent, no expiry, none of the broker's marks. */
  static Message copy(Message dead, @Nullable String owner) {
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

  /** Copies that the broker has, and whose originals are removed. */
  long redriven() {
    return redriven;
  }

  /**
   * Waits until no more than {@code most} copies are unconfirmed, and removes the originals of
   * those that are. After a signal it does not wait: a copy without a confirm may be there or not,
   * and its original stays.
   *
   * @throws BrokerException if the broker refuses a copy, or is lost
   */
  void await(int most) throws InterruptedException {
    long began = TimeSource.SYSTEM.nanos();
    boolean told = false;
    while (sent.size() > most) {
      if (confirmed(sent.element().receipt)) {
        sent.remove().remove.run();
        redriven++;
      } else if (queue.isInterrupted()) {
        return;
      }
      queue.checkWalk(); // a publisher goes on for ever, but the originals are not ours any more
      if (!told && TimeSource.SYSTEM.nanos() - began > BLOCKED_NOTE.toNanos()) {
        told = sayBlocked();
      }
    }
  }

  private boolean sayBlocked() {
    String blocked = queue.blocked();
    if (blocked != null) {
      System.err.println("warren: the broker takes no messages now (" + blocked + "): waiting");
    }
    return blocked != null;
  }

  /** Waits a moment for the broker to have it; says whether it has. */
  private boolean confirmed(CompletableFuture<Receipt> receipt) throws InterruptedException {
    try {
      if (receipt.get(100, TimeUnit.MILLISECONDS) == Receipt.CONFIRMED) {
        return true;
      }
      throw new BrokerException(
          "broker: queue " + queue.names().tasks() + " is gone; nothing was removed for it");
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof BrokerException known
          ? known
          : new BrokerException("broker: not published: " + e.getCause(), e);
    }
  }
}
