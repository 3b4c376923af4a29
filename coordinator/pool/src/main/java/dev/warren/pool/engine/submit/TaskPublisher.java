package dev.warren.pool.engine.submit;

import dev.warren.broker.Broker;
import dev.warren.broker.BrokerException;
import dev.warren.broker.Route;
import dev.warren.json.Lines;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.TimeSource;
import dev.warren.pool.engine.pending.LocalOutcome;
import dev.warren.pool.engine.pending.PendingCalls;
import dev.warren.pool.engine.pending.PendingTask;
import dev.warren.pool.engine.threads.Drain;
import dev.warren.pool.engine.threads.EngineThreads;
import dev.warren.pool.engine.trace.JobTrace;
import dev.warren.pool.engine.trace.Origins;
import dev.warren.pool.engine.trace.SendTraces;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.trace.TraceContext;
import dev.warren.trace.TraceSpan;
import dev.warren.wire.CallRanges;
import dev.warren.wire.Message;
import dev.warren.wire.SecretIds;
import dev.warren.wire.TaskCodec;
import dev.warren.wire.TaskId;
import dev.warren.wire.TaskMessage;
import java.util.Comparator;
import java.util.Queue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Publishes tasks to the task queue. If the pool limits its concurrent calls, it holds back the
 * excess, ordered by priority: one message counts as one concurrent call, because its calls are
 * marked to run one after another. A message that is too large for the broker is split.
 * Thread-safe; holds no lock while it publishes.
 */
final class TaskPublisher {
  private static final Logger log = Logs.of(TaskPublisher.class);

  /** How often an unroutable message is sent again, each time after declaring the queue. */
  private static final int ROUTE_TRIES = 3;

  /** Age of a task that an earlier coordinator has sent, at least, in nanoseconds. */
  private static final long SENT_BEFORE = 10_000_000_000L;

  private final SubmissionConfig config;
  private final Broker broker;
  private final TaskCodec codec;
  private final PendingCalls table;
  private final EngineThreads threads;
  private final TimeSource time;
  private final BooleanSupplier terminated;
  // highest priority first, then lowest number
  private final Queue<Ready> kept =
      new PriorityBlockingQueue<>(
          11,
          Comparator.<Ready>comparingInt(ready -> -ready.spec.options().priority())
              .thenComparingLong(ready -> ready.task.first));
  private final Drain release = new Drain(this::sendKept);
  // limited pools: tasks sent and not ended
  private final AtomicInteger inFlight = new AtomicInteger();
  private final PartsInTurn parts = new PartsInTurn();
  // messages given to the broker and not yet confirmed
  private final AtomicInteger unconfirmed = new AtomicInteger();
  private final AtomicLong partNumber = new AtomicLong();
  // null without tracing
  private final @Nullable SendTraces traces;

  TaskPublisher(
      SubmissionConfig config,
      PendingCalls table,
      EngineThreads threads,
      TimeSource time,
      BooleanSupplier terminated) {
    this.config = config;
    this.broker = config.broker();
    this.codec = config.codec();
    this.table = table;
    this.threads = threads;
    this.time = time;
    this.terminated = terminated;
    this.traces = SendTraces.of(config.tracing(), config.broker(), config.owner().names());
  }

  /**
   * Sends the task, or holds it back until its turn; after the termination, ends its calls. It must
   * be in the table.
   */
  void send(PendingTask task, CallSpec spec, String job, Lines args) {
    send(task, spec, job, args, Origins.NONE);
  }

  /** The calling thread's place in a trace; null for none. */
  @Nullable TraceContext context() {
    return traces == null ? null : traces.current();
  }

  /** The same for calls that were submitted one by one. */
  void send(PendingTask task, CallSpec spec, String job, Lines args, Origins origins) {
    config.meters().submitted(task.count);
    if (terminated.getAsBoolean()) {
      table.endRest(task, LocalOutcome.TERMINATED);
      return;
    }
    CallRanges numbers = CallRanges.of(task.first, task.count);
    Ready ready =
        new Ready(config.owner().taskId(task.first), task, spec, job, numbers, args, origins);
    if (config.limit() == 0) {
      publish(ready);
    } else {
      kept.add(ready);
      release.run();
    }
  }

  /** An earlier coordinator has sent the task, which is in the table, some time ago. */
  void sentBefore(PendingTask task) {
    task.sent(time.nanos() - SENT_BEFORE);
    task.confirmed();
    if (config.limit() > 0 && task.enter()) {
      inFlight.incrementAndGet();
    }
  }

  /**
   * Sends the open calls of a task again that was sent before and then lost, under a new id: a
   * worker that has settled the lost one would take the same id for a redelivery and drop it.
   */
  void sendAgain(PendingTask task, CallSpec spec, String job, Lines args) {
    TaskId lost = TaskId.parse(config.owner().taskId(task.first));
    String id = lost.withPart(SecretIds.random()).toString();
    publish(
        new Ready(id, task, spec, job, CallRanges.of(task.first, task.count), args, Origins.NONE));
  }

  /** A task has ended: the next one may be sent. */
  void ended(PendingTask task) {
    if (config.limit() > 0 && task.tryLeave()) {
      parts.forget(task);
      inFlight.decrementAndGet();
      release.run();
    }
  }

  /** Calls of a split task have ended: its next part may be sent. */
  void sendNextPart(PendingTask task) {
    TaskMessage part = parts.next(task);
    if (part != null) {
      publish(task, codec.write(part), 1, null);
    }
  }

  /** Number of unconfirmed messages. */
  int unconfirmed() {
    return unconfirmed.get();
  }

