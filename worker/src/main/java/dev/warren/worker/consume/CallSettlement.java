package dev.warren.worker.consume;

import dev.warren.json.Lines;
import dev.warren.lifecycle.EventLoop;
import dev.warren.lifecycle.Logs;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.task.TaskOptions;
import dev.warren.wire.ExceptionText;
import dev.warren.wire.OutcomeLine;
import dev.warren.wire.TaskMessage;
import dev.warren.wire.WireFormatException;
import dev.warren.worker.consume.send.DeadLetterer;
import dev.warren.worker.consume.send.Republisher;
import dev.warren.worker.history.HistoryEvent;
import dev.warren.worker.history.HistoryText;
import dev.warren.worker.meter.WorkerMeters;
import dev.warren.worker.supervise.calls.CallRun;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;

/**
 * Decides what happens to a call that ended: its outcome is sent to its owner, or its next attempt
 * is published, or, once its budget is used up, it is dead-lettered and its owner is told why.
 * Called by {@link HeldTask}; confined to the loop.
 */
final class CallSettlement {
  private static final Logger log = Logs.of(CallSettlement.class);

  /** Wait before the failure that reports an unsent outcome is sent again. */
  private static final long UNSENT_AGAIN_MS = 500;

  private final EventLoop loop;
  private final ResultSender results;
  private final Republisher republisher;
  private final DeadLetterer deadLetterer;
  private final FailureLog failureLog;
  private final boolean keepFailures;
  private final WorkerMeters meters;
  private final Refusals refusals;
  // attempts that ended here, and how many of them failed
  private long ended;
  private long failures;

  /**
   * Creates a settlement.
   *
   * @param keepFailures whether every call that fails for good is dead-lettered, also one whose
   *     owner waits and that had one attempt only
   * @param refusals creates what is known about functions that this worker cannot run
   */
  CallSettlement(
      EventLoop loop,
      ResultSender results,
      Republisher republisher,
      DeadLetterer deadLetterer,
      boolean keepFailures,
      WorkerMeters meters,
      Function<Refusals.Fate, Refusals> refusals) {
    this.loop = loop;
    this.results = results;
    this.republisher = republisher;
    this.deadLetterer = deadLetterer;
    this.keepFailures = keepFailures;
    this.meters = meters;
    this.failureLog = new FailureLog(loop.time());
    this.refusals =
        refusals.apply(
            new Refusals.Fate() {
              @Override
              public void passOn(HeldTask held, int index) {
                CallSettlement.this.passOn(held, index);
              }

              @Override
              public void reject(HeldTask held, int index, RemoteFailure failure) {
                rejected(held, index, failure);
              }
            });
  }

  /** Returns what is known about functions that this worker cannot run. */
  Refusals refusals() {
    return refusals;
  }

  /** Number of attempts that ended on this worker. */
  long ended() {
    return ended;
  }

  /** How many of {@link #ended} threw, were refused or lost their child. */
  long failures() {
    return failures;
  }

  private void ended(HeldTask held, int calls) {
    ended += calls;
    meters.attempted(held.task(), calls);
  }

  /** Sends the outcome lines of calls that have ended with values. */
  void send(HeldTask held, int from, Lines lines, CallRun run) {
    sendLines(held, from, lines, run);
    meters.outcomes().values(lines.count());
  }

  /** Sends the failure of a call. */
  void send(HeldTask held, int index, RemoteFailure failure, CallRun run) {
    sendLine(held, index, OutcomeLine.of(failure), failure.kind(), run);
  }

  private void sendLine(HeldTask held, int index, Payload line, FailureKind kind, CallRun run) {
    sendLines(held, index, Lines.single(line), run);
    meters.outcomes().ended(kind);
  }

  private void sendLines(HeldTask held, int from, Lines lines, CallRun run) {
    ended(held, lines.count());
    held.busy(run.busyMicros());
    String owner = held.task().owner();
    if (owner == null) {
      held.settled(from, from + lines.count());
    } else {
      held.history().sent(from, from + lines.count());
      results.send(held, owner, from, lines, run);
    }
  }

  /**
   * Handles a function that threw, or a call that the child refused: publishes the next attempt or
   * ends the call. A refused call of a foreign producer is dead-lettered too, since its sender may
   * not read the reply and has to fix the message.
   */
  void failed(HeldTask held, int index, Payload line, CallRun run) {
    held.busy(run.busyMicros());
    int attempt = held.task().counts().attempt();
    RemoteFailure failure;
    try {
      failure = OutcomeLine.failure(line);
    } catch (WireFormatException e) {
      send(held, index, OutcomeLine.notAnOutcome(line, attempt), run.timeless());
      return;
    }
    failures++;
    held.failing(index, failure);
    RemoteFailure located = failure.withWhere(run.child().addTo(failure.where()));
    if (failure.mayRunElsewhere()) {
      held.history().add(HistoryEvent.REFUSED, index, failure.message());
      refusals.refused(held, index, located);
      return;
    }
    failed(held, index, line, located, run.timeless());
  }

