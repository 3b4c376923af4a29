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
   * The slots of a worker.
   *
   * @param coloured whether to use escape sequences for colours
   */
  static String of(String cells, boolean coloured) {
    byte[] bytes = Base64.getDecoder().decode(cells);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i + BYTES <= bytes.length; i += BYTES) {
      int state = Math.floorMod(bytes[i], COLOURS.length);
      int share = bytes[i + 1] & 0xff;
      String glyph =
          state == EMPTY
              ? "·"
              : share == 0
                  ? NO_LIMIT
                  : String.valueOf(HEIGHTS.charAt(share * HEIGHTS.length() / FULL));
      text.append(coloured ? COLOURS[state] + glyph + RESET : glyph);
    }
    return text.toString();
  }
}
