package dev.warren.worker.link;

import dev.warren.json.LineBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes texts as JSON and caches the last one, because frames to a child usually name the same
 * function. Confined to one thread.
 */
final class RepeatedText {
  private @Nullable String last;
  private final LineBuffer json = new LineBuffer(64, Integer.MAX_VALUE);

  void write(String text, LineBuffer out) {
    if (!text.equals(last)) {
      last = null; // invalid until the text is written completely
      json.clear();
      CallsHeader.text(text, json);
      last = text;
    }
    out.write(json.array(), 0, (int) json.size());
  }
}
