package dev.warren.worker.link;

import dev.warren.json.LineBuffer;
import dev.warren.task.Payload;
import org.jspecify.annotations.Nullable;

/**
 * The header of a CALLS frame: calls to run one after another, in order. Immutable.
 *
 * @param task number of the task, assigned by the supervisor
 * @param from position of the first of these calls in the task
 * @param count number of calls
 * @param fn function, {@code class::method(descriptor)}
 * @param digest digest of its class file; null for none
 * @param captured whether the first line after the header is an array of captured arguments, which
 *     come before each call's own
 * @param job the job's name
 * @param calls the calls' numbers, {@code 17-23,25}
 * @param attempt number of the attempt
 * @param softMs soft time limit of each call; 0 for none
 * @param hardMs hard time limit of each call, enforced by the supervisor; 0 for none
 * @param flushEach whether each outcome must be written before the next call starts, and a RUNNING
 *     frame before each call
 * @param retryOn exception classes that are retried, separated by commas; null for all
 * @param strictJson whether arguments are read strictly
 * @param traceparent the {@code traceparent} of each call, or one for all, separated by commas;
 *     null, and not written, without tracing
 */
public record CallsHeader(
    long task,
    int from,
    int count,
    String fn,
    @Nullable String digest,
    boolean captured,
    String job,
    String calls,
    int attempt,
    long softMs,
    long hardMs,
    boolean flushEach,
    @Nullable String retryOn,
    boolean strictJson,
    @Nullable String traceparent) {
  private static final HeaderFormat FORMAT =
      new HeaderFormat(
          "task",
          "from",
          "count",
          "fn",
          "digest",
          "captured",
          "job",
          "calls",
          "attempt",
          "softMs",
          "hardMs",
          "flushEach",
          "retryOn",
          "strictJson",
          "traceparent");

  /** Creates the header of calls that are not traced. */
  public CallsHeader(
      long task,
      int from,
      int count,
      String fn,
      @Nullable String digest,
      boolean captured,
      String job,
      String calls,
      int attempt,
      long softMs,
      long hardMs,
      boolean flushEach,
      @Nullable String retryOn,
      boolean strictJson) {
    this(
        task,
        from,
        count,
        fn,
        digest,
        captured,
        job,
        calls,
        attempt,
        softMs,
        hardMs,
        flushEach,
        retryOn,
        strictJson,
        null);
  }

  /**
   * Parses the header of a CALLS frame.
   *
   * @throws LinkException if it is malformed
   */
  public static CallsHeader read(Frame frame) {
    HeaderReader header = FORMAT.read(frame);
    return new CallsHeader(
        header.number(),
        header.smallNumber(),
        header.smallNumber(),
        header.text(),
        header.textOrNull(),
        header.flag(false),
        header.text(),
        header.text(),
        header.smallNumber(),
        header.number(),
        header.number(),
        header.flag(false),
        header.textOrNull(),
        header.flag(true),
        header.textOrNull());
  }

  /** Writes the header at the end of a buffer. */
  void writeTo(LineBuffer out) {
    write(FORMAT.write(out)).end();
  }

  /**
   * Creates a frame.
   *
   * @param lines the captured arguments, if any, and the arguments of each call, one line each
   */
  public Frame frame(Payload lines) {
    return write(FORMAT.write()).frame(FrameType.CALLS, lines);
  }

  private HeaderWriter write(HeaderWriter header) {
    return header
        .number(task)
        .number(from)
        .number(count)
        .text(fn)
        .text(digest)
        .flag(captured)
        .text(job)
        .text(calls)
        .number(attempt)
        .number(softMs)
        .number(hardMs)
        .flag(flushEach)
        .text(retryOn)
        .flag(strictJson)
        .lastText(traceparent);
  }

  /** The {@code traceparent} of the call at this place of the frame; null for none. */
  public @Nullable String traceparent(int i) {
    if (traceparent == null) {
      return null;
    }
    String[] each = traceparent.split(",", -1);
    int own = each.length == 1 ? 0 : i;
    return own < each.length && !each[own].isEmpty() ? each[own] : null;
  }

  /** Whether each of the calls has a time limit. */
  public boolean hasTimeLimit() {
    return softMs > 0 || hardMs > 0;
  }
}
