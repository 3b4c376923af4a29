package dev.warren.cli.dead;

/** Text of unknown origin, made fit for a terminal. */
final class Printable {
  private Printable() {}

  /** The text on one line, as {@link dev.warren.lifecycle.Printable#line} has it. */
  static String line(String text) {
    return dev.warren.lifecycle.Printable.line(text);
  }

  /** The same, of at most {@code most} characters; what was cut is marked by its last one. */
  static String cut(String text, int most) {
    return dev.warren.lifecycle.Printable.cut(text, most);
  }

  /** An age for people: {@code 45s}, {@code 12m}, {@code 3h}, {@code 9d}. */
  static String age(long millis) {
    long seconds = Math.max(0, millis / 1000);
    if (seconds < 120) {
      return seconds + "s";
    }
    long minutes = seconds / 60;
    if (minutes < 120) {
      return minutes + "m";
    }
    return minutes < 48 * 60 ? minutes / 60 + "h" : minutes / (24 * 60) + "d";
  }
}