  /** Publishes a call that this worker has refused for other workers, uncharged. */
  private void passOn(HeldTask held, int index) {
    ended(held, 1);
    TaskMessage task = held.task();
    held.givesBack();
    held.history().add(HistoryEvent.PASSED_ON, index, "to workers that can run it");
    republisher.publish(
        republisher.part(task, index, index + 1, task.counts(), 0), () -> settled(held, index));
  }

  private void rejected(HeldTask held, int index, RemoteFailure failure) {
    failed(held, index, OutcomeLine.of(failure), failure, CallRun.of(failure));
  }

  /** The failure may tell more than its line, which is sent as the child wrote it. */
  private void failed(HeldTask held, int index, Payload line, RemoteFailure failure, CallRun run) {
    held.history().add(HistoryEvent.FAILED, index, HistoryText.failure(failure));
    TaskMessage task = held.task();
    TaskOptions options = task.options();
    int attempt = task.counts().attempt();
    boolean single = options.maxAttempts() == 1;
    boolean another = failure.retryable() && attempt < options.maxAttempts();
    boolean ordinary = single && failure.kind() != FailureKind.REJECTED;
    boolean told = task.owner() != null && !keepFailures;
    if (single && told && (task.numbered() || (ordinary && !another))) {
      failureLog.failed(task, index, failure);
      sendLine(held, index, line, failure.kind(), run);
    } else if (!another) {
      spent(held, index, failure);
    } else {
      nextAttempt(held, index);
    }
  }

  /**
   * Ends a call that another attempt would not help, such as one at its time limit. If nobody waits
   * for it, it is dead-lettered.
   */
  void failedForGood(HeldTask held, int index, RemoteFailure failure) {
    boolean unwanted =
        failure.kind() == FailureKind.CANCELLED || failure.kind() == FailureKind.EXPIRED;
    if (!unwanted && (held.task().owner() == null || keepFailures)) {
      spent(held, index, failure);
      return;
    }
    if (!unwanted) {
      failureLog.failed(held.task(), index, failure);
    }
    send(held, index, failure, CallRun.of(failure));
  }

  /**
   * The last resort for an ended call whose outcome could not be sent: its owner gets a failure
   * that says so, repeated until sending succeeds.
   */
  void unsent(HeldTask held, int index, Throwable why) {
    try {
      log.error(
          "the outcome of call {} of task {} could not be sent; reporting that to its owner",
          index,
          held.task().id(),
          why);
      RemoteFailure failure =
          RemoteFailure.of(
              FailureKind.RESULT_NOT_SERIALIZABLE,
              "the worker could not send the outcome: " + ExceptionText.text(why),
              held.task().counts().attempt());
      send(held, index, failure, CallRun.NONE);
    } catch (RuntimeException | Error e) {
      loop.after(UNSENT_AGAIN_MS, () -> unsent(held, index, e));
    }
  }

  private void nextAttempt(HeldTask held, int index) {
    ended(held, 1);
    TaskMessage task = held.task();
    TaskMessage.Counts counts = task.counts().nextAttempt();
    long wait = republisher.waitMillis(task.options().backoff(), counts.attempt());
    publishAgain(held, index, counts, wait);
  }

  private void publishAgain(HeldTask held, int index, TaskMessage.Counts counts, long waitMillis) {
    TaskMessage next = republisher.part(held.task(), index, index + 1, counts, waitMillis);
    held.history().add(HistoryEvent.RETRY, index, HistoryText.next(counts, waitMillis));
    republisher.publish(next, () -> settled(held, index));
  }

  private static void settled(HeldTask held, int index) {
    held.settled(index, index + 1);
  }

  /** The call's child died: publishes another attempt while the budget lasts. */
  void childLost(HeldTask held, int index, RemoteFailure evidence) {
    failures++;
    TaskMessage task = held.task();
    TaskMessage.Counts counts = task.counts().childLost();
    if (!task.options().atMostOnce() && counts.childLosses() <= task.options().childLost()) {
      ended(held, 1);
      publishAgain(held, index, counts, 0);
      return;
    }
    Map<String, Object> details = new HashMap<>(evidence.details());
    details.put("lossCount", counts.childLosses());
    spent(held, index, evidence.withDetails(details));
  }

  /**
   * Dead-letters a call whose budget is used up, with its evidence, then sends the failure to its
   * owner.
   */
  void spent(HeldTask held, int index, RemoteFailure failure) {
    TaskMessage task = held.task();
    failureLog.failed(task, index, failure);
    if (failure.kind() == FailureKind.HOST_LOST) {
      held.history().add(HistoryEvent.HOST_LOST, index, HistoryText.failure(failure));
    }
    deadLetterer.park(
        republisher.part(task, index, index + 1, task.counts(), 0),
        failure,
        () -> {
          held.history().add(HistoryEvent.DEAD_LETTERED, index, failure.kind().wire());
          send(held, index, failure, CallRun.of(failure));
        });
  }
}
