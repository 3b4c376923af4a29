package dev.warren.cli.map;

import java.time.Duration;
import java.util.Locale;

/** Formats measured times for people. Stateless. */
final class Times {
  private Times() {}

  /** Formats a time with two or three significant digits: {@code 85 µs}, {@code 1.2 s}. */
  static String text(long micros) {
    if (micros < 1_000) {
      return micros + " µs";
    }
    if (micros < 1_000_000) {
      return number(micros / 1_000.0) + " ms";
    }
    if (micros < 60_000_000) {
      return number(micros / 1_000_000.0) + " s";
    }
    Duration time = Duration.ofSeconds(Math.round(micros / 1_000_000.0));
    return time.toHours() == 0
        ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
        : time.toHours() + " h " + time.toMinutesPart() + " min";
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 9.95 ? "%.1f" : "%.0f", value);
  }
}
