package dev.warren.bench.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The complete results, as JSON for programs and as a table for people. */
public final class Report {
  private static final String BEGIN = "<!-- begin: written by ./bench/run --peers -->";
  private static final String END = "<!-- end -->";

  private final Map<String, String> machine;
  private final List<Result> results;
  private final List<String> problems;

  public Report(Map<String, String> machine, List<Result> results, List<String> problems) {
    this.machine = machine;
    this.results = results;
    this.problems = problems;
  }

  public void writeJson(Path file) throws IOException {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("machine", machine);
    all.put("measures", results.stream().map(Report::json).toList());
    all.put("problems", problems);
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    Files.writeString(file, mapper.writeValueAsString(all) + "\n");
  }

  private static Map<String, Object> json(Result result) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("name", result.measure().name());
    one.put("unit", result.measure().unit());
    one.putAll(json(result.own()));
    Map<String, Object> peers = new LinkedHashMap<>();
    result.peers().forEach((peer, stats) -> peers.put(peer, json(stats)));
    one.put("peers", peers);
    one.put("targets", result.verdicts().stream().map(Report::json).toList());
    one.put("notes", result.notes());
    return one;
  }

  private static Map<String, Object> json(Stats stats) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("value", stats.median());
    one.put("least", stats.min());
    one.put("most", stats.max());
    one.put("rounds", stats.samples().size());
    one.put("samples", stats.samples());
    return one;
  }

  private static Map<String, Object> json(Target.Verdict verdict) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("target", verdict.target().toString());
    if (!Double.isNaN(verdict.ratio())) {
      one.put("ratio", verdict.ratio());
    }
    one.put("met", verdict.met());
    return one;
  }

  /** The table in Markdown, followed by the machine's description. */
  public String table() {
    StringBuilder text = new StringBuilder();
    text.append("| measure | Warren (least to most) | peers | target: result |\n");
    text.append("|---|---|---|---|\n");
    for (Result result : results) {
      text.append(row(result)).append('\n');
    }
    text.append('\n');
    machine.forEach(
        (name, value) -> text.append("- ").append(name).append(": ").append(value).append('\n'));
    if (!problems.isEmpty()) {
      text.append("\nNot measured:\n\n");
      problems.forEach(
          problem -> text.append("- ").append(problem.replace('\n', ' ')).append('\n'));
    }
    return text.toString();
  }

  private static String row(Result result) {
    List<String> peers =
        result.peers().entrySet().stream()
            .map(peer -> peer.getKey() + " " + Stats.plain(peer.getValue().median()))
            .toList();
    List<String> verdicts = result.verdicts().stream().map(Target.Verdict::toString).toList();
    Stats own = result.own();
    return String.format(
        Locale.ROOT,
        "| `%s` | **%s** %s (%s to %s) | %s | %s |",
        result.measure().name(),
        Stats.plain(own.median()),
        result.measure().unit(),
        Stats.plain(own.min()),
        Stats.plain(own.max()),
        String.join("<br>", peers),
        String.join("<br>", verdicts));
  }

  /** Replaces the table between its marks in a Markdown file. */
  public void writeInto(Path file) throws IOException {
    String text = Files.readString(file);
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END, Math.max(begin, 0));
    if (begin < 0 || end < 0) {
      throw new IOException(file + " has no marks to put the table between: " + BEGIN);
    }
    String before = text.substring(0, begin + BEGIN.length());
    Files.writeString(file, before + "\n\n" + table() + "\n" + text.substring(end));
  }
}
