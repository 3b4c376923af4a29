package dev.warren.worker.link;

import java.nio.charset.StandardCharsets;

/** Decodes well-formed JSON texts. Stateless. */
final class JsonText {
  private JsonText() {}

  /** Decodes the text between the quotes at these two positions. */
  static String decode(byte[] bytes, int open, int close) {
    StringBuilder text = new StringBuilder(close - open);
    int copied = open + 1;
    for (int i = copied; i < close; i++) {
      if (bytes[i] == '\\') {
        append(bytes, copied, i, text);
        i++;
        text.append(escaped(bytes, i));
        i += bytes[i] == 'u' ? 4 : 0;
        copied = i + 1;
      }
    }
    append(bytes, copied, close, text);
    return text.toString();
  }

  private static void append(byte[] bytes, int from, int to, StringBuilder text) {
    text.append(new String(bytes, from, to - from, StandardCharsets.UTF_8));
  }

  /** The character that is escaped by the letter at this position. */
  private static char escaped(byte[] bytes, int letter) {
    return switch (bytes[letter]) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' ->
          (char)
              Integer.parseInt(new String(bytes, letter + 1, 4, StandardCharsets.ISO_8859_1), 16);
      default -> (char) bytes[letter];
    };
  }
}
