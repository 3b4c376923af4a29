package dev.warren.cli.dead;

/** Text of unknown origin, made fit for a terminal. */
final class Printable {
  private Printable() {}

  /**
   * The text on one line, without characters that steer a terminal or turn the writing direction.
   */
  static String line(String text) {
    StringBuilder line = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              int type = Character.getType(c);
              if (c == '\n' || c == '\t') {
                line.append(' ');
              } else if (type == Character.CONTROL
                  || type == Character.FORMAT
                  || type == Character.SURROGATE
                  || c == 0x2028
                  || c == 0x2029) {
                line.append("\\u%04x".formatted(c));
              } else {
                line.appendCodePoint(c);
              }
            });
    return line.toString();
  }

  /** {@link #line} of at most {@code most} characters; what was cut is marked by its last one. */
  static String cut(String text, int most) {
    String line = line(text.length() > 4 * most ? text.substring(0, 4 * most) : text);
    if (line.codePointCount(0, line.length()) <= most) {
      return line;
    }
    return line.substring(0, line.offsetByCodePoints(0, most - 1)) + "…";
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
