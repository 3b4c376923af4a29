package dev.warren.lifecycle;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads durations as people write them: {@code 500ms}, {@code 30s}, {@code 1.5m}, {@code 2h},
 * {@code 1d} and {@code 1h30m}. Stateless.
 */
public final class DurationParser {
  private static final String PART = "(\\d{1,9}(?:\\.\\d{1,3})?)(ms|s|m|h|d)";
  private static final Pattern ONE = Pattern.compile(PART);
  private static final Pattern TEXT = Pattern.compile("(?:" + PART + ")+");

  private DurationParser() {}

  /**
   * Parses a duration.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Duration parse(String text) {
    String typed = text.strip().toLowerCase(Locale.ROOT);
    if (!TEXT.matcher(typed).matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a duration; write 500ms, 30s, 5m, 2h, 1h30m or 1d");
    }
    long sum = 0;
    Matcher part = ONE.matcher(typed);
    while (part.find()) {
      sum += Math.round(Double.parseDouble(part.group(1)) * millis(part.group(2)));
    }
    return Duration.ofMillis(sum);
  }

  private static long millis(String unit) {
    return switch (unit) {
      case "ms" -> 1;
      case "s" -> 1_000;
      case "m" -> 60_000;
      case "h" -> 3_600_000;
      default -> 86_400_000;
    };
  }
}
