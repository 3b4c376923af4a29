package dev.warren.cli.dead;

/** Makes text of unknown origin safe for a terminal. Stateless. */
final class Printable {
  private Printable() {}

  /** Returns the text on one line, like {@link dev.warren.lifecycle.Printable#line}. */
  static String line(String text) {
    return dev.warren.lifecycle.Printable.line(text);
  }

  /**
   * Returns the text on one line of at most {@code max} characters; a cut is marked by the last
   * one.
   */
  static String cut(String text, int max) {
    return dev.warren.lifecycle.Printable.cut(text, max);
  }

  /** Formats an age: {@code 45s}, {@code 12m}, {@code 3h}, {@code 9d}. */
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
