package dev.warren.task;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How calls are to be run: limits, attempts, budgets. Immutable; every limit counts <em>calls</em>,
 * never chunks. Give them to a whole pool, or to some calls by {@code pool.with(options)}.
 *
 * @param timeLimit hard limit from the moment a child starts the call: at it the child and its
 *     whole process tree are killed and the call fails; null for none
 * @param softTimeLimit at it the call's thread is interrupted; must be shorter than {@code
 *     timeLimit}; null for none
 * @param expires a call not started this long after its submission fails as expired; null for never
 * @param maxAttempts how often a call that <em>throws</em> is run in all, 1 to 1000
 * @param backoff wait between those attempts
 * @param retryOn class names of the exceptions (subclasses included) worth another attempt; empty
 *     for all
 * @param childLost how many deaths of its child a call survives before it fails, 0 to 1000
 * @param hostLost how many losses of its host a call survives before it fails, 0 to 1000
 * @param priority 0 (least) to 31; as far as the broker's version orders by it: from RabbitMQ 4.0
 *     on, strictly from 4.3 on; calls that a pool with {@code processes} keeps back, and those of
 *     {@code local:}, always go by it; 4 is the default of RabbitMQ
 * @param failFast the first failure of a job cancels its other calls
 * @param window how many calls of one lazy job may be submitted and not yet taken, 1 to 1000000; 0
 *     for Warren's choice
 * @param atMostOnce never start a call twice: a loss ends it, whatever the budgets
 * @param coalesce whether calls submitted one by one may share a message while the broker is busy,
 *     and outcomes likewise
 * @param strictJson whether arguments and results are read strictly, so that unknown or missing
 *     properties and values of another kind are refused; null for what the worker is set to, which
 *     is true unless it says otherwise (docs/VALUES.md)
 */
