package dev.warren.pool.engine.submit;

import dev.warren.broker.Broker;
import dev.warren.broker.BrokerException;
import dev.warren.broker.Route;
import dev.warren.json.Lines;
import dev.warren.lifecycle.TimeSource;
import dev.warren.pool.engine.trace.Origins;
import dev.warren.pool.engine.trace.SendTraces;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.task.TaskOptions;
import dev.warren.wire.CallRanges;
import dev.warren.wire.Message;
import dev.warren.wire.SecretIds;
import dev.warren.wire.TaskMessage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Publishes calls whose outcomes nobody here waits for. They have no owner, so that workers run
 * them even after this program has ended. Thread-safe.
 */
public final class DetachedCalls {
  /** How often an unroutable message is sent, each time after declaring the queue. */
  private static final int ROUTE_TRIES = 3;

  private final SubmissionConfig config;
  private final OwnerClock clock;
  private final TimeSource time;

  DetachedCalls(SubmissionConfig config, OwnerClock clock, TimeSource time) {
    this.config = config;
    this.clock = clock;
    this.time = time;
  }

  /** The broker did not take a call; carries the failure that says why. */
  public static final class NotPublishedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient RemoteFailure failure;

    NotPublishedException(FailureKind kind, String message, @Nullable Throwable cause) {
      super(message, cause);
      this.failure = RemoteFailure.of(kind, message, 1);
    }

    /** Why the call is not published. */
    public RemoteFailure failure() {
      return failure;
    }
  }

  /**
   * Publishes a call and waits until the broker has confirmed it.
   *
   * @param limit maximum wait
   * @return the call's id, which is the id of its message
   * @throws NotPublishedException if the broker refuses the call, or did not confirm it in time; in
   *     the second case it may run nevertheless
   */
  public String publish(CallSpec spec, Payload args, Duration limit)
      throws InterruptedException, NotPublishedException {
    String id = SecretIds.random();
    SendTraces.Sending sending = sending(task(id, spec, args));
    try {
      String published = publish(sending.task(), limit);
      SendTraces.sent(sending.span());
      return published;
    } catch (NotPublishedException e) {
      SendTraces.notSent(sending.span(), e.failure().kind().wire(), e.getMessage());
      throw e;
    }
  }

  private SendTraces.Sending sending(TaskMessage task) {
    SendTraces traces = SendTraces.of(config.tracing(), config.broker(), config.owner().names());
    return traces == null
        ? SendTraces.Sending.untraced(task)
        : traces.begin(task, new Origins(traces.current(), List.of()));
  }

  private String publish(TaskMessage task, Duration limit)
      throws InterruptedException, NotPublishedException {
    Message message = config.codec().write(task);
    long start = time.nanos();
    for (int i = 0; i < ROUTE_TRIES; i++) {
      long left = limit.toNanos() - (time.nanos() - start);
      if (await(message, left, limit) == Broker.Receipt.CONFIRMED) {
        config.meters().submitted(1);
        return task.id();
      }
      declare();
    }
    throw new NotPublishedException(
        FailureKind.REJECTED,
        "the task queue "
            + config.owner().names().tasks()
            + " does not exist and cannot be declared",
        null);
  }

  private Broker.Receipt await(Message message, long nanos, Duration limit)
      throws InterruptedException, NotPublishedException {
    try {
      return config
          .broker()
          .publish(Route.toQueue(config.owner().names().tasks()), message)
          .toCompletableFuture()
          .get(nanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new NotPublishedException(
          FailureKind.BROKER_UNAVAILABLE,
          "the broker did not confirm the call within "
              + limit.toSeconds()
              + " s; it may run later",
          e);
    } catch (ExecutionException | CompletionException e) {
      throw new NotPublishedException(
          FailureKind.REJECTED,
          "the broker refused the call: " + (e.getCause() == null ? e : e.getCause()).getMessage(),
          e);
    }
  }

  private void declare() throws NotPublishedException {
    try {
      config.broker().declare(config.owner().names().topology());
    } catch (BrokerException e) {
      throw new NotPublishedException(
          FailureKind.REJECTED,
          "cannot declare the queues of pool "
              + config.owner().names().pool()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private TaskMessage task(String id, CallSpec spec, Payload args) {
    TaskOptions options = spec.options();
    TaskMessage.Times times =
        TaskMessage.Times.until(clock.expiryOf(options), time.steadyMillis())
            .delayed(clock.waitMillis(options));
    return new TaskMessage(
        id,
        options.replyTo(),
        options.replyTo() == null ? null : id,
        false,
        id,
        spec.function(),
        CallRanges.of(0, 1),
        config.settings(),
        spec.captured(),
        Lines.single(args),
        options,
        TaskMessage.Counts.FIRST,
        times,
        false);
  }
}
