package dev.warren.wire;

import dev.warren.json.Lines;
import dev.warren.task.Backoff;
import dev.warren.task.Payload;
import dev.warren.task.TaskOptions;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A task: one or more calls of one function with the same options, as sent. Immutable.
 *
 * <p>The body has one line per call, a JSON array of its arguments, in the order of {@code calls}.
 * Before them, if present, come a line with the pool's settings and a line with the captured
 * arguments that all calls share.
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
    boolean serial) {
  public static final String TYPE = "warren.task";

  private static final long LONGEST_MS = TaskOptions.LONGEST.toMillis();
  private static final int HIGHEST_PRIORITY = 31;

  /** Maximum delay of a call, in milliseconds: one year. */
  public static final long LONGEST_DELAY_MS = 366L * 24 * 3600 * 1000;

  /** Maximum characters of a job's name and of a digest, which appear in logs and tables. */
  private static final int LONGEST_JOB = 1000;

  /** Maximum characters of a function's name with its descriptor. */
  private static final int LONGEST_FUNCTION = 8000;

  // options of tasks without option headers, by priority
  private static final List<TaskOptions> USUAL_OPTIONS =
      IntStream.rangeClosed(0, HIGHEST_PRIORITY)
          .mapToObj(priority -> options(new Headers(Map.of()), priority))
          .toList();

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
        serial);
  }

  /** Returns the same task with this delay. */
  public TaskMessage delayed(long delayMillis) {
    return delayMillis == times.delayMillis && times.notBeforeMillis == 0
        ? this
        : part(id, 0, count(), counts, delayMillis);
  }

  /** The message that carries this task. */
  public Message toMessage() {
    Map<String, Object> headers = new LinkedHashMap<>();
    headers.put(Headers.WARREN_VERSION, Headers.VERSION);
    headers.put(Headers.FUNCTION, function.toString());
    if (function.digest() != null) {
      headers.put(Headers.FUNCTION_DIGEST, function.digest());
    }
    if (numbered) {
      headers.put(Headers.CALLS, calls.toString());
    }
    headers.put(Headers.JOB, job);
    if (!settings.isDefault()) {
      headers.put(Headers.SETTINGS, settings.key());
    }
    if (captured != null) {
      headers.put(Headers.CAPTURED, true);
    }
    putOptions(headers);
    putUnless(headers, Headers.ATTEMPT, counts.attempt, 1);
    putUnless(headers, Headers.CHILD_LOSSES, counts.childLosses, 0);
    putUnless(headers, Headers.HOST_LOSSES, counts.hostLosses, 0);
    putUnless(headers, Headers.EXPIRES_AT_MS, times.expiresAtMillis, 0);
    putUnless(headers, Headers.NOT_BEFORE_MS, times.notBeforeMillis, 0);
    putUnless(headers, Headers.SENT_AT_MS, times.sentAtMillis, 0);
    putUnless(headers, Headers.DELAY_MS, times.delayMillis, 0);
    if (serial) {
      headers.put(Headers.SERIAL, true);
    }
    return new Message(id, TYPE, owner, correlationId, options.priority(), headers, body());
  }

  private void putOptions(Map<String, Object> headers) {
    Duration hard = options.timeLimit();
    if (hard != null) {
      headers.put(Headers.TIME_LIMIT_MS, hard.toMillis());
    }
    Duration soft = options.softTimeLimit();
    if (soft != null) {
      headers.put(Headers.SOFT_TIME_LIMIT_MS, soft.toMillis());
    }
    putUnless(headers, Headers.MAX_ATTEMPTS, options.maxAttempts(), 1);
    if (!options.backoff().equals(Backoff.NONE)) {
      Backoff backoff = options.backoff();
      headers.put(Headers.BACKOFF_INITIAL_MS, backoff.initial().toMillis());
      headers.put(Headers.BACKOFF_MAX_MS, backoff.max().toMillis());
      headers.put(Headers.BACKOFF_FACTOR_PERCENT, Math.round(backoff.factor() * 100));
      headers.put(Headers.BACKOFF_JITTER_PERCENT, Math.round(backoff.jitter() * 100));
    }
    if (!options.retryOn().isEmpty()) {
      headers.put(Headers.RETRY_ON, String.join(",", options.retryOn()));
    }
    int budget = TaskOptions.DEFAULT_LOSS_BUDGET;
    putUnless(headers, Headers.MAX_CHILD_LOSSES, options.childLost(), budget);
    putUnless(headers, Headers.MAX_HOST_LOSSES, options.hostLost(), budget);
    if (options.atMostOnce()) {
      headers.put(Headers.AT_MOST_ONCE, true);
    }
    if (!options.coalesce()) {
      headers.put(Headers.COALESCE, false);
    }
    if (options.strictJson() != null) {
      headers.put(Headers.STRICT_JSON, options.strictJson());
    }
  }

  private static void putUnless(Map<String, Object> headers, String name, long value, long usual) {
    if (value != usual) {
      headers.put(name, value);
    }
  }

  private Payload body() {
    Payload lines = args.run(0, args.count());
    if (settings.isDefault() && captured == null) {
      return lines;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(lines.length() + 256);
    if (!settings.isDefault()) {
      append(out, settings.toJson());
      out.write('\n');
    }
    if (captured != null) {
      append(out, captured);
      out.write('\n');
    }
    append(out, lines);
    return Payload.of(out.toByteArray());
  }

  private static void append(ByteArrayOutputStream out, Payload bytes) {
    out.write(bytes.array(), bytes.offset(), bytes.length());
  }

  /**
   * Parses a message from a task queue, which may come from a foreign producer.
   *
   * @throws WireFormatException naming the wrong header or line
   */
  public static TaskMessage of(Message message) {
    Headers headers = new Headers(message.headers());
    headers.checkVersion();
    String text = headers.text(Headers.CALLS);
    String job = headers.text(Headers.JOB, LONGEST_JOB);
    String digest = headers.text(Headers.FUNCTION_DIGEST, LONGEST_JOB);
    boolean hasSettings = headers.text(Headers.SETTINGS) != null;
    boolean hasCaptured = headers.flag(Headers.CAPTURED);
    CallRanges calls = text == null ? null : CallRanges.parse(text);
    int preamble = (hasSettings ? 1 : 0) + (hasCaptured ? 1 : 0);
    Lines lines =
        calls != null || preamble > 0
            ? Lines.split(message.body(), preamble + (calls == null ? 1 : calls.count()))
            : Lines.single(message.body());
    if (lines.count() <= preamble) {
      throw new WireFormatException("the body has no call");
    }
    Lines args = lines.from(preamble);
    if (args.anyEmpty()) {
      throw new WireFormatException("the body has an empty line; each call needs an array");
    }
    FunctionRef function = FunctionRef.parse(function(headers), digest);
    int seen = 2 + preamble + count(text) + count(job) + count(digest);
    // fast path: most tasks have no other header
    boolean usual = headers.count() == seen;
    return new TaskMessage(
        message.id(),
        message.replyTo(),
        message.correlationId(),
        calls != null,
        job == null ? message.id() : headers.requiredText(Headers.JOB),
        function,
        calls == null ? CallRanges.of(0, args.count()) : calls,
        hasSettings ? PoolSettings.ofJson(lines.get(0)) : PoolSettings.DEFAULTS,
        hasCaptured ? lines.get(preamble - 1) : null,
        args,
        usual ? usualOptions(message.priority()) : options(headers, message.priority()),
        usual ? Counts.FIRST : counts(headers),
        usual ? Times.ANY : times(headers),
        !usual && headers.flag(Headers.SERIAL));
  }

  private static String function(Headers headers) {
    String text = headers.text(Headers.FUNCTION, LONGEST_FUNCTION);
    return text == null ? headers.requiredText(Headers.FUNCTION) : text;
  }

  private static int count(@Nullable String header) {
    return header == null ? 0 : 1;
  }

  private static Counts counts(Headers headers) {
    return new Counts(
        (int) headers.number(Headers.ATTEMPT, 1, 1, 1_000_000),
        (int) headers.number(Headers.CHILD_LOSSES, 0, 0, 1_000_000),
        (int) headers.number(Headers.HOST_LOSSES, 0, 0, 1_000_000));
  }

  private static Times times(Headers headers) {
    return new Times(
        headers.number(Headers.EXPIRES_AT_MS, 0, 0, Long.MAX_VALUE),
        headers.number(Headers.NOT_BEFORE_MS, 0, 0, Long.MAX_VALUE),
        headers.number(Headers.SENT_AT_MS, 0, 0, Long.MAX_VALUE),
        headers.number(Headers.DELAY_MS, 0, 0, LONGEST_DELAY_MS));
  }

  private static TaskOptions usualOptions(int priority) {
    return USUAL_OPTIONS.get(Math.max(0, Math.min(priority, HIGHEST_PRIORITY)));
  }

  private static TaskOptions options(Headers headers, int priority) {
    try {
      String retryOn = headers.text(Headers.RETRY_ON, LONGEST_FUNCTION);
      TaskOptions defaults = TaskOptions.DEFAULTS;
      return new TaskOptions(
          millis(headers, Headers.TIME_LIMIT_MS),
          millis(headers, Headers.SOFT_TIME_LIMIT_MS),
          null,
          (int) headers.number(Headers.MAX_ATTEMPTS, 1, 1, 1000),
          backoff(headers),
          retryOn == null ? List.of() : Arrays.asList(retryOn.split(",")),
          (int) headers.number(Headers.MAX_CHILD_LOSSES, defaults.childLost(), 0, 1000),
          (int) headers.number(Headers.MAX_HOST_LOSSES, defaults.hostLost(), 0, 1000),
          Math.max(0, Math.min(priority, HIGHEST_PRIORITY)),
          false,
          0,
          headers.flag(Headers.AT_MOST_ONCE),
          !headers.has(Headers.COALESCE) || headers.flag(Headers.COALESCE),
          headers.trueOrFalse(Headers.STRICT_JSON));
    } catch (IllegalArgumentException e) {
      throw new WireFormatException("options: " + e.getMessage(), e);
    }
  }

  private static Backoff backoff(Headers headers) {
    long initial = headers.number(Headers.BACKOFF_INITIAL_MS, 0, 0, Backoff.LONGEST.toMillis());
    long max = headers.number(Headers.BACKOFF_MAX_MS, initial, initial, Backoff.LONGEST.toMillis());
    return new Backoff(
        Duration.ofMillis(initial),
        headers.number(Headers.BACKOFF_FACTOR_PERCENT, 100, 100, 1000) / 100.0,
        Duration.ofMillis(max),
        headers.number(Headers.BACKOFF_JITTER_PERCENT, 0, 0, 100) / 100.0);
  }

  private static @Nullable Duration millis(Headers headers, String name) {
    long millis = headers.number(name, 0, 1, LONGEST_MS);
    return millis == 0 ? null : Duration.ofMillis(millis);
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
