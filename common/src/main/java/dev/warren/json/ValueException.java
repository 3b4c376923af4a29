package dev.warren.json;

import org.jspecify.annotations.Nullable;

/**
 * A value that JSON cannot carry without loss. The message is one line that names the place, the
 * class and the remedy.
 */
public final class ValueException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;
  private static final int LONGEST = 2000;

  private final String path;

  /**
   * Creates a refusal.
   *
   * @param path place inside the value, {@code items[3].count}; empty for the value itself
   * @param message one line
   */
  public ValueException(String path, String message, @Nullable Throwable cause) {
    super(oneLine(message), cause);
    this.path = oneLine(path);
  }

  private static String oneLine(String text) {
    StringBuilder line = new StringBuilder(text);
    for (int i = 0; i < line.length(); i++) {
      if (Character.isISOControl(line.charAt(i)) || Character.isSurrogate(line.charAt(i))) {
        line.setCharAt(i, ' ');
      }
    }
    if (line.length() > LONGEST) {
      line.setLength(LONGEST);
      line.append('…');
    }
    return line.toString();
  }

  /** The place inside the value, {@code items[3].count}; empty for the value itself. */
  public String path() {
    return path;
  }
}
