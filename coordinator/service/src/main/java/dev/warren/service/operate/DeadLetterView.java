package dev.warren.service.operate;

import dev.warren.dead.DeadLetter;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.TaskCodec;
import dev.warren.wire.WireFormatException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter as the API shows it. Immutable.
 *
 * @param reason how the call ended: a failure's kind, the broker's reason, or unknown
 * @param text what happened, in one line
 * @param attempts attempts, child losses and host losses, such as {@code 1/3/0}
 * @param at when it died; null if unknown
 * @param host host of the failure; null if unknown
 * @param calls number of calls; 0 if the message is no task
 * @param arguments of the first call, shortened; null if the message is no task
 * @param evidence the failure; null if the broker itself dead-lettered the message
 */
record DeadLetterView(
    String id,
    @Nullable String function,
    String reason,
    String text,
    String attempts,
    @Nullable Instant at,
    @Nullable String host,
    int calls,
    @Nullable String arguments,
    @Nullable RemoteFailure evidence) {
  private static final int LINE = 500;

  static DeadLetterView of(DeadLetter letter, TaskCodec codec) {
    RemoteFailure failure = letter.failure();
    RemoteFailure.Where where = failure == null ? null : failure.where();
    int calls = 0;
    String arguments = null;
    try {
      var task = letter.task(codec);
      calls = task.count();
      arguments = shortened(task.args().get(0).text());
    } catch (WireFormatException e) {
      // shown as a message that is no task
    }
    return new DeadLetterView(
        letter.id(),
        letter.function(),
        letter.kind(),
        letter.summary(),
        letter.spent(),
        letter.diedAtMillis() == 0 ? null : Instant.ofEpochMilli(letter.diedAtMillis()),
        where == null ? null : where.host(),
        calls,
        arguments,
        failure);
  }

  private static String shortened(String text) {
    return text.length() <= LINE ? text : text.substring(0, LINE) + "…";
  }
}
