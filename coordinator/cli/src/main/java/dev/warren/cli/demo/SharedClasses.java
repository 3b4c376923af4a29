package dev.warren.cli.demo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds classes that are in more than one jar. Not thread-safe. */
final class SharedClasses {
  /**
   * A class in more jars than this is counted but forms no pairs, whose number grows with the
   * square.
   */
  private static final int MAX_FOR_PAIRS = 12;

  private final Map<String, List<AuditedJar>> jarsOf = new HashMap<>();

  /**
   * Two jars of different artifacts with classes of the same name.
   *
   * @param classes number of common classes
   */
  record Pair(AuditedJar one, AuditedJar other, int classes) {}

  void add(AuditedJar jar) {
    jar.forEachClass(
        (name, mark) ->
            jarsOf.computeIfAbsent(name + '/' + mark, c -> new ArrayList<>(1)).add(jar));
  }

  /** Number of classes that are in more than one jar. */
  long count() {
    return jarsOf.values().stream().filter(jars -> jars.size() > 1).count();
  }

  /** For each jar, the number of its classes that are also in another one. */
  Map<AuditedJar, Integer> perJar() {
    Map<AuditedJar, Integer> shared = new HashMap<>();
    for (List<AuditedJar> jars : jarsOf.values()) {
      if (jars.size() > 1) {
        jars.forEach(jar -> shared.merge(jar, 1, Integer::sum));
      }
    }
    return shared;
  }

  /** The pairs with most common classes; versions of the same artifact are left out. */
  List<Pair> topPairs(int limit) {
    Map<List<AuditedJar>, Integer> pairs = new HashMap<>();
    for (List<AuditedJar> jars : jarsOf.values()) {
      if (jars.size() <= MAX_FOR_PAIRS) {
        countPairs(jars, pairs);
      }
    }
    Map<String, Pair> perArtifacts = new HashMap<>();
    pairs.forEach(
        (jars, classes) -> {
          Pair pair = new Pair(jars.get(0), jars.get(1), classes);
          perArtifacts.merge(
              pair.one().artifact() + ' ' + pair.other().artifact(),
              pair,
              (a, b) -> a.classes() >= b.classes() ? a : b);
        });
    return perArtifacts.values().stream()
        .sorted(
            Comparator.comparingInt(Pair::classes)
                .reversed()
                .thenComparing(pair -> pair.one().jar()))
        .limit(limit)
        .toList();
  }

  private static void countPairs(List<AuditedJar> jars, Map<List<AuditedJar>, Integer> pairs) {
    for (int i = 0; i < jars.size(); i++) {
      for (int j = i + 1; j < jars.size(); j++) {
        AuditedJar one = jars.get(i);
        AuditedJar other = jars.get(j);
        int order = one.artifact().compareTo(other.artifact());
        if (order != 0) {
          pairs.merge(order < 0 ? List.of(one, other) : List.of(other, one), 1, Integer::sum);
        }
      }
    }
  }
}
