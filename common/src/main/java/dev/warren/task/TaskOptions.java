package dev.warren.task;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How calls are run: limits, attempts, budgets. Immutable. Every limit applies to a single
 * <em>call</em>, never to a chunk. Set them for a whole pool, or for some calls with {@code
 * pool.with(options)}.
 *
 * @param timeLimit hard limit, from the moment a child starts the call: when it passes, the child
 *     and its whole process tree are killed and the call fails; null for none
 * @param softTimeLimit when it passes, the call's thread is interrupted; must be shorter than
 *     {@code timeLimit}; null for none
 * @param expires a call that has not started this long after its submission fails as expired; null
 *     for never
 * @param maxAttempts total number of attempts for a call that <em>throws</em>, 1 to 1000
 * @param backoff wait between those attempts
 * @param retryOn class names of the exceptions (subclasses included) that are retried; empty for
 *     all
 * @param childLost number of deaths of its child that a call survives, 0 to 1000
 * @param hostLost number of losses of its host that a call survives, 0 to 1000
 * @param priority 0 (lowest) to 31. RabbitMQ orders by it from 4.0 on, strictly from 4.3 on; calls
 *     held back by a pool with {@code processes}, and calls of a {@code local:} pool, are always
 *     ordered by it. RabbitMQ's default is 4
 * @param failFast whether the first failure of a job cancels its other calls
 * @param window maximum number of calls of one lazy job that are submitted but not yet consumed, 1
 *     to 1000000; 0 lets Warren choose
 * @param atMostOnce never start a call twice: a loss ends it, whatever the budgets
 * @param coalesce whether calls submitted one by one, and their outcomes, may share a message while
 *     the broker is busy
 * @param strictJson whether arguments and results are read strictly, so that unknown or missing
 *     properties and values of the wrong type are refused; null for the worker's setting, which is
 *     true by default (docs/VALUES.md)
 * @param delay a call does not start before this long after its submission; null for at once
 * @param notBefore a call does not start before this time, by the clock of this host when it is
 *     submitted; null for at once
 * @param replyTo queue that receives the outcome of a call from {@code submit}; null for none
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
    @Nullable Boolean strictJson,
    @Nullable Duration delay,
    @Nullable Instant notBefore,
    @Nullable String replyTo) {
  /** Maximum of time limits and expiry. */
  public static final Duration LONGEST = Duration.ofDays(7);

  /** Maximum of {@code delay}. */
  public static final Duration LONGEST_DELAY = Duration.ofDays(365);

  /** Default number of child deaths, and of host losses, that a call survives. */
  public static final int DEFAULT_LOSS_BUDGET = 3;

  /** Default priority; the same as RabbitMQ's. */
  public static final int DEFAULT_PRIORITY = 4;

  /** No limits, one attempt, three losses of each kind. */
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
          "softTimeLimit is "
              + Bounds.text(softTimeLimit)
              + "; must be shorter than timeLimit, which is "
              + Bounds.text(timeLimit));
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
          "maxAttempts is " + maxAttempts + "; must be 1 if atMostOnce is set");
    }
    retryOn = List.copyOf(retryOn);
    if (delay != null) {
      Bounds.check("delay", delay, SHORTEST, LONGEST_DELAY);
    }
    if (delay != null && notBefore != null) {
      throw new IllegalArgumentException(
          "delay is "
              + Bounds.text(delay)
              + " and notBefore is "
              + notBefore
              + "; set only one of them");
    }
    if (delay != null && expires != null && expires.compareTo(delay) <= 0) {
      throw new IllegalArgumentException(
          "expires is "
              + Bounds.text(expires)
              + "; must be longer than delay, which is "
              + Bounds.text(delay));
    }
    if (replyTo != null && (replyTo.isEmpty() || replyTo.length() > 255)) {
      throw new IllegalArgumentException(
          "replyTo has " + replyTo.length() + " characters; must be a queue's name, 1 to 255");
    }
  }

  /** How long a call that is submitted now must wait before it starts. */
  public Duration untilStart(Instant now) {
    if (delay != null) {
      return delay;
    }
    Duration left = notBefore == null ? Duration.ZERO : Duration.between(now, notBefore);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** Creates a builder with all options at their defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Creates a builder with these options. */
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
    builder.delay = delay;
    builder.notBefore = notBefore;
    builder.replyTo = replyTo;
    return builder;
  }

  /** Collects options; {@link #build()} checks them. Not thread-safe. */
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
    private @Nullable Duration delay;
    private @Nullable Instant notBefore;
    private @Nullable String replyTo;

    private Builder() {}

    /** Hard limit per call, 1 ms to 7 days; null for none (the default). */
    public Builder timeLimit(@Nullable Duration limit) {
      timeLimit = limit;
      return this;
    }

    /**
     * Soft limit per call, 1 ms to 7 days, shorter than the hard limit; null for none (the
     * default).
     */
    public Builder softTimeLimit(@Nullable Duration limit) {
      softTimeLimit = limit;
      return this;
    }

    /** Latest start after submission, 1 ms to 7 days; null for never (the default). */
    public Builder expires(@Nullable Duration after) {
      expires = after;
      return this;
    }

    /** Total attempts of a call that throws, 1 (the default) to 1000. */
    public Builder maxAttempts(int attempts) {
      maxAttempts = attempts;
      return this;
    }

    /** Wait between attempts; default {@link Backoff#NONE}. */
    public Builder backoff(Backoff wait) {
      backoff = wait;
      return this;
    }

    /**
     * Adds an exception that is retried, with its subclasses. If none is added, all are retried.
     */
    public Builder retryOn(Class<? extends Throwable> type) {
      List<String> more = new ArrayList<>(retryOn);
      more.add(type.getName());
      retryOn = more;
      return this;
    }

    /** Like {@link #retryOn(Class)}, for an exception that only the workers have. */
    public Builder retryOn(String className) {
      List<String> more = new ArrayList<>(retryOn);
      more.add(className);
      retryOn = more;
      return this;
    }

    /** Number of child deaths that a call survives, 0 to 1000; default 3. */
    public Builder childLost(int deaths) {
      childLost = deaths;
      return this;
    }

    /** Number of host losses that a call survives, 0 to 1000; default 3. */
    public Builder hostLost(int losses) {
      hostLost = losses;
      return this;
    }

    /** 0 (lowest) to 31; default 4. */
    public Builder priority(int level) {
      priority = level;
      return this;
    }

    /** Whether a job's first failure cancels its other calls; default false. */
    public Builder failFast(boolean stop) {
      failFast = stop;
      return this;
    }

    /**
     * Maximum number of calls of a lazy job that are submitted but not yet consumed, 1 to 1000000;
     * 0 (the default) lets Warren choose.
     */
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
     * Whether calls submitted one by one, and their outcomes, may share a message while the broker
     * is busy; default true. If false, each such call and each outcome is a separate message, so
     * that workers receive calls one by one and the broker's message counts are counts of calls, at
     * a tenth of the throughput or less. Jobs ({@code map}, {@code imap}) use their chunk size
     * instead.
     */
    public Builder coalesce(boolean share) {
      coalesce = share;
      return this;
    }

    /**
     * Whether JSON is read strictly, on both sides; default: the worker's setting, which is strict
     * by default. Strict reading refuses an unknown, missing or misspelt property, an empty text
     * for a number, or 1.5 for an int, and names the place. Lenient reading does what Jackson does,
     * which mostly gives 0 or null. Either way, writing refuses a value that JSON cannot carry
     * (docs/VALUES.md).
     */
    public Builder strictJson(boolean strict) {
      strictJson = strict;
      return this;
    }

    /**
     * Earliest start after submission, 1 ms to 365 days; null for at once (the default). A call
     * that waits here occupies no worker. A job with a delay does not read its input before.
     */
    public Builder delay(@Nullable Duration wait) {
      delay = wait;
      return this;
    }

    /**
     * Earliest start, by the clock of this host when the call is submitted; null for at once (the
     * default). A time that has passed means at once. At most 365 days ahead. Not together with
     * {@link #delay}.
     */
    public Builder notBefore(@Nullable Instant time) {
      notBefore = time;
      return this;
    }

    /**
     * Queue that receives the outcome of a call from {@code Pool.submit}, in the form of
     * docs/protocol.md; null for none (the default). The workers must allow it ({@code warren
     * worker --reply-to}); 1 to 255 characters. All other calls refuse this option.
     */
    public Builder replyTo(@Nullable String queue) {
      replyTo = queue;
      return this;
    }

    /**
     * Checks and returns the options.
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
          strictJson,
          delay,
          notBefore,
          replyTo);
    }
  }
}
