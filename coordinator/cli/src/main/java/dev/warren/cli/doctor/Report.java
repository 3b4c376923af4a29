package dev.warren.cli.doctor;

import dev.warren.json.Json;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the checks have found, in their order. Not thread-safe. */
final class Report {
  /** How bad it is. */
  enum Level {
    OK,
    /** Worth knowing; nothing to do. */
    NOTE,
    /** Will hurt some day. */
    WARNING,
    /** Hurts now. */
    PROBLEM
  }

  /**
   * One finding.
   *
   * @param check what was looked at
   * @param text what was seen, in one line
   * @param remedy what to do, in one line; null where there is nothing to do
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

  /** Warnings and problems. */
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
        toMend == 0 ? "all is well" : toMend == 1 ? "1 thing to mend" : toMend + " things to mend");
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
