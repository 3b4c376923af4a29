package dev.warren.worker.consume;

import dev.warren.lifecycle.EventLoop;
import dev.warren.lifecycle.LogThrottle;
import dev.warren.lifecycle.Logs;
import dev.warren.wire.Message;
import dev.warren.wire.WireFormatException;
import dev.warren.wire.control.CancelMessage;
import dev.warren.wire.control.ClockMessage;
import dev.warren.wire.control.DrainMessage;
import dev.warren.wire.control.ExplainMessage;
import dev.warren.wire.control.HelloMessage;
import dev.warren.wire.control.OwnershipQuery;
import dev.warren.wire.control.RefusalMessage;
import dev.warren.wire.control.WatchMessage;
import dev.warren.wire.control.WorkerRequests;
import dev.warren.worker.consume.redelivery.RedeliveryArbiter;
import dev.warren.worker.history.HistoryAnswers;
import java.time.Duration;
import org.slf4j.Logger;

/** Acts on the messages of the pool's control exchange. Confined to the loop. */
final class ControlMessages {
  private static final Logger log = Logs.of(ControlMessages.class);

  private final EventLoop loop;
  private final String supervisor;
  private final WorkerRequests requests;
  private final RedeliveryArbiter arbiter;
  private final Refusals refusals;
  private final OwnerClocks clocks;
  private final OwnerStatus owners;
  private final HeldTasks tasks;
  private final HistoryAnswers histories;
  private final LogThrottle odd = new LogThrottle(Duration.ofSeconds(10));

  /**
   * Creates an instance.
   *
   * @param supervisor this worker's id
   * @param requests called for what is asked of the worker itself
   */
  ControlMessages(
      EventLoop loop,
      String supervisor,
      WorkerRequests requests,
      RedeliveryArbiter arbiter,
      Refusals refusals,
      OwnerClocks clocks,
      OwnerStatus owners,
      HeldTasks tasks,
      HistoryAnswers histories) {
    this.loop = loop;
    this.supervisor = supervisor;
    this.requests = requests;
    this.arbiter = arbiter;
    this.refusals = refusals;
    this.clocks = clocks;
    this.owners = owners;
    this.tasks = tasks;
    this.histories = histories;
  }

  /** Acts on a message; a malformed one is logged and dropped. */
  void handle(Message message) {
    try {
      switch (String.valueOf(message.type())) {
        case HelloMessage.TYPE -> requests.hello();
        case WatchMessage.TYPE -> requests.watch(WatchMessage.of(message).seconds());
        case DrainMessage.TYPE -> heard(DrainMessage.of(message));
        case ExplainMessage.TYPE -> histories.answer(ExplainMessage.of(message));
        case OwnershipQuery.TYPE -> heard(OwnershipQuery.of(message));
        case RefusalMessage.TYPE -> refusals.hear(RefusalMessage.of(message), message.replyTo());
        case ClockMessage.TYPE -> heard(ClockMessage.of(message));
        default -> owners.cancel(CancelMessage.of(message));
      }
    } catch (WireFormatException e) {
      if (odd.allows(loop.now())) {
        log.warn("control message {} dropped: {}{}", message.id(), e.getMessage(), odd.heldBack());
      }
    }
  }

  private void heard(DrainMessage message) {
    if (message.supervisor().equals(supervisor)) {
      requests.drain();
    }
  }

  private void heard(ClockMessage message) {
    clocks.heard(message.owner(), message.sentAtMillis());
  }

  private void heard(OwnershipQuery message) {
    arbiter.hear(message, tasks::contains, tasks::hasSettled);
    message.settled().forEach(tasks::addSettled);
  }
}
