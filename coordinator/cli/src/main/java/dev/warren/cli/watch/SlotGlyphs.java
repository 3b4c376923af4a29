package dev.warren.cli.watch;

import java.util.Base64;

/**
 * Slots as characters: the height shows how many of the calls after which the child is replaced it
 * has run, the colour what it does. Stateless.
 */
final class SlotGlyphs {
  private static final int BYTES = 6;
  private static final int FULL = 256;
  private static final String HEIGHTS = "▁▂▃▄▅▆▇█";
  private static final String NO_LIMIT = "■";
  private static final String RESET = "\u001b[0m";

  /** The states in the order of their codes: empty, starting, initializing, idle, busy, leaving. */
  private static final String[] COLOURS = {
    "\u001b[90m", "\u001b[33m", "\u001b[33m", "\u001b[90m", "\u001b[32m", "\u001b[35m"
  };

  private static final int EMPTY = 0;

  private SlotGlyphs() {}

  /**
   * Characters with escape sequences.
   *
   * @param width number of columns that they take
   */
  record Row(String text, int width) {}

  /**
   * The slots of a worker, in colours.
   *
   * @param limited whether children are replaced after some number of calls
   * @param max maximum number of slots
   */
  static Row of(String cells, boolean limited, int max) {
    byte[] bytes = Base64.getDecoder().decode(cells);
    StringBuilder text = new StringBuilder();
    int shown = Math.min(max, bytes.length / BYTES);
    for (int i = 0; i < shown * BYTES; i += BYTES) {
      int state = Math.floorMod(bytes[i], COLOURS.length);
      int share = bytes[i + 1] & 0xff;
      String glyph =
          state == EMPTY
              ? "·"
              : limited
                  ? String.valueOf(HEIGHTS.charAt(share * HEIGHTS.length() / FULL))
                  : NO_LIMIT;
      text.append(COLOURS[state]).append(glyph).append(RESET);
    }
    return new Row(text.toString(), shown);
  }
}
