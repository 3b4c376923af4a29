package dev.warren.wire;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A function by name, {@code com.acme.Stats::score} or, from Java callers, with its signature:
 * {@code com.acme.Stats::score(Ljava/lang/Integer;)D}. An instance method takes its receiver as
 * first argument; {@code com.acme.Point::new} is a constructor.
 *
 * @param className binary class name, {@code com.acme.Outer$Inner}
 * @param methodName method name, or {@code new}
 * @param descriptor JVM method descriptor; null where the name and the number of arguments decide
 * @param digest digest of the class file, set for a lambda, whose synthetic name is only valid for
 *     the same build; else null
 */
public record FunctionRef(
    String className, String methodName, @Nullable String descriptor, @Nullable String digest) {
  private static final Pattern TEXT =
      Pattern.compile("([^:()\\s]+)::([^:()\\s]+)(\\([^\\s]*\\)[^\\s]+)?");

  /**
   * Reads {@code class::method} or {@code class::method(descriptor)}.
   *
   * @throws WireFormatException where it is neither
   */
  public static FunctionRef parse(String text, @Nullable String digest) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new WireFormatException("not a function: '" + text + "'; write com.acme.Stats::score");
    }
    return new FunctionRef(matcher.group(1), matcher.group(2), matcher.group(3), digest);
  }

  /** {@code com.acme.Stats::score}, for people. */
  public String shortName() {
    return className + "::" + methodName;
  }

  /** The form on the wire: {@link #parse} reads it. */
  @Override
  public String toString() {
    return descriptor == null ? shortName() : shortName() + descriptor;
  }
}
