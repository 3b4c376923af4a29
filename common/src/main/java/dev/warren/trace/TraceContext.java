package dev.warren.trace;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place in a trace, in the form of W3C Trace Context. Immutable.
 *
 * @param parent {@code traceparent} of version 00: {@code 00-<trace id>-<span id>-<flags>}
 * @param state {@code tracestate}; null for none
 */
public record TraceContext(String parent, @Nullable String state) {
  /** Name of the header, on the broker too. */
  public static final String TRACEPARENT = "traceparent";

  /** Name of the header, on the broker too. */
  public static final String TRACESTATE = "tracestate";

  /** Maximum characters of each of the two. */
  static final int LONGEST = 512;

  private static final int LENGTH = 55;
  private static final int FLAGS = 53;
  private static final Pattern FORM =
      Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

  /** Reads the values of two headers; null if they are no context, which is no error. */
  public static @Nullable TraceContext of(@Nullable Object parent, @Nullable Object state) {
    if (!(parent instanceof String text) || !isContext(text)) {
      return null;
    }
    String known = text.startsWith("00") ? text : "00" + text.substring(2, LENGTH);
    return new TraceContext(known, state instanceof String its && isState(its) ? its : null);
  }

  private static boolean isContext(String text) {
    int length = text.length();
    // a later version may have more fields, which nobody here knows
    boolean later = length > LENGTH && length <= LONGEST && text.charAt(LENGTH) == '-';
    return (length == LENGTH || (later && !text.startsWith("00")))
        && FORM.matcher(text).region(0, LENGTH).matches();
  }

  private static boolean isState(String text) {
    return !text.isBlank()
        && text.length() <= LONGEST
        && text.chars().allMatch(c -> (c >= ' ' && c < 0x7f) || c == '\t');
  }

  /** Whether its trace is recorded. */
  public boolean isSampled() {
    return (Character.digit(parent.charAt(FLAGS + 1), 16) & 1) != 0;
  }

  /** The same place, in a trace that is recorded or not. */
  public TraceContext sampled(boolean recorded) {
    if (isSampled() == recorded) {
      return this;
    }
    int flags = Character.digit(parent.charAt(FLAGS + 1), 16) ^ 1;
    return new TraceContext(parent.substring(0, FLAGS + 1) + Character.forDigit(flags, 16), state);
  }
}
