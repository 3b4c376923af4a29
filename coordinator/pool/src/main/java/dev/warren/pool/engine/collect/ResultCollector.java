package dev.warren.pool.engine.collect;

import dev.warren.broker.Delivery;
import dev.warren.cluster.Echoes;
import dev.warren.json.Lines;
import dev.warren.lifecycle.LogThrottle;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.TimeSource;
import dev.warren.pool.engine.pending.LocalOutcome;
import dev.warren.pool.engine.pending.PendingCalls;
import dev.warren.pool.engine.pending.PendingTask;
import dev.warren.pool.engine.pending.RanBy;
import dev.warren.wire.CallRanges;
import dev.warren.wire.Message;
import dev.warren.wire.OutcomeLine;
import dev.warren.wire.ResultCodec;
import dev.warren.wire.ResultMessage;
import dev.warren.wire.WireFormatException;
import dev.warren.wire.control.SupersededMessage;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Reads result messages, drops the failures of attempts that no longer count, and gives the
 * outcomes to an {@link OutcomeSink}. Confined to the thread that delivers.
 */
public final class ResultCollector {
  private static final Logger log = Logs.of(ResultCollector.class);

  /**
   * Maximum attempts to handle a message for which there is not enough memory, with a pause
   * between.
   */
  private static final int ATTEMPTS = 600;

  private static final long PAUSE_NANOS = 100_000_000L;

  /**
   * Maximum number of ended calls that are cancelled because of one {@code warren.moved} message.
   */
  private static final int MAX_OVERTAKEN = 100_000;

  private final LogThrottle odd = new LogThrottle(Duration.ofSeconds(10));
  private final ResultCodec codec;
  private final String queue;
  private final PendingCalls table;
  private final OutcomeSink sink;
  private final LongConsumer overtaken;
  private final Consumer<Message> echoed;
  private final AttemptFence fence = new AttemptFence();

  /**
   * Creates a collector.
   *
   * @param codec converts the messages of the queue
   * @param queue the results queue
   * @param table the calls that have not ended
   * @param sink receives the outcomes
   * @param overtaken receives the number of an ended call of which another attempt may be running
   * @param echoed receives the owner's own echoes
   */
  public ResultCollector(
      ResultCodec codec,
      String queue,
      PendingCalls table,
      OutcomeSink sink,
      LongConsumer overtaken,
      Consumer<Message> echoed) {
    this.echoed = echoed;
    this.codec = codec;
    this.queue = queue;
    this.table = table;
    this.sink = sink;
    this.overtaken = overtaken;
  }

