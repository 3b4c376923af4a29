package dev.warren.task;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Why a call has no value, with the evidence: what a worker writes and the caller reads.
 *
 * @param kind how it ended
 * @param type class name of the exception, or the name of the kind's own condition
 * @param message one line that says what happened and, where there is one, the remedy; may be null
 *     only where an exception had none
 * @param stack the remote stack trace as text, causes included; of a call that was killed at its
 *     hard time limit, where it was shortly before; null where no code was involved
 * @param types the exception's class and its superclasses up to Throwable, most specific first;
 *     empty where no exception was involved. Retry rules and the rebuilding of the exception use it
 * @param retryable whether another attempt may help: false for what can never succeed
 * @param where the process in which it happened; null where none was involved
 * @param attempt number of the attempt that ended it, from 1
 * @param details evidence by name, for the kinds that have more to say: {@code exitCode}, {@code
 *     signal}, {@code oom}, {@code stderr} (list of lines), {@code peakMemoryBytes}, {@code limit}
 *     ({@code soft} or {@code hard}), {@code limitMs}, {@code ranMs}, {@code lossCount}, {@code
 *     exceptionMessage} (what the exception said, where {@code message} is Warren's), {@code
 *     started} (false where no child had begun the call), {@code elsewhere} (true where another
 *     worker may be able to run it), {@code refusals} (why other workers cannot run it, by worker)
 *     …
 */
public record RemoteFailure(
    FailureKind kind,
    String type,
    @Nullable String message,
    @Nullable String stack,
    List<String> types,
    boolean retryable,
    @Nullable Where where,
    int attempt,
    Map<String, Object> details) {
  private static final String STARTED = "started";
  private static final String ELSEWHERE = "elsewhere";

  /** What a foreign child or worker leaves out has its default; null elements are dropped. */
  @SuppressWarnings({"ConstantValue", "RedundantNullCheck"}) // JSON may have null anywhere
  public RemoteFailure {
    kind = kind == null ? FailureKind.FAILED : kind;
    type = type == null ? kind.wire() : type;
    types = types == null ? List.of() : types.stream().filter(Objects::nonNull).toList();
    details = details == null ? Map.of() : withoutNulls(details);
  }

  private static Map<String, Object> withoutNulls(Map<String, Object> details) {
    Map<String, Object> kept = new HashMap<>(details);
    kept.values().removeIf(Objects::isNull);
    return Map.copyOf(kept);
  }

  /** A failure without an exception behind it. */
  public static RemoteFailure of(FailureKind kind, String message, int attempt) {
    return new RemoteFailure(
        kind, kind.wire(), message, null, List.of(), false, null, attempt, Map.of());
  }

  /** A call that was cancelled before any child had begun it. */
  public static RemoteFailure cancelledUnstarted(String message, int attempt) {
    return of(FailureKind.CANCELLED, message, attempt).withDetails(Map.of(STARTED, false));
  }

  /** Whether its evidence says that no child had begun the call. */
  public boolean neverStarted() {
    return Boolean.FALSE.equals(details.get(STARTED));
  }

  /** A call that this worker cannot run, and another perhaps can. */
  public static RemoteFailure refusedHere(String message, int attempt) {
    return of(FailureKind.REJECTED, message, attempt).withDetails(Map.of(ELSEWHERE, true));
  }

  /** Whether its evidence says that another worker may be able to run the call. */
  public boolean mayRunElsewhere() {
    return kind == FailureKind.REJECTED && Boolean.TRUE.equals(details.get(ELSEWHERE));
  }

  /** The same failure with another message. */
  public RemoteFailure withMessage(String newMessage) {
    return new RemoteFailure(
        kind, type, newMessage, stack, types, retryable, where, attempt, details);
  }

  /** The same failure, in this process; null where none was involved. */
  public RemoteFailure withWhere(@Nullable Where newWhere) {
    return new RemoteFailure(
        kind, type, message, stack, types, retryable, newWhere, attempt, details);
  }

  /** The same failure with this stack trace; null where no code was involved. */
  public RemoteFailure withStack(@Nullable String newStack) {
    return new RemoteFailure(
        kind, type, message, newStack, types, retryable, where, attempt, details);
  }

  /** The same failure with this evidence in place of the present one. */
  public RemoteFailure withDetails(Map<String, Object> newDetails) {
    return new RemoteFailure(
        kind, type, message, stack, types, retryable, where, attempt, newDetails);
  }

  /**
   * A process that ran, or should have run, a call.
   *
   * @param host host name
   * @param pid process id of the child, 0 for a child that is a thread
   * @param child the supervisor's name for the child, unique in its life: {@code w-3f2a-7}
   */
  public record Where(String host, long pid, String child) {
    @Override
    public String toString() {
      return child + " (pid " + pid + " on " + host + ")";
    }
  }
}
