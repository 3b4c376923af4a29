package dev.warren.testkit.metrics;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A scrape in the text format of OpenMetrics 1.0, parsed strictly: whatever the format forbids is
 * an error. Immutable.
 */
public final class OpenMetricsText {
  private static final String END = "\n# EOF\n";
  private static final Pattern METADATA =
      Pattern.compile("# (TYPE|UNIT|HELP) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)");
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)\\})? (NaN|[+-]Inf|[-+0-9.eE]+)");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\n\"])*)\"(,|$)");
  private static final Map<String, List<String>> SUFFIXES =
      Map.of(
          "counter", List.of("_total"),
          "gauge", List.of(""),
          "info", List.of("_info"),
          "histogram", List.of("_bucket", "_count", "_sum"));

  private final Map<String, Double> series = new LinkedHashMap<>();
  private final Map<String, Map<String, String>> families = new LinkedHashMap<>();

  private OpenMetricsText() {}

  /**
   * Parses a scrape.
   *
   * @throws IllegalArgumentException naming the line that is wrong
   */
  public static OpenMetricsText parse(String text) {
    if (!text.endsWith(END)) {
      throw new IllegalArgumentException("the scrape does not end with # EOF");
    }
    OpenMetricsText parsed = new OpenMetricsText();
    String family = "";
    for (String line : text.substring(0, text.length() - END.length()).split("\n", -1)) {
      family = parsed.line(line, family);
    }
    parsed.checkHistograms();
    return parsed;
  }

  /** Handles a line; returns the family it belongs to. */
  private String line(String line, String family) {
    Matcher metadata = METADATA.matcher(line);
    if (metadata.matches()) {
      String name = metadata.group(2);
      check(name.equals(family) || !families.containsKey(name), "interleaved", line);
      Map<String, String> known = families.computeIfAbsent(name, n -> new HashMap<>());
      check(known.put(metadata.group(1), metadata.group(3)) == null, "given twice", line);
      check(known.get("sampled") == null, "metadata after a sample", line);
      check(
          !metadata.group(1).equals("UNIT") || name.endsWith("_" + metadata.group(3)),
          "the name lacks the unit",
          line);
      return name;
    }
    Matcher sample = SAMPLE.matcher(line);
    check(sample.matches(), "neither metadata nor a sample", line);
    Map<String, String> known = families.get(family);
    check(known != null && known.containsKey("TYPE"), "a sample without a TYPE", line);
    List<String> suffixes = SUFFIXES.get(known == null ? "" : known.get("TYPE"));
    String name = sample.group(1);
    check(
        suffixes != null && suffixes.stream().anyMatch(suffix -> name.equals(family + suffix)),
        "the name does not belong to family " + family,
        line);
    if (known != null) {
      known.put("sampled", "");
    }
    String key = name + labels(sample.group(2) == null ? "" : sample.group(2), line);
    check(series.put(key, number(sample.group(3))) == null, "the series is given twice", line);
    return family;
  }

  private static String labels(String text, String line) {
    Map<String, String> labels = new TreeMap<>();
    Matcher label = LABEL.matcher(text);
    int at = 0;
    while (at < text.length()) {
      check(label.find(at) && label.start() == at, "not a label", line);
      check(labels.put(label.group(1), label.group(2)) == null, "a label twice", line);
      at = label.end();
    }
    return labels.isEmpty()
        ? ""
        : labels.entrySet().stream()
            .map(entry -> entry.getKey() + "=\"" + entry.getValue() + "\"")
            .collect(Collectors.joining(",", "{", "}"));
  }

  private static double number(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  /** Buckets are cumulative, and the last one has all. */
  private void checkHistograms() {
    Map<String, Double> last = new HashMap<>();
    series.forEach(
        (key, value) -> {
          if (key.contains("_bucket{")) {
            String of = key.replaceFirst(",?le=\"[^\"]*\"", "").replace("_bucket", "_count");
            of = of.replace("{}", "").replace("{,", "{");
            check(value >= last.getOrDefault(of, 0.0), "buckets decrease", key);
            last.put(of, value);
          }
        });
    last.forEach((of, value) -> check(value.equals(series.get(of)), "buckets differ from", of));
  }

  private static void check(boolean good, String what, String line) {
    if (!good) {
      throw new IllegalArgumentException(what + ": " + line);
    }
  }

  /** Number of series. */
  public int size() {
    return series.size();
  }

  /** All series, {@code warren_outcomes_total{kind="value"}}, labels in alphabetical order. */
  public Set<String> series() {
    return Set.copyOf(series.keySet());
  }

  /** Names of the labels of all series, without {@code le}. */
  public Set<String> labelNames() {
    Set<String> names = new HashSet<>();
    for (String key : series.keySet()) {
      Matcher label = Pattern.compile("[{,]([a-z_]+)=\"").matcher(key);
      while (label.find()) {
        names.add(label.group(1));
      }
    }
    names.remove("le");
    return names;
  }

  /**
   * The value of a series.
   *
   * @throws IllegalArgumentException if there is none
   */
  public double value(String key) {
    Double value = series.get(key);
    check(value != null, "no series", key + " in " + series.keySet());
    return value == null ? Double.NaN : value;
  }
}
