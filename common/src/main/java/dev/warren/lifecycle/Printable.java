package dev.warren.lifecycle;

/**
 * Makes text of unknown origin safe for a log or a terminal. Characters that control a terminal,
 * change the writing direction, are invisible, or end a line become escapes such as {@code \u001b};
 * line feeds and tabs become spaces. Printable text is returned unchanged. Stateless.
 */
public final class Printable {
  private Printable() {}

  /** Returns the text on one line. */
  public static String line(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~') {
        return escaped(text);
      }
    }
    return text;
  }

  private static String escaped(String text) {
    StringBuilder line = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              if (c == '\n' || c == '\t') {
                line.append(' ');
              } else if (isPrintable(c)) {
                line.appendCodePoint(c);
              } else {
                escape(line, c);
              }
            });
    return line.toString();
  }

  private static void escape(StringBuilder line, int codePoint) {
    for (char c : Character.toChars(codePoint)) {
      line.append("\\u");
      for (int shift = 12; shift >= 0; shift -= 4) {
        line.append(Character.forDigit(c >> shift & 15, 16));
      }
    }
  }

  /** Returns the character, or its escape if it is not printable. */
  static String character(int codePoint) {
    if (isPrintable(codePoint)) {
      return Character.toString(codePoint);
    }
    StringBuilder escape = new StringBuilder(12);
    escape(escape, codePoint);
    return escape.toString();
  }

  /** Whether the character may appear in a line unescaped. */
  public static boolean isPrintable(int codePoint) {
    if (codePoint < 0x80) {
      return codePoint >= ' ' && codePoint != 0x7f;
    }
    int type = Character.getType(codePoint);
    return type != Character.CONTROL
        && type != Character.FORMAT
        && type != Character.SURROGATE
        && type != Character.LINE_SEPARATOR
        && type != Character.PARAGRAPH_SEPARATOR;
  }

  /** {@link #line} of at most {@code max} characters; a cut is marked by a final "…". */
  public static String cut(String text, int max) {
    String line = line(text.length() > 4 * max ? text.substring(0, 4 * max) : text);
    if (line.codePointCount(0, line.length()) <= max) {
      return line;
    }
    return line.substring(0, line.offsetByCodePoints(0, max - 1)) + "…";
  }
}
