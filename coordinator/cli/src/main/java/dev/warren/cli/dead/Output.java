package dev.warren.cli.dead;

import dev.warren.cli.kit.Console;
import java.io.BufferedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Standard output: buffered, printable, in UTF-8 whatever the locale. Stateless. */
final class Output {
  private Output() {}

  static PrintStream standard() {
    return new PrintStream(
        new BufferedOutputStream(Console.out(), 1 << 16), false, StandardCharsets.UTF_8);
  }

  /** Whether the reader has closed the pipe, as {@code head} does. */
  static boolean readerHasGone(PrintStream out) {
    return out.checkError();
  }
}
