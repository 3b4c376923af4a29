package dev.warren.broker.rabbit.consume;

import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.lifecycle.Logs;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.slf4j.Logger;

/**
 * Channels of cancelled consumers whose deliveries are all settled. They are closed a while later:
 * a channel that is closed right after its last acknowledgements may lose some of them, and the
 * broker then delivers those messages again (quorum queues of RabbitMQ 3.10 to 4.3, when more than
 * 32 acknowledgements have not been replicated yet). Confined to the consuming thread.
 */
final class ClosingChannels {
  /** How long the broker is given to apply acknowledgements. */
  static final Duration APPLIED = Duration.ofSeconds(2);

  private static final Logger log = Logs.of(ClosingChannels.class);

  private final Queue<Closing> waiting = new ArrayDeque<>();

  private record Closing(ConsumerChannel channel, long dueNanos) {}

  /** Closes this channel later. */
  void add(ConsumerChannel channel, long now) {
    waiting.add(new Closing(channel, now + APPLIED.toNanos()));
  }

  /** Closes the channels that have waited long enough. */
  void closeDue(long now) {
    for (Closing first = waiting.peek();
        first != null && first.dueNanos - now <= 0;
        first = waiting.peek()) {
      waiting.remove();
      try {
        first.channel.closeChannel();
      } catch (IOException | ShutdownSignalException e) {
        log.debug("closing a channel", e);
      }
    }
  }

  long nanosToNext(long now) {
    Closing first = waiting.peek();
    return first == null ? Long.MAX_VALUE : Math.max(0, first.dueNanos - now);
  }

  /** The connection is lost, and with it the channels. */
  void breakOff() {
    waiting.clear();
  }
}
