package dev.warren.worker.consume;

import dev.warren.broker.Broker;
import dev.warren.broker.BrokerException;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Route;
import dev.warren.json.Lines;
import dev.warren.lifecycle.EventLoop;
import dev.warren.lifecycle.LogThrottle;
import dev.warren.lifecycle.Logs;
import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.CallRanges;
import dev.warren.wire.ExceptionText;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import dev.warren.wire.OutcomeLine;
import dev.warren.wire.ResultCodec;
import dev.warren.wire.ResultMessage;
import dev.warren.wire.child.ChildStates;
import dev.warren.worker.consume.send.RetryingPublisher;
import dev.warren.worker.supervise.calls.CallRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Sends outcomes to their owners. Each is sent at once while few messages to its owner are
 * unconfirmed; otherwise outcomes are batched into one message, on a broker with a long round trip
 * for at most {@link #GATHER_MS}. Confined to the loop.
 */
final class ResultSender {
  private static final Logger log = Logs.of(ResultSender.class);

  /** Unconfirmed messages to one owner before outcomes are batched. */
  private static final int IN_FLIGHT = 4;

  /** Maximum time that outcomes are batched if the round trip to the broker takes longer. */
  private static final long GATHER_MS = 5;

  /** The same on a broker with a long round trip, before outcomes are batched for longer. */
  private static final int IN_FLIGHT_FAR = 200;

  /** Maximum unconfirmed messages to one owner whose outcomes must not be batched. */
  private static final int IN_FLIGHT_SINGLE = 1000;

  /** Bytes of unconfirmed outcomes above which no more calls start. */
  private static final long MAX_UNSENT =
      Math.max(4 << 20, Math.min(256 << 20, Runtime.getRuntime().maxMemory() / 8));

  /** A message is closed once it has this size. */
  private static final int BODY_BYTES = 512 * 1024;

  /**
   * Number of repeated publishes to an owner whose queue is missing, and the wait between them,
   * before the broker is asked whether the queue exists.
   */
  private static final int GONE_TRIES = 2;

  private static final long GONE_WAIT_MS = 700;

  /** Prefix of the names of RabbitMQ's direct reply-to queues. */
  private static final String DIRECT_REPLY = "amq.rabbitmq.reply-to.";

  private final Broker broker;
  private final ResultCodec codec;
  private final EventLoop loop;
  private final String supervisor;
  private final Executor helper;
  private final Consumer<String> ownerGone;
  private final Map<String, Outbox> outboxes = new HashMap<>();
  private final LogThrottle unreached = new LogThrottle(Duration.ofSeconds(30));
  private long messageNumber;
  // of outcomes that the broker has not confirmed
  private long unsentBytes;

  /**
   * Creates a sender and registers it with the loop.
   *
   * @param helper asks the broker
   * @param ownerGone called when an owner's queue does not exist
   */
  ResultSender(
      Broker broker,
      ResultCodec codec,
      EventLoop loop,
      String supervisor,
      Executor helper,
      Consumer<String> ownerGone) {
    this.broker = broker;
    this.codec = codec;
    this.loop = loop;
    this.supervisor = supervisor;
    this.helper = helper;
    this.ownerGone = ownerGone;
    loop.afterRound(this::flush);
  }

  /** Accepts the outcome lines of the calls from position {@code from} of a run with an owner. */
  void send(HeldTask held, String owner, int from, Lines lines, CallRun run) {
    outboxes.computeIfAbsent(owner, Outbox::new).add(new Part(held, from, lines, run, false));
  }

  /** Whether unconfirmed outcomes use so much heap that no more calls should start. */
  boolean isFull() {
    return unsentBytes > MAX_UNSENT;
  }

  /** Whether confirms take longer than the batching time. */
  private boolean isFar() {
    return broker.roundTrip().compareTo(Broker.NEAR) >= 0;
  }

  /** Whether all outcomes are confirmed. */
  boolean idle() {
    return outboxes.isEmpty();
  }

  private void flush() {
    for (Iterator<Outbox> all = outboxes.values().iterator(); all.hasNext(); ) {
      Outbox outbox = all.next();
      outbox.flush();
      if (outbox.isDone()) {
        all.remove();
      }
    }
  }

  /** Outcomes that wait to be sent to one owner. */
  private final class Outbox {
    private final String owner;
    private final boolean ofJob; // whose statistics tell children apart
    private final List<Part> parts = new ArrayList<>();
    private int inFlight;
    private long sentNanos = loop.now();
    private boolean waking;

    private Outbox(String owner) {
      this.owner = owner;
      this.ofJob = PoolNames.isJobResults(owner);
    }

    void add(Part part) {
      parts.add(part);
      unsentBytes += part.bytes();
    }

    boolean isDone() {
      return parts.isEmpty() && inFlight == 0;
    }

    void flush() {
      int next = 0;
      while (next < parts.size() && maySend(parts.get(next))) {
        next = sendFrom(next);
      }
      parts.subList(0, next).clear();
      if (!parts.isEmpty() && inFlight < IN_FLIGHT_FAR && isFar() && !waking) {
        waking = true;
        loop.after(GATHER_MS, () -> waking = false); // then this round's flush sends
      }
    }

    private boolean maySend(Part part) {
      return inFlight < maxInFlight(part) || (inFlight < IN_FLIGHT_FAR && isFar() && hasGathered());
    }

    private boolean hasGathered() {
      return loop.now() - sentNanos >= GATHER_MS * 1_000_000;
    }

    /** Sends one message from this part on; returns the index of the first part after it. */
    private int sendFrom(int first) {
      int bytes = 0;
      int end = first;
      while (end < parts.size()
          && (end == first || joins(parts.get(first), parts.get(end), bytes))) {
        bytes += parts.get(end).bytes() + 1;
        end++;
      }
      inFlight++;
      sentNanos = loop.now();
      publish(List.copyOf(parts.subList(first, end)), 1);
      return end;
    }

    private int maxInFlight(Part part) {
      return part.coalesces() ? IN_FLIGHT : IN_FLIGHT_SINGLE;
    }

    private void publish(List<Part> sent, int attempt) {
      broker
          .publish(Route.toQueue(owner), fenced(codec.write(message(sent)), sent.get(0).losses()))
          .whenComplete(
              (receipt, failure) ->
                  loop.post(
                      () -> {
                        if (failure != null) {
                          refused(sent, attempt, failure);
                        } else if (receipt == Broker.Receipt.UNROUTABLE) {
                          returned(sent, attempt);
                        } else {
                          answered(sent);
                        }
                      }));
    }

    /**
     * Handles a message that no queue received. RabbitMQ before 4.3 also returns messages that it
     * has delivered to a direct reply-to queue, so for those it means nothing. Otherwise the owner
     * may be gone; or its queue was deleted and the owner recreates it at once; or the node of the
     * queue is down, for which RabbitMQ 3 removes its route. So an owner is considered gone only if
     * the broker says that the queue does not exist.
     */
    private void returned(List<Part> sent, int attempt) {
      if (owner.startsWith(DIRECT_REPLY)) {
        answered(sent);
      } else if (attempt <= GONE_TRIES) {
        loop.after(GONE_WAIT_MS, () -> publish(sent, attempt + 1));
      } else {
        CompletableFuture.supplyAsync(() -> broker.depth(owner).isEmpty(), helper)
            .whenComplete(
                (gone, failure) ->
                    loop.post(
                        () -> {
                          if (failure == null && gone) {
                            ownerGone.accept(owner);
                            answered(sent);
                          } else {
                            again(sent, attempt, failure);
                          }
                        }));
      }
    }

    private void again(List<Part> sent, int attempt, @Nullable Throwable failure) {
      if (unreached.allows(loop.now())) {
        log.warn(
            "outcomes for {} cannot be routed ({}); retrying{}",
            owner,
            failure == null ? "its queue exists" : ExceptionText.text(cause(failure)),
            unreached.heldBack());
      }
      loop.after(
          RetryingPublisher.waitMillis(attempt - GONE_TRIES), () -> publish(sent, attempt + 1));
    }

    /**
     * Retries after an error; outcomes that are too large are sent in smaller messages. A closed
     * broker ends the retries.
     */
    private void refused(List<Part> sent, int attempt, Throwable failure) {
      if (failure instanceof BrokerException known && known.isClosed()) {
        // the tasks stay unacknowledged and are redelivered to another worker
        inFlight--;
        sent.forEach(part -> unsentBytes -= part.bytes());
        log.debug("outcomes for {} could not be sent: {}", owner, failure.getMessage());
      } else if (failure instanceof BrokerException known && known.isUnsendable()) {
        inFlight--;
        unsendable(sent, String.valueOf(failure.getMessage()));
      } else {
        log.warn("outcomes for {}: {}; retrying", owner, failure.getMessage());
        loop.after(RetryingPublisher.waitMillis(attempt), () -> publish(sent, attempt + 1));
      }
    }

    /**
     * Sends the outcomes one by one; a single one that cannot be sent is replaced by a failure with
     * the reason.
     */
    private void unsendable(List<Part> sent, String why) {
      Part first = sent.get(0);
      if (sent.size() > 1) {
        sent.forEach(this::publishAlone);
      } else if (first.lines.count() > 1) {
        List<Part> singles = first.single();
        unsentBytes -= first.bytes();
        singles.forEach(single -> unsentBytes += single.bytes());
        singles.forEach(this::publishAlone);
      } else if (!first.replaced) {
        Part replacement = first.replacedBy(why);
        unsentBytes += replacement.bytes() - first.bytes();
        publishAlone(replacement);
      } else {
        log.warn("an outcome for {} cannot be reported: {}", owner, why);
        settled(first);
      }
    }

    private void settled(Part part) {
      unsentBytes -= part.bytes();
      part.held.settled(part.from, part.to());
    }

    private void publishAlone(Part part) {
      inFlight++;
      publish(List.of(part), 1);
    }

    private boolean joins(Part first, Part part, int bytes) {
      return first.coalesces()
          && part.coalesces()
          && first.held.task().numbered()
          && part.held.task().numbered()
          && first.losses() == part.losses()
          && bytes + part.bytes() <= BODY_BYTES;
    }

    private ResultMessage message(List<Part> sent) {
      Part first = sent.get(0);
      String correlation = first.held.replyCorrelation();
      String id = supervisor + ".r" + messageNumber++;
      CallRanges.Builder calls = new CallRanges.Builder();
      List<Lines> lines = new ArrayList<>(sent.size());
      ChildStates.Builder children = new ChildStates.Builder();
      long busy = 0;
      for (Part part : sent) {
        part.held.task().calls().slice(part.from, part.to()).forEachRange(calls::add);
        lines.add(part.lines);
        busy += part.run.busyMicros();
        if (ofJob) {
          children.add(part.lines.count(), part.run.child());
        }
      }
      Lines all = Lines.concat(lines);
      return new ResultMessage(
          id, owner, correlation, calls.build(), all, busy, supervisor, children.build());
    }

    private void answered(List<Part> sent) {
      inFlight--;
      sent.forEach(this::settled);
    }
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  /** Adds the loss count, so that the owner can ignore superseded attempts. */
  private static Message fenced(Message result, int hostLosses) {
    return hostLosses == 0 ? result : result.with(Headers.HOST_LOSSES, hostLosses);
  }

  /**
   * Outcomes of consecutive calls of one run.
   *
   * @param from position of the first call
   * @param replaced whether they are failures that say why the real outcomes could not be sent
   */
  private record Part(HeldTask held, int from, Lines lines, CallRun run, boolean replaced) {
    int to() {
      return from + lines.count();
    }

    int losses() {
      return held.task().counts().hostLosses();
    }

    boolean coalesces() {
      return held.task().options().coalesce();
    }

    int bytes() {
      return lines.bytes(0, lines.count());
    }

    /** Returns one part per call. */
    List<Part> single() {
      List<Part> singles = new ArrayList<>();
      for (int i = 0; i < lines.count(); i++) {
        CallRun own = run.timeless().one(i, lines.count());
        singles.add(new Part(held, from + i, lines.slice(i, i + 1), own, false));
      }
      return singles;
    }

    Part replacedBy(String why) {
      RemoteFailure failure =
          RemoteFailure.of(
              FailureKind.RESULT_NOT_SERIALIZABLE,
              "the outcome cannot be sent: " + why,
              held.task().counts().attempt());
      return new Part(held, from, Lines.single(OutcomeLine.of(failure)), run, true);
    }
  }
}
