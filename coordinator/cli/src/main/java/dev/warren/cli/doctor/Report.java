package dev.warren.cli.doctor;

import dev.warren.json.Json;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The findings of all checks, in order. Not thread-safe. */
final class Report {
  /** Severity of a finding. */
  enum Level {
    OK,
    /** Information; nothing to do. */
    NOTE,
    /** Will cause a problem at some point. */
    WARNING,
    /** Causes a problem now. */
    PROBLEM
  }

  /**
   * One finding.
   *
   * @param check the check's name
   * @param text the finding, in one line
   * @param remedy what to do, in one line; null if there is nothing to do
   */
  record Finding(Level level, String check, String text, @Nullable String remedy) {}

  private final List<Finding> findings = new ArrayList<>();

  void ok(String check, String text) {
    findings.add(new Finding(Level.OK, check, text, null));
  }

  void note(String check, String text) {
    findings.add(new Finding(Level.NOTE, check, text, null));
  }

  void warning(String check, String text, String remedy) {
    findings.add(new Finding(Level.WARNING, check, text, remedy));
  }

  void problem(String check, String text, String remedy) {
    findings.add(new Finding(Level.PROBLEM, check, text, remedy));
  }

  /** Number of warnings and problems. */
  long toMend() {
    return findings.stream().filter(f -> f.level.compareTo(Level.WARNING) >= 0).count();
  }

  List<Finding> findings() {
    return List.copyOf(findings);
  }

  void print(PrintStream out) {
    for (Finding finding : findings) {
      out.printf(
          "%-8s %-12s %s%n",
          finding.level.name().toLowerCase(Locale.ROOT), finding.check, oneLine(finding.text));
      if (finding.remedy != null) {
        out.printf("%22s→ %s%n", "", oneLine(finding.remedy));
      }
    }
    long toMend = toMend();
    out.println();
    out.println(
        toMend == 0
            ? "no problems found"
            : toMend == 1 ? "1 problem found" : toMend + " problems found");
  }

  String json() {
    List<Map<String, Object>> list = new ArrayList<>();
    for (Finding finding : findings) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("level", finding.level.name().toLowerCase(Locale.ROOT));
      fields.put("check", finding.check);
      fields.put("text", finding.text);
      if (finding.remedy != null) {
        fields.put("remedy", finding.remedy);
      }
      list.add(fields);
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("toMend", toMend());
    all.put("findings", list);
    return Json.write(all).text();
  }

  private static String oneLine(String text) {
    return text.replace('\n', ' ');
  }
}
