package dev.warren.cli.demo;

import dev.warren.json.Json;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Summarizes the demo's results, as a table for people and as a report for programs. Not
 * thread-safe.
 */
final class AuditSummary {
  private static final int TOP = 5;

  private final List<AuditedJar> jars = new ArrayList<>();
  private final SharedClasses shared = new SharedClasses();

  void add(AuditedJar jar) {
    jars.add(jar);
    shared.add(jar);
  }

  /** Prints the table. */
  void print(PrintStream out) {
    out.printf("%n%-34s %8s %10s%n", "oldest Java that loads them", "jars", "classes");
    Map<Integer, long[]> perRelease = new TreeMap<>();
    for (AuditedJar jar : jars) {
      long[] sums = perRelease.computeIfAbsent(jar.javaRelease(), r -> new long[2]);
      sums[0]++;
      sums[1] += jar.classes();
    }
    perRelease.forEach((release, sums) -> row(out, "  " + release(release), sums[0], sums[1]));
    row(out, "all", jars.size(), jars.stream().mapToLong(AuditedJar::classes).sum());
    out.println();
    line(out, "multi-release", count(AuditedJar::multiRelease));
    line(out, "without a licence file", count(jar -> jar.licences().isEmpty()));
    line(out, "classes in more than one jar", shared.count());
    for (SharedClasses.Pair pair : shared.topPairs(TOP)) {
      out.printf(
          Locale.ROOT,
          "  %,d in both %s and %s%n",
          pair.classes(),
          pair.one().fileName(),
          pair.other().fileName());
    }
    line(out, "damaged", count(jar -> jar.problem() != null));
    jars.stream()
        .filter(jar -> jar.problem() != null)
        .limit(TOP)
        .forEach(jar -> out.println("  " + jar.fileName() + ": " + jar.problem()));
  }

  /** Writes one JSON object per jar, ordered by path. */
  void write(Path report) throws IOException {
    Map<AuditedJar, Integer> sharedPerJar = shared.perJar();
    List<AuditedJar> sorted = new ArrayList<>(jars);
    sorted.sort(Comparator.comparing(AuditedJar::jar));
    try (BufferedWriter out = Files.newBufferedWriter(report)) {
      for (AuditedJar jar : sorted) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("jar", jar.jar());
        line.put("bytes", jar.bytes());
        line.put("sha256", jar.sha256());
        line.put("classes", jar.classes());
        line.put("packages", jar.packages().size());
        line.put("javaRelease", jar.javaRelease());
        line.put("multiRelease", jar.multiRelease());
        line.put("licences", jar.licences());
        line.put("classesAlsoElsewhere", sharedPerJar.getOrDefault(jar, 0));
        line.put("problem", jar.problem());
        out.write(Json.write(line).text());
        out.write('\n');
      }
    }
  }

  private long count(java.util.function.Predicate<AuditedJar> test) {
    return jars.stream().filter(test).count();
  }

  private static String release(int release) {
    return release == 0 ? "no classes" : "Java " + release;
  }

  private static void row(PrintStream out, String name, long jars, long classes) {
    out.printf(Locale.ROOT, "%-34s %,8d %,10d%n", name, jars, classes);
  }

  private static void line(PrintStream out, String name, long count) {
    out.printf(Locale.ROOT, "%-34s %,8d%n", name, count);
  }
}
