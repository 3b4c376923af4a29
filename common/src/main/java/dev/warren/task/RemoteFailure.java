package dev.warren.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Why a call has no value, with the evidence. Written by workers, read by callers. Immutable.
 *
 * @param kind how the call ended
 * @param type class name of the exception, or a name for the condition
 * @param message one line that states what happened and, if there is one, the remedy; null only if
 *     an exception had no message
 * @param stack the remote stack trace as text, causes included; for a call killed at its hard time
 *     limit, the stack shortly before; null if no code was involved
 * @param types the exception's class and its superclasses up to Throwable, most specific first;
 *     empty if no exception was involved. Used by retry rules and to rebuild the exception
 * @param retryable whether another attempt may succeed
 * @param where the process in which it happened; null if none was involved
 * @param attempt number of the last attempt, from 1
 * @param details evidence by name: {@code exitCode}, {@code signal}, {@code oom}, {@code stderr}
 *     (list of lines), {@code peakMemoryBytes}, {@code limit} ({@code soft} or {@code hard}),
 *     {@code limitMs}, {@code ranMs}, {@code lossCount}, {@code exceptionMessage} (the exception's
 *     message, if {@code message} is Warren's), {@code started} (false if no child had started the
 *     call), {@code elsewhere} (true if another worker may be able to run it), {@code refusals}
 *     (why other workers cannot run it, by worker) …
 * @param causes the exception's cause, the cause of that, and so on
 * @param suppressed the exceptions that the exception has suppressed
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
    Map<String, Object> details,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Thrown> causes,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Thrown> suppressed) {
  private static final String STARTED = "started";
  private static final String ELSEWHERE = "elsewhere";

  /**
   * Fills in defaults for fields that a foreign child or worker left out, and drops null elements.
   */
  @SuppressWarnings({"ConstantValue", "RedundantNullCheck"}) // JSON may have null anywhere
  public RemoteFailure {
    kind = kind == null ? FailureKind.FAILED : kind;
    type = type == null ? kind.wire() : type;
    types = types == null ? List.of() : types.stream().filter(Objects::nonNull).toList();
    details = details == null ? Map.of() : withoutNulls(details);
    causes = causes == null ? List.of() : causes.stream().filter(Objects::nonNull).toList();
    suppressed =
        suppressed == null ? List.of() : suppressed.stream().filter(Objects::nonNull).toList();
  }

  /** A failure whose exception has no causes and has suppressed none. */
  public RemoteFailure(
      FailureKind kind,
      String type,
      @Nullable String message,
      @Nullable String stack,
      List<String> types,
      boolean retryable,
      @Nullable Where where,
      int attempt,
      Map<String, Object> details) {
    this(
        kind, type, message, stack, types, retryable, where, attempt, details, List.of(),
        List.of());
  }

  private static Map<String, Object> withoutNulls(Map<String, Object> details) {
    Map<String, Object> kept = new HashMap<>(details);
    kept.values().removeIf(Objects::isNull);
    return Map.copyOf(kept);
  }

  /** A failure without an exception. */
  public static RemoteFailure of(FailureKind kind, String message, int attempt) {
    return new RemoteFailure(
        kind, kind.wire(), message, null, List.of(), false, null, attempt, Map.of());
  }

  /** A call that was cancelled before any child had started it. */
  public static RemoteFailure cancelledUnstarted(String message, int attempt) {
    return of(FailureKind.CANCELLED, message, attempt).withDetails(Map.of(STARTED, false));
  }

  /** Whether the evidence states that no child had started the call. */
  public boolean neverStarted() {
    return Boolean.FALSE.equals(details.get(STARTED));
  }

  /** A call that this worker cannot run but another may. */
  public static RemoteFailure refusedHere(String message, int attempt) {
    return of(FailureKind.REJECTED, message, attempt).withDetails(Map.of(ELSEWHERE, true));
  }

  /** Whether the evidence states that another worker may be able to run the call. */
  public boolean mayRunElsewhere() {
    return kind == FailureKind.REJECTED && Boolean.TRUE.equals(details.get(ELSEWHERE));
  }

  /** Returns a copy with another message. */
  public RemoteFailure withMessage(String newMessage) {
    return new RemoteFailure(
        kind,
        type,
        newMessage,
        stack,
        types,
        retryable,
        where,
        attempt,
        details,
        causes,
        suppressed);
  }

  /** Returns a copy with another process; null if none was involved. */
  public RemoteFailure withWhere(@Nullable Where newWhere) {
    return new RemoteFailure(
        kind,
        type,
        message,
        stack,
        types,
        retryable,
        newWhere,
        attempt,
        details,
        causes,
        suppressed);
  }

  /** Returns a copy with another stack trace; null if no code was involved. */
  public RemoteFailure withStack(@Nullable String newStack) {
    return new RemoteFailure(
        kind,
        type,
        message,
        newStack,
        types,
        retryable,
        where,
        attempt,
        details,
        causes,
        suppressed);
  }

  /** Returns a copy with these details instead of the present ones. */
  public RemoteFailure withDetails(Map<String, Object> newDetails) {
    return new RemoteFailure(
        kind,
        type,
        message,
        stack,
        types,
        retryable,
        where,
        attempt,
        newDetails,
        causes,
        suppressed);
  }

  /** Returns a copy with the causes and suppressed exceptions of its exception. */
  public RemoteFailure withCauses(List<Thrown> newCauses, List<Thrown> newSuppressed) {
    return new RemoteFailure(
        kind,
        type,
        message,
        stack,
        types,
        retryable,
        where,
        attempt,
        details,
        newCauses,
        newSuppressed);
  }

  /**
   * An exception of another process: a cause, or one that was suppressed.
   *
   * @param type class name
   * @param message its message; null if it had none
   * @param stack its frames as text, one line for each, without those that it shares with the
   *     exception that it caused: {@code ... 3 more}; null if unknown
   * @param types its class and superclasses up to Throwable, most specific first
   * @param causes its cause, the cause of that, and so on; only for a suppressed exception, because
   *     the causes of a cause follow it in the list
   * @param suppressed the exceptions that it has suppressed
   */
  public record Thrown(
      String type,
      @Nullable String message,
      @Nullable String stack,
      List<String> types,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Thrown> causes,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Thrown> suppressed) {

    /** Fills in defaults for fields that a foreign child left out, and drops null elements. */
    @SuppressWarnings({"ConstantValue", "RedundantNullCheck"}) // JSON may have null anywhere
    public Thrown {
      type = type == null ? "unknown" : type;
      types = types == null ? List.of() : types.stream().filter(Objects::nonNull).toList();
      causes = causes == null ? List.of() : causes.stream().filter(Objects::nonNull).toList();
      suppressed =
          suppressed == null ? List.of() : suppressed.stream().filter(Objects::nonNull).toList();
    }
  }

  /**
   * The process that ran, or should have run, a call, and its state then as far as it is known.
   *
   * @param host host name
   * @param pid process id of the child; 0 for a child that is a thread
   * @param child the supervisor's name for the child, unique for the supervisor's lifetime: {@code
   *     w-3f2a-7}
   * @param ageMs time since the child had become ready
   * @param callsBefore number of calls that the child had ended before
   * @param memoryBytes resident memory of the child and its descendants at the last reading
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Where(
      String host,
      long pid,
      String child,
      @Nullable Long ageMs,
      @Nullable Long callsBefore,
      @Nullable Long memoryBytes) {

    /** A process of whose state nothing is known. */
    public Where(String host, long pid, String child) {
      this(host, pid, child, null, null, null);
    }

    @Override
    public String toString() {
      return child + " (pid " + pid + " on " + host + ")";
    }
  }
}
