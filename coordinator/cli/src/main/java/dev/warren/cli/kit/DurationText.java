package dev.warren.cli.kit;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses {@code 500ms}, {@code 30s}, {@code 1.5m}, {@code 2h}, {@code 1d}. Stateless. */
final class DurationText implements ITypeConverter<Duration> {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)(ms|s|m|h|d)");

  @Override
  public Duration convert(String text) {
    Matcher matcher = TEXT.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new TypeConversionException(
          "'" + text + "' is not a duration; write 500ms, 30s, 5m, 2h or 1d");
    }
    double number = Double.parseDouble(matcher.group(1));
    return Duration.ofMillis(Math.round(number * millis(matcher.group(2))));
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

  /** Formats a duration as a person would write it: {@code 500ms}, {@code 30s}, {@code 1m30s}. */
  static String of(Duration duration) {
    return duration.toMillis() % 1000 != 0
        ? duration.toMillis() + "ms"
        : duration.toString().substring(2).toLowerCase(Locale.ROOT);
  }
}
