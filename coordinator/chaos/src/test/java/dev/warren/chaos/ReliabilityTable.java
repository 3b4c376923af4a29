package dev.warren.chaos;

import dev.warren.testkit.RabbitVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The matrix as a table in Markdown: the fault, whether all invariants held on each version, how
 * long the last call took, what may run twice. Times are rounded up to one of a few steps, so that
 * similar runs write the same table. Immutable.
 */
final class ReliabilityTable {
  private static final String BEGIN = "<!-- made by ./verify --chaos: begin -->";
  private static final String END = "<!-- made by ./verify --chaos: end -->";
  private static final int[] STEPS = {1, 2, 5, 10, 20, 30, 60, 90, 120, 180, 300};

  private final Map<Scenario, List<Verdict>> verdicts;

  private ReliabilityTable(Map<Scenario, List<Verdict>> verdicts) {
    this.verdicts = verdicts;
  }

  static ReliabilityTable of(List<Verdict> verdicts) {
    return new ReliabilityTable(
        verdicts.stream()
            .collect(
                Collectors.groupingBy(Verdict::scenario, LinkedHashMap::new, Collectors.toList())));
  }

  /** Writes the table between the markers of this page. */
  void writeInto(Path page) throws IOException {
    String text = Files.readString(page);
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IOException(page + " has no place for the table: " + BEGIN + " … " + END);
    }
    Files.writeString(
        page, text.substring(0, begin) + BEGIN + "\n\n" + this + "\n" + text.substring(end));
  }

  @Override
  public String toString() {
    StringBuilder table = new StringBuilder("| what breaks |");
    for (RabbitVersion version : RabbitVersion.values()) {
      table.append(' ').append(version).append(" |");
    }
    table.append(" last call ended after | may run twice |\n");
    table.append("|---|").append("---|".repeat(RabbitVersion.values().length)).append("---|---|\n");
    verdicts.forEach((scenario, runs) -> table.append(row(scenario, runs)).append('\n'));
    return table.toString();
  }

  private static String row(Scenario scenario, List<Verdict> runs) {
    StringBuilder row = new StringBuilder("| " + scenario.name() + " |");
    for (RabbitVersion version : RabbitVersion.values()) {
      row.append(' ').append(mark(runs, version)).append(" |");
    }
    Duration longest =
        runs.stream().map(Verdict::toLastEnd).max(Comparator.naturalOrder()).orElseThrow();
    return row + " " + step(longest) + " | " + scenario.mayRunTwice() + " |";
  }

  private static String mark(List<Verdict> runs, RabbitVersion version) {
    for (Verdict run : runs) {
      if (run.version() == null) {
        return "local"; // no broker is involved
      }
      if (run.version() == version) {
        return run.holds() ? "✓" : "✗";
      }
    }
    return "·";
  }

  private static String step(Duration time) {
    for (int seconds : STEPS) {
      if (time.toMillis() <= seconds * 1000L) {
        return seconds < 60 ? "≤ " + seconds + " s" : "≤ " + seconds / 60.0 + " min";
      }
    }
    return time.toSeconds() + " s";
  }
}