public record TaskOptions(
    @Nullable Duration timeLimit,
    @Nullable Duration softTimeLimit,
    @Nullable Duration expires,
    int maxAttempts,
    Backoff backoff,
    List<String> retryOn,
    int childLost,
    int hostLost,
    int priority,
    boolean failFast,
    int window,
    boolean atMostOnce,
    boolean coalesce,
    @Nullable Boolean strictJson) {
  /** Longest time limit and expiry. */
  public static final Duration LONGEST = Duration.ofDays(7);

  /** Losses of its child, and of its host, that a call survives unless told otherwise. */
  public static final int DEFAULT_LOSS_BUDGET = 3;

  /** Priority of calls that are given none; what RabbitMQ takes for one, too. */
  public static final int DEFAULT_PRIORITY = 4;

  /** No limits, one attempt, three losses of each sort. */
  public static final TaskOptions DEFAULTS = builder().build();

  private static final Duration SHORTEST = Duration.ofMillis(1);

  public TaskOptions {
    if (timeLimit != null) {
      Bounds.check("timeLimit", timeLimit, SHORTEST, LONGEST);
    }
    if (softTimeLimit != null) {
      Bounds.check("softTimeLimit", softTimeLimit, SHORTEST, LONGEST);
    }
    if (timeLimit != null && softTimeLimit != null && softTimeLimit.compareTo(timeLimit) >= 0) {
      throw new IllegalArgumentException(
          "softTimeLimit is " + softTimeLimit + "; must be shorter than timeLimit " + timeLimit);
    }
    if (expires != null) {
      Bounds.check("expires", expires, SHORTEST, LONGEST);
    }
    Bounds.check("maxAttempts", maxAttempts, 1, 1000);
    Bounds.check("childLost", childLost, 0, 1000);
    Bounds.check("hostLost", hostLost, 0, 1000);
    Bounds.check("priority", priority, 0, 31);
    Bounds.check("window", window, 0, 1_000_000);
    if (atMostOnce && maxAttempts > 1) {
      throw new IllegalArgumentException(
          "maxAttempts is " + maxAttempts + "; must be 1 where atMostOnce is set");
    }
    retryOn = List.copyOf(retryOn);
  }

  /** A builder with all options at their defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these options. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.timeLimit = timeLimit;
    builder.softTimeLimit = softTimeLimit;
    builder.expires = expires;
    builder.maxAttempts = maxAttempts;
    builder.backoff = backoff;
    builder.retryOn = retryOn;
    builder.childLost = childLost;
    builder.hostLost = hostLost;
    builder.priority = priority;
    builder.failFast = failFast;
    builder.window = window;
    builder.atMostOnce = atMostOnce;
    builder.coalesce = coalesce;
    builder.strictJson = strictJson;
    return builder;
  }

  /** Collects options; each is checked by {@link #build()}. Not thread-safe. */
  public static final class Builder {
    private @Nullable Duration timeLimit;
    private @Nullable Duration softTimeLimit;
    private @Nullable Duration expires;
    private int maxAttempts = 1;
    private Backoff backoff = Backoff.NONE;
    private List<String> retryOn = List.of();
    private int childLost = DEFAULT_LOSS_BUDGET;
    private int hostLost = DEFAULT_LOSS_BUDGET;
    private int priority = DEFAULT_PRIORITY;
    private boolean failFast;
    private int window;
    private boolean atMostOnce;
    private boolean coalesce = true;
    private @Nullable Boolean strictJson;

    private Builder() {}

    /** Hard limit per call, 1 ms to 7 days; null for none (the default). */
    public Builder timeLimit(@Nullable Duration limit) {
      timeLimit = limit;
      return this;
    }

    /** Soft limit per call, 1 ms to 7 days, below the hard one; null for none (the default). */
    public Builder softTimeLimit(@Nullable Duration limit) {
      softTimeLimit = limit;
      return this;
    }

    /** Latest start after submission, 1 ms to 7 days; null for never (the default). */
    public Builder expires(@Nullable Duration after) {
      expires = after;
      return this;
    }

    /** Runs of a call that throws, 1 (the default) to 1000. */
    public Builder maxAttempts(int attempts) {
      maxAttempts = attempts;
      return this;
    }

    /** Wait between attempts; default {@link Backoff#NONE}. */
    public Builder backoff(Backoff wait) {
      backoff = wait;
      return this;
    }

    /** Adds an exception that, with its subclasses, is worth another attempt; none added: all. */
    public Builder retryOn(Class<? extends Throwable> type) {
      List<String> more = new ArrayList<>(retryOn);
      more.add(type.getName());
      retryOn = more;
      return this;
    }

    /** Child deaths that a call survives, 0 to 1000; default 3. */
    public Builder childLost(int deaths) {
      childLost = deaths;
      return this;
    }

    /** Host losses that a call survives, 0 to 1000; default 3. */
    public Builder hostLost(int losses) {
      hostLost = losses;
      return this;
    }

    /** 0 (least) to 31; default 4. */
    public Builder priority(int level) {
      priority = level;
      return this;
    }

    /** Whether a job's first failure cancels the rest of it; default false. */
    public Builder failFast(boolean stop) {
      failFast = stop;
      return this;
    }

    /** Calls of a lazy job submitted and not yet taken, 1 to 1000000; 0 (default): our choice. */
    public Builder window(int calls) {
      window = calls;
      return this;
    }

    /** Whether a call must never start twice; default false. */
    public Builder atMostOnce(boolean once) {
      atMostOnce = once;
      return this;
    }

    /**
     * Whether calls submitted one by one may share a message while the broker is busy, and their
     * outcomes likewise; default true. Off, each such call and each outcome is a message of its
     * own: workers get the calls one by one, and the broker's own counts are counts of calls, at a
     * tenth of the throughput or less. Jobs ({@code map}, {@code imap}) have their chunk size for
     * that.
     */
    public Builder coalesce(boolean share) {
      coalesce = share;
      return this;
    }

    /**
     * Whether JSON is read strictly, on both sides; default: as the worker is set, which is strict
     * unless it says otherwise. Strictly, an unknown, missing or misspelt property, an empty text
     * for a number, 1.5 for an int are refused with their place; laxly they are read as Jackson
     * does, mostly as 0 or null. Either way a value that JSON does not carry is refused where it is
     * written (docs/VALUES.md).
     */
    public Builder strictJson(boolean strict) {
      strictJson = strict;
      return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException naming the option, its value and its bound
     */
    public TaskOptions build() {
      return new TaskOptions(
          timeLimit,
          softTimeLimit,
          expires,
          maxAttempts,
          backoff,
          retryOn,
          childLost,
          hostLost,
          priority,
          failFast,
          window,
          atMostOnce,
          coalesce,
          strictJson);
    }
  }
}
