package dev.warren.worker.consume;

import dev.warren.broker.Broker;
import dev.warren.broker.Route;
import dev.warren.task.Payload;
import dev.warren.wire.CallRanges;
import dev.warren.wire.Lines;
import dev.warren.wire.ResultMessage;
import dev.warren.worker.supervise.WorkerLoop;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends outcomes to their owners: at once while an owner's last message is confirmed, gathered into
 * one message while it is not. Confined to the loop.
 */
final class ResultSender {
  private static final Logger log = LoggerFactory.getLogger(ResultSender.class);

  /** Messages to one owner that may be unconfirmed before outcomes are gathered. */
  private static final int IN_FLIGHT = 4;

  /** The same where nothing is to be gathered. */
  private static final int IN_FLIGHT_SINGLE = 1000;

  /** A message is closed once it holds so many bytes. */
  private static final int BODY_BYTES = 512 * 1024;

  private final Broker broker;
  private final WorkerLoop loop;
  private final String supervisor;
  private final Consumer<String> ownerGone;
  private final Map<String, Outbox> outboxes = new HashMap<>();
  private long messageNumber;

  /**
   * Makes a sender.
   *
   * @param ownerGone told when an owner's queue does not exist
   */
  ResultSender(Broker broker, WorkerLoop loop, String supervisor, Consumer<String> ownerGone) {
    this.broker = broker;
    this.loop = loop;
    this.supervisor = supervisor;
    this.ownerGone = ownerGone;
    loop.afterRound(this::flush);
  }

  /** Takes the outcome lines of calls {@code from} to {@code to} of a run that has an owner. */
  void send(TaskRun run, String owner, int from, int to, Payload lines, long busyMicros) {
    outboxes
        .computeIfAbsent(owner, Outbox::new)
        .add(run, run.task().calls().slice(from, to), lines, busyMicros);
  }

  /** Outcomes not yet handed to the broker. */
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

  /** What waits to be sent to one owner. */
  private final class Outbox {
    private final String owner;
    private final List<Part> parts = new ArrayList<>();
    private int inFlight;

    private Outbox(String owner) {
      this.owner = owner;
    }

    void add(TaskRun run, CallRanges calls, Payload lines, long busyMicros) {
      parts.add(new Part(run, calls, lines, busyMicros));
    }

    boolean isDone() {
      return parts.isEmpty() && inFlight == 0;
    }

    void flush() {
      int next = 0;
      while (next < parts.size() && inFlight < most(parts.get(next))) {
        next = sendFrom(next);
      }
      parts.subList(0, next).clear();
    }

    /** Sends one message that begins with this part; returns the first part not in it. */
    private int sendFrom(int first) {
      int bytes = 0;
      int end = first;
      while (end < parts.size()
          && (end == first || joins(parts.get(first), parts.get(end), bytes))) {
        bytes += parts.get(end).lines.length() + 1;
        end++;
      }
      List<Part> sent = List.copyOf(parts.subList(first, end));
      ResultMessage message = message(sent, bytes);
      inFlight++;
      broker
          .publish(Route.toQueue(owner), message.toMessage())
          .whenComplete((receipt, failure) -> loop.post(() -> answered(sent, receipt, failure)));
      return end;
    }

    private int most(Part part) {
      return part.coalesces() ? IN_FLIGHT : IN_FLIGHT_SINGLE;
    }

    private boolean joins(Part first, Part part, int bytes) {
      return first.coalesces()
          && part.coalesces()
          && first.run.task().numbered()
          && part.run.task().numbered()
          && bytes + part.lines.length() <= BODY_BYTES;
    }

    private ResultMessage message(List<Part> sent, int bytes) {
      Part only = sent.get(0);
      String correlation = only.run.task().numbered() ? null : correlation(only.run);
      String id = supervisor + ".r" + messageNumber++;
      if (sent.size() == 1) {
        return new ResultMessage(
            id,
            owner,
            correlation,
            only.calls,
            Lines.split(only.lines),
            only.busyMicros,
            supervisor);
      }
      CallRanges.Builder calls = new CallRanges.Builder();
      ByteArrayOutputStream body = new ByteArrayOutputStream(bytes);
      long busy = 0;
      for (Part part : sent) {
        part.calls.forEachRange(calls::add);
        body.write(part.lines.array(), part.lines.offset(), part.lines.length());
        body.write('\n');
        busy += part.busyMicros;
      }
      Lines lines = Lines.split(Payload.of(body.toByteArray()));
      return new ResultMessage(id, owner, correlation, calls.build(), lines, busy, supervisor);
    }

    private void answered(
        List<Part> sent, Broker.@Nullable Receipt receipt, @Nullable Throwable failure) {
      inFlight--;
      if (failure != null) {
        // the broker is being closed: the tasks stay unacknowledged and come again elsewhere
        log.warn("outcomes for {} could not be sent: {}", owner, failure.getMessage());
        return;
      }
      if (receipt == Broker.Receipt.UNROUTABLE) {
        ownerGone.accept(owner);
      }
      for (Part part : sent) {
        part.run.settled(part.calls.count());
      }
    }
  }

  private static @Nullable String correlation(TaskRun run) {
    String given = run.task().correlationId();
    return given == null ? run.task().id() : given;
  }

  /** Outcomes of consecutive calls of one run. */
  private record Part(TaskRun run, CallRanges calls, Payload lines, long busyMicros) {
    boolean coalesces() {
      return run.task().options().coalesce();
    }
  }
}
