package dev.warren.worker.link;

import dev.warren.json.LineBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes texts as JSON, and remembers the last one: frames to a child name the same function again
 * and again. Confined to one thread.
 */
final class RepeatedText {
  private @Nullable String last;
  private final LineBuffer json = new LineBuffer(64, Integer.MAX_VALUE);

  void write(String text, LineBuffer out) {
    if (!text.equals(last)) {
      last = null; // should it fail half-way
      json.clear();
      CallsHeader.text(text, json);
      last = text;
    }
    out.write(json.array(), 0, (int) json.size());
  }
}
