package dev.warren.chaos;

import java.util.List;
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
}