  private void sendKept() {
    while (inFlight.get() < config.limit()) {
      Ready ready = kept.poll();
      if (ready == null) {
        return;
      }
      if (ready.task.enter()) {
        inFlight.incrementAndGet();
        publish(ready);
      }
    }
  }

  /** Publishes the calls of the task that have not ended. */
  private void publish(Ready ready) {
    PendingTask task = ready.task;
    Ready live = task.left() == task.count ? ready : ready.withoutEnded();
    if (live != null) {
      task.sent(time.nanos());
      SendTraces.Sending sending = sending(live, message(live));
      publish(task, codec.write(sending.task()), 1, sending.span());
    }
  }

  private SendTraces.Sending sending(Ready ready, TaskMessage message) {
    JobTrace job = ready.spec.trace();
    if (traces == null) {
      return SendTraces.Sending.untraced(message);
    }
    return job == null ? traces.begin(message, ready.origins) : traces.begin(message, job);
  }

  private void publish(PendingTask task, Message message, int attempt, @Nullable TraceSpan span) {
    unconfirmed.incrementAndGet();
    var unused =
        broker
            .publish(Route.toQueue(config.owner().names().tasks()), message)
            .whenComplete(
                (receipt, failure) -> settled(task, message, attempt, receipt, failure, span));
  }

  private void settled(
      PendingTask task,
      Message message,
      int attempt,
      Broker.@Nullable Receipt receipt,
      @Nullable Throwable failure,
      @Nullable TraceSpan span) {
    unconfirmed.decrementAndGet();
    if (receipt == Broker.Receipt.CONFIRMED) {
      task.confirmed();
      SendTraces.sent(span);
    } else if (receipt == Broker.Receipt.UNROUTABLE && attempt <= ROUTE_TRIES) {
      log.warn(
          "queue {} was deleted; declaring it and sending again", config.owner().names().tasks());
      threads.later(
          () -> sendAnew(task, message, attempt, span), attempt * 100L, TimeUnit.MILLISECONDS);
    } else if (failure == null) {
      SendTraces.notSent(span, "unroutable", null);
      String queue = config.owner().names().tasks();
      reject(
          task,
          calls(message),
          "the task queue " + queue + " does not exist and cannot be declared");
    } else if (failure instanceof BrokerException known && known.isUnsendable()) {
      SendTraces.notSent(span, "too_large", known.getMessage());
      halve(task, codec.read(message), known);
    } else {
      SendTraces.notSent(span, "refused", failure.getMessage());
      reject(task, calls(message), "the broker refused the call: " + failure.getMessage());
    }
  }

  /** Splits a message that is too large in two; a single call that is too large fails. */
  private void halve(PendingTask task, TaskMessage whole, BrokerException refusal) {
    int count = whole.count();
    if (count == 1) {
      reject(task, whole.calls(), "the broker refused the call: " + refusal.getMessage());
      return;
    }
    log.debug("splitting a message of {} calls in two: {}", count, refusal.getMessage());
    TaskMessage first = part(task, whole, 0, count / 2);
    TaskMessage second = part(task, whole, count / 2, count);
    if (config.limit() > 0) {
      parts.replace(task, first, second);
      publish(task, codec.write(first), 1, null);
    } else {
      publish(task, codec.write(first), 1, null);
      publish(task, codec.write(second), 1, null);
    }
  }

  /** Creates a part, named after its task like the parts that workers create. */
  private TaskMessage part(PendingTask task, TaskMessage whole, int from, int to) {
    String part = Long.toString(partNumber.incrementAndGet());
    TaskId id = new TaskId(config.owner().taskId(task.first), part);
    return whole.part(id.toString(), from, to, whole.counts(), 0);
  }

  private void reject(PendingTask task, CallRanges calls, String why) {
    Payload line = LocalOutcome.line(FailureKind.REJECTED, why);
    calls.forEach(number -> table.endOne(task, (int) (number - task.first), line));
  }

  private CallRanges calls(Message message) {
    return codec.read(message).calls();
  }

  private void sendAnew(PendingTask task, Message message, int attempt, @Nullable TraceSpan span) {
    try {
      broker.declare(config.owner().names().topology());
    } catch (BrokerException e) {
      log.warn(
          "cannot declare the queues of pool {}: {}",
          config.owner().names().pool(),
          e.getMessage());
    }
    publish(task, message, attempt + 1, span);
  }

  private TaskMessage message(Ready ready) {
    PendingTask task = ready.task;
    return new TaskMessage(
        ready.id,
        config.owner().resultsQueue(),
        null,
        true,
        ready.job,
        ready.spec.function(),
        ready.numbers,
        config.settings(),
        ready.spec.captured(),
        ready.args,
        ready.spec.options(),
        TaskMessage.Counts.FIRST,
        TaskMessage.Times.until(task.expiresAtMillis, time.steadyMillis()),
        config.limit() > 0);
  }

  /**
   * A task with everything needed to send it.
   *
   * @param id of its message
   * @param numbers numbers of the calls to send
   * @param args one line for each of them
   * @param origins where calls come from that belong to no traced job
   */
  private record Ready(
      String id,
      PendingTask task,
      CallSpec spec,
      String job,
      CallRanges numbers,
      Lines args,
      Origins origins) {

    /** Returns a copy without the calls that have ended; null if all have. */
    @Nullable Ready withoutEnded() {
      Lines.Builder rest = new Lines.Builder(args.bytes(0, task.count), task.left());
      CallRanges.Builder open = new CallRanges.Builder();
      for (int i = 0; i < task.count; i++) {
        if (task.open(i)) {
          open.add(task.first + i);
          rest.add(args.get(i));
        }
      }
      return open.count() == 0
          ? null
          : new Ready(id, task, spec, job, open.build(), rest.build(), origins);
    }
  }
}
