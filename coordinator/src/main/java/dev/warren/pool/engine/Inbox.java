package dev.warren.pool.engine;

import dev.warren.broker.Delivery;
import dev.warren.lifecycle.LogThrottle;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.TimeSource;
import dev.warren.wire.Lines;
import dev.warren.wire.Message;
import dev.warren.wire.MovedMessage;
import dev.warren.wire.OutcomeLine;
import dev.warren.wire.ResultMessage;
import dev.warren.wire.WireFormatException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.slf4j.Logger;

/**
 * Takes result messages apart and gives each outcome to the call it belongs to. Confined to the
 * thread that delivers; runs no code of users.
 */
final class Inbox {
  private static final Logger log = Logs.of(Inbox.class);

  /** How often a message is tried for which there is no memory, and the wait between. */
  private static final int ATTEMPTS = 600;

  private static final long PAUSE_NANOS = 100_000_000L;

  /** Ended calls that one message of moved calls has cancelled at most. */
  private static final int MOST_OVERTAKEN = 100_000;

  private final LogThrottle odd = new LogThrottle(Duration.ofSeconds(10));
  private final String queue;
  private final PendingTable table;
  private final LongConsumer overtaken;
  private final Fences fences = new Fences();

  /**
   * An inbox.
   *
   * @param queue where the results come from
   * @param overtaken told of a call that has ended while another attempt may be under way
   */
  Inbox(String queue, PendingTable table, LongConsumer overtaken) {
    this.queue = queue;
    this.table = table;
    this.overtaken = overtaken;
  }

  /**
   * Handles one delivery and settles it. Without memory for it this thread waits and tries again,
   * which holds back what would need more; a message that stays unsettled comes again.
   */
  void handle(Delivery delivery) {
    for (int attempt = 1; !isHandled(delivery.message()); attempt++) {
      if (attempt == ATTEMPTS) {
        log.error("no memory for a result message of {} bytes", delivery.message().body().length());
        return;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    delivery.ack();
  }

  /** False if there was no memory for it; trying again is safe, since a call ends once. */
  private boolean isHandled(Message message) {
    try {
      if (MovedMessage.is(message)) {
        MovedMessage moved = MovedMessage.of(message);
        log.debug("calls {} are run again, their host was lost", moved.calls());
        int[] told = {0};
        moved.calls().forEachRange((first, last) -> moved(first, last, moved.hostLosses(), told));
      } else {
        distribute(ResultMessage.of(queue, message), MovedMessage.lossesOf(message));
      }
    } catch (WireFormatException e) {
      // no worker writes such a message, so it ends no call: the true outcome is still to come, and
      // the watch ends a call that nobody holds
      if (odd.allows(TimeSource.SYSTEM.nanos())) {
        log.warn(
            "dropped a message from {} that is no result: {}{}",
            queue,
            e.getMessage(),
            odd.heldBack());
      }
    } catch (OutOfMemoryError e) {
      return false;
    } catch (RuntimeException | Error e) {
      log.error("a result message could not be handled in full; its open calls fail", e);
      endAll(message);
    }
    return true;
  }

  /** The last resort for calls whose outcomes came and could not be given to them. */
  private void endAll(Message message) {
    try {
      ResultMessage.callsOf(message)
          .forEach(
              number -> {
                Task task = table.find(number);
                if (task != null) {
                  table.endOne(task, (int) (number - task.first), LocalOutcome.NOT_TAKEN);
                }
              });
    } catch (WireFormatException e) {
      log.debug("it names none: {}", e.getMessage());
    }
  }

  /** Calls of these numbers run again; those that have ended are cancelled, up to a bound. */
  private void moved(long first, long last, int hostLosses, int[] told) {
    long number = first;
    while (number <= last) {
      Task task = table.findFirst(number, last);
      long open = task == null ? last + 1 : Math.max(number, task.first);
      for (; number < open && told[0] < MOST_OVERTAKEN; number++) {
        told[0]++;
        overtaken.accept(number); // the old attempt was faster
      }
      number = open;
      if (task != null) {
        number = moved(task, number, Math.min(last, task.last()), hostLosses, told);
      }
    }
  }

  private long moved(Task task, long first, long last, int hostLosses, int[] told) {
    for (long number = first; number <= last; number++) {
      if (task.open((int) (number - task.first))) {
        fences.moved(number, hostLosses);
      } else if (told[0]++ < MOST_OVERTAKEN) {
        overtaken.accept(number);
      }
    }
    return last + 1;
  }

  private void distribute(ResultMessage message, int hostLosses) {
    if (!fences.isEmpty() && anyFenced(message)) {
      distributeFenced(message, hostLosses);
      return;
    }
    double microsPerCall = (double) message.busyMicros() / message.calls().count();
    int[] line = {0};
    message
        .calls()
        .forEachRange(
            (first, last) -> {
              outcomes(first, last, message.outcomes(), line[0], microsPerCall);
              line[0] += (int) (last - first + 1);
            });
  }

  private boolean anyFenced(ResultMessage message) {
    boolean[] any = {false};
    message.calls().forEach(number -> any[0] |= fences.isFenced(number));
    return any[0];
  }

  /** One by one, leaving out failures of attempts that were given up. */
  private void distributeFenced(ResultMessage message, int hostLosses) {
    double microsPerCall = (double) message.busyMicros() / message.calls().count();
    Lines lines = message.outcomes();
    for (int i = 0; i < lines.count(); i++) {
      long number = message.calls().get(i);
      boolean value = OutcomeLine.isValue(lines.get(i));
      if (!value && fences.isStale(number, hostLosses)) {
        log.info(
            "call {}: a failure from worker {} is out of date, the call is run again elsewhere",
            number,
            message.supervisor());
        continue;
      }
      boolean ends = table.find(number) != null;
      outcomes(number, number, lines, i, microsPerCall);
      if (ends && fences.isFenced(number)) {
        fences.forget(number);
        overtaken.accept(number);
      }
    }
  }

  private void outcomes(long first, long last, Lines lines, int line, double microsPerCall) {
    long number = first;
    while (number <= last) {
      Task task = table.find(number);
      if (task == null) {
        // ended before, by a repeat, a cancel, the watch; go on with the next that is open
        Task next = table.findFirst(number, last);
        if (next == null) {
          return;
        }
        number = Math.max(number, next.first);
        continue;
      }
      long end = Math.min(last, task.last());
      int from = (int) (number - task.first);
      int to = (int) (end - task.first) + 1;
      task.times.add(to - from, microsPerCall * (to - from));
      table.end(task, from, to, lines, line + (int) (number - first));
      number = end + 1;
    }
  }
}
