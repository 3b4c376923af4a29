package dev.warren.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.testkit.RabbitVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * All scenarios of the fault kit, each as a test. {@code ./verify} runs the core scenarios on the
 * installed server; {@code ./verify --chaos} runs all on all versions; {@code ./verify --chaos
 * 'child killed'} runs those whose names contain all these words. Settings, as system properties:
 * {@code warren.chaos} (core, all, or words), {@code warren.seed} (a number; default random),
 * {@code warren.chaos.version} (such as 4.3: only that one), {@code warren.chaos.table} (the page
 * into which the table is written).
 */
class ChaosIT {
  private static final String WHICH = System.getProperty("warren.chaos", "core");
  private static final String VERSION = System.getProperty("warren.chaos.version", "");
  private static final long SEED =
      Long.getLong("warren.seed", new SecureRandom().nextInt(1_000_000));
  private static final List<Verdict> VERDICTS = new ArrayList<>();

  /** The seed of this run of all tests. */
  static long seed() {
    return SEED;
  }

  @TestFactory
  Stream<DynamicTest> after_every_fault_all_invariants_hold() {
    List<RabbitVersion> versions =
        Stream.of(RabbitVersion.values())
            .filter(version -> version.isThere() && version.toString().endsWith(VERSION))
            .toList();
    assertThat(versions).as("servers installed; ./verify installs them").isNotEmpty();
    Matrix matrix =
        new Matrix(chosen(), WHICH.equals("core") ? versions.subList(0, 1) : versions, SEED);
    System.out.printf("chaos: seed %d, %d runs%n", SEED, matrix.runs().size());
    matrix.runs().forEach(run -> run.verdict().thenAccept(ChaosIT::print));
    matrix.start();
    return matrix.runs().stream()
        .map(run -> DynamicTest.dynamicTest(title(run), () -> report(run.verdict().join())));
  }

  private static List<Scenario> chosen() {
    List<Scenario> all = Scenarios.all();
    List<Scenario> chosen =
        switch (WHICH) {
          case "all" -> all;
          case "core" -> all.stream().filter(Scenario::core).toList();
          default -> Scenarios.named(WHICH);
        };
    assertThat(chosen)
        .as("scenarios named '%s' among %s", WHICH, all.stream().map(Scenario::name).toList())
        .isNotEmpty();
    return chosen;
  }

  private static String title(Run run) {
    return run.scenario().name() + (run.version() == null ? "" : " on " + run.version());
  }

  private static void print(Verdict verdict) {
    System.out.println("chaos: " + verdict);
    verdict.violations().forEach(violation -> System.out.println("chaos:   " + violation));
  }

  private static void report(Verdict verdict) {
    VERDICTS.add(verdict);
    assertThat(verdict.violations()).as("seed %d, %s", SEED, verdict).isEmpty();
  }

  @AfterAll
  static void tell() throws IOException {
    Map<String, Integer> marks = new TreeMap<>();
    VERDICTS.forEach(verdict -> marks.merge(verdict.holds() ? "hold" : "fail", 1, Integer::sum));
    System.out.printf("chaos: seed %d: %s%n", SEED, marks);
    String page = System.getProperty("warren.chaos.table");
    if (page != null && WHICH.equals("all")) {
      ReliabilityTable.of(VERDICTS).writeInto(Path.of(page));
    }
  }
}
