package dev.warren.wire;

import dev.warren.json.Lines;
import dev.warren.task.Backoff;
import dev.warren.task.Payload;
import dev.warren.task.TaskOptions;
import dev.warren.trace.TraceContext;
import dev.warren.wire.TaskMessage.Counts;
import dev.warren.wire.TaskMessage.Times;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Converts tasks to messages and back. Each program makes one, where it starts, and passes it to
 * all parts that send or receive tasks. Thread-safe.
 *
 * <p>A message's body has one line per call, a JSON array of its arguments, in the order of the
 * calls' numbers. Before them, if present, come a line with the pool's settings and a line with the
 * captured arguments that all calls share.
 */
public final class TaskCodec {
  private static final long LONGEST_MS = TaskOptions.LONGEST.toMillis();
  private static final int HIGHEST_PRIORITY = 31;

  /** Maximum characters of a job's name and of a digest, which appear in logs and tables. */
  private static final int LONGEST_JOB = 1000;

  /** Maximum characters of a function's name with its descriptor. */
  private static final int LONGEST_FUNCTION = 8000;

  // options of tasks without option headers, by priority
  private static final List<TaskOptions> USUAL_OPTIONS =
      IntStream.rangeClosed(0, HIGHEST_PRIORITY)
          .mapToObj(priority -> options(new Headers(Map.of()), priority))
          .toList();

  private final FunctionCache functions = new FunctionCache();

  /** Returns the message that carries a task. */
  public Message write(TaskMessage task) {
    FunctionRef function = task.function();
    Counts counts = task.counts();
    Times times = task.times();
    Map<String, Object> headers = new LinkedHashMap<>();
    headers.put(Headers.WARREN_VERSION, Headers.VERSION);
    headers.put(Headers.FUNCTION, function.toString());
    if (function.digest() != null) {
      headers.put(Headers.FUNCTION_DIGEST, function.digest());
    }
    if (task.numbered()) {
      headers.put(Headers.CALLS, task.calls().toString());
    }
    headers.put(Headers.JOB, task.job());
    if (!task.settings().isDefault()) {
      headers.put(Headers.SETTINGS, task.settings().key());
    }
    if (task.captured() != null) {
      headers.put(Headers.CAPTURED, true);
    }
    putOptions(task.options(), headers);
    putUnless(headers, Headers.ATTEMPT, counts.attempt(), 1);
    putUnless(headers, Headers.CHILD_LOSSES, counts.childLosses(), 0);
    putUnless(headers, Headers.HOST_LOSSES, counts.hostLosses(), 0);
    putUnless(headers, Headers.EXPIRES_AT_MS, times.expiresAtMillis(), 0);
    putUnless(headers, Headers.NOT_BEFORE_MS, times.notBeforeMillis(), 0);
    putUnless(headers, Headers.SENT_AT_MS, times.sentAtMillis(), 0);
    putUnless(headers, Headers.DELAY_MS, times.delayMillis(), 0);
    if (task.serial()) {
      headers.put(Headers.SERIAL, true);
    }
    TraceContext trace = task.trace();
    if (trace != null) {
      headers.put(TraceContext.TRACEPARENT, trace.parent());
      if (trace.state() != null) {
        headers.put(TraceContext.TRACESTATE, trace.state());
      }
    }
    return new Message(
        task.id(),
        TaskMessage.TYPE,
        task.owner(),
        task.correlationId(),
        task.options().priority(),
        headers,
        body(task));
  }

  private static void putOptions(TaskOptions options, Map<String, Object> headers) {
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

  private static Payload body(TaskMessage task) {
    PoolSettings settings = task.settings();
    Payload captured = task.captured();
    Payload lines = task.args().run(0, task.count());
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
  public TaskMessage read(Message message) {
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
    FunctionRef function = functions.parse(function(headers), digest);
    int seen = 2 + preamble + count(text) + count(job) + count(digest);
    TraceContext trace = headers.count() == seen ? null : headers.trace();
    seen += trace == null ? 0 : 1 + count(trace.state());
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
        !usual && headers.flag(Headers.SERIAL),
        trace);
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
        headers.number(Headers.DELAY_MS, 0, 0, TaskMessage.LONGEST_DELAY_MS));
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
          headers.trueOrFalse(Headers.STRICT_JSON),
          null,
          null,
          null);
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
}
