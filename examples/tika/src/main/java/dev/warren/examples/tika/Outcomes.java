package dev.warren.examples.tika;

import dev.warren.examples.tika.DocumentText.Text;
import java.io.PrintStream;

/**
 * Prints one line per document, with tabs between its fields: {@code good} or {@code failed}, the
 * path, the text's type, length and beginning or the failure's message. Thread-safe.
 */
final class Outcomes {
  static final String GOOD = "good";
  static final String FAILED = "failed";

  private final PrintStream out;

  Outcomes(PrintStream out) {
    this.out = out;
  }

  void good(String path, Text text) {
    line(GOOD, path, text.type() + "\t" + text.characters() + "\t" + text.beginning());
  }

  void failed(String path, Throwable failure) {
    String message = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    line(FAILED, path, failure.getClass().getSimpleName() + ": " + message);
  }

  private void line(String kind, String path, String rest) {
    out.print(kind + "\t" + path + "\t" + rest.replaceAll("[\\p{Cntrl}&&[^\t]]", " ") + "\n");
    out.flush();
  }
}
