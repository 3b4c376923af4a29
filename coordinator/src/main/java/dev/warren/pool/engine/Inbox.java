package dev.warren.pool.engine;

import dev.warren.broker.Delivery;
import dev.warren.wire.Lines;
import dev.warren.wire.ResultMessage;
import dev.warren.wire.WireFormatException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes result messages apart and gives each outcome to the call it belongs to. Confined to the
 * thread that delivers; runs no code of users.
 */
final class Inbox {
  private static final Logger log = LoggerFactory.getLogger(Inbox.class);

  private final String queue;
  private final PendingTable table;

  Inbox(String queue, PendingTable table) {
    this.queue = queue;
    this.table = table;
  }

  /** Handles one delivery and settles it. */
  void handle(Delivery delivery) {
    try {
      distribute(ResultMessage.of(queue, delivery.message()));
    } catch (WireFormatException e) {
      log.warn("dropped a message from {} that is no result: {}", queue, e.getMessage());
    } catch (RuntimeException | Error e) {
      log.error("a result message could not be handled in full", e);
    } finally {
      delivery.ack();
    }
  }

  private void distribute(ResultMessage message) {
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

  private void outcomes(long first, long last, Lines lines, int line, double microsPerCall) {
    long number = first;
    while (number <= last) {
      Task task = table.find(number);
      if (task == null) {
        // ended before, by a repeat, a cancel, the watch; go on with the next that is open
        Task next = table.next(number);
        if (next == null || next.first > last) {
          return;
        }
        number = next.first;
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