  /**
   * Handles a delivery, and acknowledges it when its outcomes can no longer be lost. Without enough
   * memory this thread waits and retries, which also holds back further results. A message that
   * stays unsettled is redelivered.
   */
  public void handle(Delivery delivery) {
    CompletionStage<Void> kept = handle(delivery.message());
    for (int attempt = 1; kept == null; attempt++) {
      if (attempt == ATTEMPTS) {
        log.error("no memory for a result message of {} bytes", delivery.message().body().length());
        return;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
      kept = handle(delivery.message());
    }
    if (kept == OutcomeSink.DONE) {
      delivery.ack();
    } else {
      kept.whenComplete((none, failure) -> settle(delivery, failure));
    }
  }

  private void settle(Delivery delivery, @Nullable Throwable failure) {
    if (failure == null) {
      delivery.ack();
    } else {
      log.debug("the outcomes of a result message were not kept; returning it", failure);
      delivery.requeue();
    }
  }

  /**
   * Returns null if there was not enough memory; retrying is safe, because a call ends only once.
   */
  private @Nullable CompletionStage<Void> handle(Message message) {
    try {
      if (Echoes.TYPE.equals(message.type())) {
        echoed.accept(message);
      } else if (SupersededMessage.is(message)) {
        SupersededMessage moved = SupersededMessage.of(message);
        log.debug("calls {} are run again because their host was lost", moved.calls());
        int[] told = {0};
        moved.calls().forEachRange((first, last) -> moved(first, last, moved.hostLosses(), told));
      } else {
        return distribute(codec.read(queue, message), SupersededMessage.lossesOf(message));
      }
    } catch (WireFormatException e) {
      // Workers do not send such messages, so it ends no call: the true outcome is still to come,
      // and the watch ends calls that nobody holds.
      if (odd.allows(TimeSource.SYSTEM.nanos())) {
        log.warn(
            "dropped a message from {} that is not a result: {}{}",
            queue,
            e.getMessage(),
            odd.heldBack());
      }
    } catch (OutOfMemoryError e) {
      return null;
    } catch (RuntimeException | Error e) {
      log.error("a result message could not be handled completely; its open calls fail", e);
      endAll(message);
    }
    return OutcomeSink.DONE;
  }

  /** Last resort: ends calls whose outcomes arrived but could not be delivered. */
  private void endAll(Message message) {
    try {
      codec
          .readCalls(message)
          .forEach(
              number -> {
                PendingTask task = table.find(number);
                if (task != null) {
                  table.endOne(task, (int) (number - task.first), LocalOutcome.NOT_TAKEN);
                }
              });
    } catch (WireFormatException e) {
      log.debug("it names no calls: {}", e.getMessage());
    }
  }

  /** These calls are run again; cancels those that have ended, up to a limit. */
  private void moved(long first, long last, int hostLosses, int[] told) {
    long number = first;
    while (number <= last) {
      PendingTask task = table.findFirst(number, last);
      long open = task == null ? last + 1 : Math.max(number, task.first);
      for (; number < open && told[0] < MAX_OVERTAKEN; number++) {
        told[0]++;
        overtaken.accept(number); // already ended by the old attempt
      }
      number = open;
      if (task != null) {
        number = moved(task, number, Math.min(last, task.last()), hostLosses, told);
      }
    }
  }

  private long moved(PendingTask task, long first, long last, int hostLosses, int[] told) {
    for (long number = first; number <= last; number++) {
      if (task.open((int) (number - task.first))) {
        fence.moved(number, hostLosses);
      } else if (told[0]++ < MAX_OVERTAKEN) {
        overtaken.accept(number);
      }
    }
    return last + 1;
  }

  private CompletionStage<Void> distribute(ResultMessage message, int hostLosses) {
    double microsPerCall = (double) message.busyMicros() / message.calls().count();
    RanBy ran = new RanBy(microsPerCall, message.supervisor(), message.children());
    return fence.isEmpty() || !anyFenced(message)
        ? sink.accept(new OutcomeBatch(message.calls(), message.outcomes(), ran))
        : distributeFenced(message, ran, hostLosses);
  }

  private boolean anyFenced(ResultMessage message) {
    boolean[] any = {false};
    message.calls().forEach(number -> any[0] |= fence.isFenced(number));
    return any[0];
  }

  /** Delivers outcomes one by one, without the failures of stale attempts. */
  private CompletionStage<Void> distributeFenced(ResultMessage message, RanBy ran, int hostLosses) {
    Lines lines = message.outcomes();
    CompletionStage<Void> kept = OutcomeSink.DONE;
    for (int i = 0; i < lines.count(); i++) {
      long number = message.calls().get(i);
      boolean value = OutcomeLine.isValue(lines.get(i));
      if (!value && fence.isStale(number, hostLosses)) {
        log.info(
            "call {}: a failure from worker {} is stale; the call is run again elsewhere",
            number,
            message.supervisor());
        continue;
      }
      boolean ends = table.find(number) != null;
      CompletionStage<Void> one =
          sink.accept(
              new OutcomeBatch(
                  CallRanges.of(number, 1), Lines.single(lines.get(i)), ran.slice(i, i + 1)));
      kept = kept == OutcomeSink.DONE ? one : kept.thenCompose(none -> one);
      if (ends && fence.isFenced(number)) {
        fence.forget(number);
        overtaken.accept(number);
      }
    }
    return kept;
  }
}
