package dev.warren.cli.dead;

import dev.warren.cli.kit.Console;
import java.io.BufferedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Standard output, buffered, printable and in UTF-8 whatever the locale. */
final class Output {
  private Output() {}

  static PrintStream standard() {
    return new PrintStream(
        new BufferedOutputStream(Console.out(), 1 << 16), false, StandardCharsets.UTF_8);
  }

  /** Whether nobody reads it any more ({@code | head}). */
  static boolean readerHasGone(PrintStream out) {
    return out.checkError();
  }
}
