package dev.warren.wire;

import dev.warren.json.Lines;
import dev.warren.task.Payload;
import dev.warren.task.TaskOptions;
import dev.warren.trace.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * A task: one or more calls of one function with the same options; {@link TaskCodec} converts it to
 * a message and back. Immutable.
 *
 * @param id message id
 * @param owner queue for the outcomes; null if nobody waits for them
 * @param correlationId returned to a foreign producer; null from Warren's own callers
 * @param numbered whether the owner knows its calls by number (Warren's own callers); otherwise it
 *     gets one result message per task, with its correlation id
 * @param job the job that the calls belong to
 * @param function the function to call
 * @param calls numbers of the calls, in the order of the lines
 * @param settings the pool's settings
 * @param captured JSON array of captured arguments, in front of each call's own; null for none
 * @param args one JSON array per call
 * @param options limits, attempts, budgets
 * @param counts attempts and losses so far
 * @param times when the calls may start
 * @param serial whether the calls must run one after another instead of in several slots
 * @param trace where in a trace it was sent; null for nowhere
 */
public record TaskMessage(
    String id,
    @Nullable String owner,
    @Nullable String correlationId,
    boolean numbered,
    String job,
    FunctionRef function,
    CallRanges calls,
    PoolSettings settings,
    @Nullable Payload captured,
    Lines args,
    TaskOptions options,
    Counts counts,
    Times times,
    boolean serial,
    @Nullable TraceContext trace) {
  public static final String TYPE = "warren.task";

  /** Maximum delay of a call, in milliseconds: one year. */
  public static final long LONGEST_DELAY_MS = 366L * 24 * 3600 * 1000;

  /**
   * The attempts and losses of a task's calls so far.
   *
   * @param attempt number of the attempt that this message requests, from 1
   * @param childLosses number of child deaths during the calls
   * @param hostLosses number of losses of a host that held the calls
   */
  public record Counts(int attempt, int childLosses, int hostLosses) {
    public static final Counts FIRST = new Counts(1, 0, 0);

    public Counts nextAttempt() {
      return new Counts(attempt + 1, childLosses, hostLosses);
    }

    public Counts childLost() {
      return new Counts(attempt, childLosses + 1, hostLosses);
    }

    public Counts hostLost() {
      return new Counts(attempt, childLosses, hostLosses + 1);
    }
  }

  public TaskMessage {
    if (calls.count() != args.count()) {
      throw new WireFormatException(
          "header "
              + Headers.CALLS
              + " names "
              + calls.count()
              + " calls, the body has "
              + args.count());
    }
    if (args.count() == 0) {
      throw new WireFormatException("the body has no call");
    }
  }

  /** Creates a task that is in no trace. */
  public TaskMessage(
      String id,
      @Nullable String owner,
      @Nullable String correlationId,
      boolean numbered,
      String job,
      FunctionRef function,
      CallRanges calls,
      PoolSettings settings,
      @Nullable Payload captured,
      Lines args,
      TaskOptions options,
      Counts counts,
      Times times,
      boolean serial) {
    this(
        id,
        owner,
        correlationId,
        numbered,
        job,
        function,
        calls,
        settings,
        captured,
        args,
        options,
        counts,
        times,
        serial,
        null);
  }

  /** Returns the same task at another place in a trace. */
  public TaskMessage traced(TraceContext context) {
    return new TaskMessage(
        id,
        owner,
        correlationId,
        numbered,
        job,
        function,
        calls,
        settings,
        captured,
        args,
        options,
        counts,
        times,
        serial,
        context);
  }

  public int count() {
    return args.count();
  }

  /**
   * Returns the calls at positions {@code from} to {@code to} (exclusive) as a separate task.
   *
   * @param delayMillis how long the calls must still wait
   */
  public TaskMessage part(String newId, int from, int to, Counts newCounts, long delayMillis) {
    return new TaskMessage(
        newId,
        owner,
        correlationId,
        numbered,
        job,
        function,
        calls.slice(from, to),
        settings,
        captured,
        args.slice(from, to),
        options,
        newCounts,
        times.delayed(delayMillis),
        serial,
        trace);
  }

  /** Returns the same task with this delay. */
  public TaskMessage delayed(long delayMillis) {
    return delayMillis == times.delayMillis && times.notBeforeMillis == 0
        ? this
        : part(id, 0, count(), counts, delayMillis);
  }

  /**
   * When the calls of a task may start. Clocks differ between hosts, and any clock may jump. So
   * times by the owner's clock travel with the time at which they were sent, and a delay set by a
   * worker travels as the remaining wait.
   *
   * @param expiresAtMillis time by the owner's clock after which a call must not start; 0 for never
   * @param notBeforeMillis time by the owner's clock before which a call must not start; 0 for none
   * @param sentAtMillis the owner's clock when it sent the task; 0 if unknown
   * @param delayMillis how long a call must still wait after the message arrives; 0 for none
   */
  public record Times(
      long expiresAtMillis, long notBeforeMillis, long sentAtMillis, long delayMillis) {
    /** No restriction. */
    public static final Times ANY = new Times(0, 0, 0, 0);

    /**
     * May start until {@code expiresAtMillis} by the owner's clock, which now shows {@code
     * nowMillis}.
     */
    public static Times until(long expiresAtMillis, long nowMillis) {
      return expiresAtMillis == 0 ? ANY : new Times(expiresAtMillis, 0, nowMillis, 0);
    }

    /** Adds this delay and keeps the expiry. */
    public Times delayed(long millis) {
      return expiresAtMillis == 0 && millis <= 0
          ? ANY
          : new Times(expiresAtMillis, 0, sentAtMillis, Math.max(0, millis));
    }
  }
}
