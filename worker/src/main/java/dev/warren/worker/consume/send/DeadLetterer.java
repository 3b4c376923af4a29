package dev.warren.worker.consume.send;

import dev.warren.broker.Broker;
import dev.warren.broker.Delivery;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Route;
import dev.warren.json.Lines;
import dev.warren.lifecycle.Logs;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.CallRanges;
import dev.warren.wire.Message;
import dev.warren.wire.OutcomeLine;
import dev.warren.wire.ResultCodec;
import dev.warren.wire.ResultMessage;
import dev.warren.wire.TaskMessage;
import dev.warren.wire.WireFormatException;
import dev.warren.worker.meter.WorkerMeters;
import org.slf4j.Logger;

/**
 * Dead-letters what cannot be run, with its cause: calls whose budget is used up, and messages that
 * are not tasks. Confined to the loop.
 */
public final class DeadLetterer {
  private static final Logger log = Logs.of(DeadLetterer.class);

  /** A longer cause is cut, since it travels in a header. */
  private static final int CAUSE_BYTES = 16 * 1024;

  private static final int LONGEST_REASON = 400;

  private final Broker broker;
  private final ResultCodec codec;
  private final PoolNames names;
  private final Republisher republisher;
  private final String supervisor;
  private final ReplyQueues replyQueues;
  private final WorkerMeters meters;
  private long answers;

  public DeadLetterer(
      Broker broker,
      ResultCodec codec,
      PoolNames names,
      Republisher republisher,
      String supervisor,
      ReplyQueues replyQueues,
      WorkerMeters meters) {
    this.broker = broker;
    this.codec = codec;
    this.names = names;
    this.republisher = republisher;
    this.supervisor = supervisor;
    this.replyQueues = replyQueues;
    this.meters = meters;
  }

  /**
   * Dead-letters a call with its evidence; runs {@code done} on the loop once that is confirmed.
   */
  public void park(TaskMessage call, RemoteFailure evidence, Runnable done) {
    meters.deadLettered(evidence.kind());
    republisher.deadLetter(call, cause(evidence), done);
  }

  /**
   * Dead-letters a message that is not a task, with the reason, and reports it to the sender if its
   * reply queue is known and allowed.
   */
  public void deadLetterMalformed(Delivery delivery, WireFormatException reason) {
    Message message = delivery.message();
    String why = readable(String.valueOf(reason.getMessage()));
    log.warn("message {} is not a task, dead-lettered to {}: {}", message.id(), names.dead(), why);
    RemoteFailure failure = RemoteFailure.of(FailureKind.REJECTED, why, 1);
    meters.deliveredMalformed();
    meters.deadLettered(failure.kind());
    republisher.deadLetter(
        message,
        cause(failure),
        () -> {
          delivery.ack();
          String replyTo = message.replyTo();
          if (replyTo != null && replyQueues.allows(replyTo)) {
            answer(replyTo, message, failure);
          }
        });
  }

  private void answer(String replyTo, Message message, RemoteFailure failure) {
    String correlation = message.correlationId() == null ? message.id() : message.correlationId();
    ResultMessage result =
        new ResultMessage(
            supervisor + ".rejected" + ++answers,
            replyTo,
            correlation,
            CallRanges.of(0, 1),
            Lines.single(OutcomeLine.of(failure)),
            0,
            supervisor);
    broker
        .publish(Route.toQueue(replyTo), codec.write(result))
        .whenComplete(
            (receipt, e) -> log.debug("reported a rejected message to {}: {}", replyTo, receipt));
  }

  /**
   * Returns one printable line of bounded length; the text may quote any part of a foreign message.
   */
  static String readable(String reason) {
    String line = reason.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON) + " …";
  }

  private static Payload cause(RemoteFailure failure) {
    Payload line = OutcomeLine.of(failure);
    return line.length() <= CAUSE_BYTES
        ? line
        : OutcomeLine.of(
            RemoteFailure.of(failure.kind(), String.valueOf(failure.message()), failure.attempt()));
  }
}
