package dev.warren.timeline;

import dev.warren.wire.CallRanges;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import dev.warren.wire.TaskId;
import dev.warren.wire.WireFormatException;
import dev.warren.wire.control.ExplainMessage;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The call that is asked about: by its numbers in a job, or by the id of its message. Immutable.
 *
 * @param job id of its job; null for a message
 * @param calls its numbers in the job, one per round
 * @param message id of its message, or of a part of it; null for a job
 */
public record CallQuestion(@Nullable String job, List<Long> calls, @Nullable String message) {
  public CallQuestion {
    calls = List.copyOf(calls);
  }

  /** Asks about a call of a job; of more numbers than a message may name, the last ones count. */
  public static CallQuestion ofJob(String job, List<Long> calls) {
    int from = Math.max(0, calls.size() - ExplainMessage.CALLS);
    return new CallQuestion(job, calls.subList(from, calls.size()), null);
  }

  /** Asks about the calls of a message. */
  public static CallQuestion ofMessage(String id) {
    return new CallQuestion(null, List.of(), id);
  }

  /** Asks about the call of a message; empty if it has several, or does not say which it has. */
  static Optional<CallQuestion> ofOnlyCall(Message found) {
    Object foundJob = found.headers().get(Headers.JOB);
    Object numbers = found.headers().get(Headers.CALLS);
    try {
      CallRanges ranges = CallRanges.parse(String.valueOf(numbers));
      return foundJob == null || ranges.count() != 1
          ? Optional.empty()
          : Optional.of(new CallQuestion(foundJob.toString(), List.of(ranges.get(0)), null));
    } catch (WireFormatException e) {
      return Optional.empty();
    }
  }

  /** Whether a message, of whatever origin, has the call. */
  boolean isIn(Message found) {
    Object foundJob = found.headers().getOrDefault(Headers.JOB, found.id());
    if (job == null) {
      return message != null && TaskId.rootOf(found.id()).equals(TaskId.rootOf(message));
    }
    if (!foundJob.toString().equals(job)) {
      return false;
    }
    Object numbers = found.headers().getOrDefault(Headers.CALLS, "0");
    try {
      CallRanges ranges = CallRanges.parse(numbers.toString());
      return calls.stream().anyMatch(number -> ranges.indexOf(number) >= 0);
    } catch (WireFormatException e) {
      return false;
    }
  }
}
