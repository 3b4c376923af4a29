package dev.warren.worker.link;

import dev.warren.json.Json;
import dev.warren.json.LineBuffer;
import dev.warren.json.Scalars;
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
    boolean strictJson) {
  private static final HeaderTemplate FORM =
      new HeaderTemplate(
          "{\"task\":#,\"from\":%,\"count\":%,\"fn\":$,\"digest\":&,\"captured\":?,\"job\":$,\"calls\":$,"
              + "\"attempt\":%,\"softMs\":#,\"hardMs\":#,\"flushEach\":?,\"retryOn\":&,"
              + "\"strictJson\":?}");

  /** Whether each of the calls has a time limit. */
  public boolean hasTimeLimit() {
    return softMs > 0 || hardMs > 0;
  }

  /**
   * Writes the header as the JSON library would, without calling it for every frame.
   *
   * @param functions writes the functions of all frames to one child
   */
  void writeTo(LineBuffer out, RepeatedText functions) {
    out.writeAscii("{\"task\":");
    out.writeNumber(task);
    out.writeAscii(",\"from\":");
    out.writeNumber(from);
    out.writeAscii(",\"count\":");
    out.writeNumber(count);
    out.writeAscii(",\"fn\":");
    functions.write(fn, out);
    out.writeAscii(",\"digest\":");
    text(digest, out);
    out.writeAscii(captured ? ",\"captured\":true" : ",\"captured\":false");
    out.writeAscii(",\"job\":");
    text(job, out);
    out.writeAscii(",\"calls\":");
    text(calls, out);
    out.writeAscii(",\"attempt\":");
    out.writeNumber(attempt);
    out.writeAscii(",\"softMs\":");
    out.writeNumber(softMs);
    out.writeAscii(",\"hardMs\":");
    out.writeNumber(hardMs);
    out.writeAscii(flushEach ? ",\"flushEach\":true" : ",\"flushEach\":false");
    out.writeAscii(",\"retryOn\":");
    text(retryOn, out);
    out.writeAscii(strictJson ? ",\"strictJson\":true}" : ",\"strictJson\":false}");
  }

  /** Parses the output of {@link #writeTo}; null if the JSON library is needed. */
  public static @Nullable CallsHeader ofPlain(Frame frame) {
    PlainHeader header = FORM.read(frame);
    return header == null
        ? null
        : new CallsHeader(
            header.number(),
            header.smallNumber(),
            header.smallNumber(),
            header.text(),
            header.textOrNull(),
            header.flag(),
            header.text(),
            header.text(),
            header.smallNumber(),
            header.number(),
            header.number(),
            header.flag(),
            header.textOrNull(),
            header.flag());
  }

  static void text(@Nullable String text, LineBuffer out) {
    if (!Scalars.write(text, out)) {
      Json.MAPPER.writeValue(out, text);
    }
  }
}
