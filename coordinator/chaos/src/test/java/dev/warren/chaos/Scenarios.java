package dev.warren.chaos;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** All scenarios, in the order of the table. */
final class Scenarios {
  private Scenarios() {}

  static List<Scenario> all() {
    return Stream.of(
            ChildScenarios.all(),
            HangScenarios.all(),
            LinkScenarios.all(),
            SupervisorScenarios.all(),
            CoordinatorScenarios.all(),
            JobScenarios.all(),
            ConnectionScenarios.all(),
            BrokerScenarios.all(),
            ForeignScenarios.all(),
            ClusterScenarios.all())
        .flatMap(List::stream)
        .toList();
  }

  /** Returns the scenarios whose names contain all these words. */
  static List<Scenario> named(String words) {
    List<String> all = List.of(words.toLowerCase(Locale.ROOT).strip().split("\\s+"));
    return all().stream()
        .filter(
            scenario -> all.stream().allMatch(scenario.name().toLowerCase(Locale.ROOT)::contains))
        .toList();
  }
}
