package dev.warren.cli.dead;

import dev.warren.dead.DeadLetter;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Prints dead letters as a table. The first rows determine the column widths, so that a long list
 * can be printed while it is read. Not thread-safe.
 */
final class DeadTable {
  private static final List<String> TITLES =
      List.of("ID", "AGE", "CAUSE", "FUNCTION", "SPENT", "MESSAGE");

  /** Maximum width of each column. */
  private static final int[] WIDEST = {64, 5, 40, 50, 9, 100};

  /** Number of rows that determine the widths. */
  private static final int MEASURED = 100;

  private final PrintStream out;
  private final List<List<String>> waiting = new ArrayList<>();
  private int[] widths = new int[0];

  DeadTable(PrintStream out) {
    this.out = out;
  }

  void add(DeadLetter letter, long nowMillis) {
    String type = letter.type();
    String cause =
        type.equals(letter.kind()) || type.isEmpty()
            ? letter.kind()
            : letter.kind() + " " + type.substring(type.lastIndexOf('.') + 1);
    long died = letter.diedAtMillis();
    List<String> row =
        List.of(
            letter.id(),
            died == 0 ? "?" : Printable.age(nowMillis - died),
            cause,
            letter.function() == null ? "-" : letter.shortFunction(),
            letter.spent(),
            letter.summary());
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      cells.add(Printable.cut(row.get(i), WIDEST[i]));
    }
    waiting.add(cells);
    if (widths.length > 0 || waiting.size() == MEASURED) {
      flush();
    }
  }

  /** Prints the waiting rows. */
  void flush() {
    if (widths.length == 0 && !waiting.isEmpty()) {
      widths = new int[TITLES.size()];
      waiting.add(0, TITLES);
      for (List<String> row : waiting) {
        for (int i = 0; i < widths.length; i++) {
          widths[i] = Math.max(widths[i], row.get(i).length());
        }
      }
    }
    waiting.forEach(this::print);
    waiting.clear();
  }

  private void print(List<String> row) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      String cell = row.get(i);
      line.append(cell);
      if (i < row.size() - 1) {
        line.append(" ".repeat(Math.max(0, widths[i] - cell.length()) + 2));
      }
    }
    out.println(line.toString().stripTrailing());
  }
}
