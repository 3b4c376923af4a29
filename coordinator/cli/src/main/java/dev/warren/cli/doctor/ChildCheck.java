package dev.warren.cli.doctor;

import dev.warren.lifecycle.TimeSource;
import dev.warren.pool.Pool;
import java.time.Duration;

/** Starts a child and runs a call in it. Confined to the main thread. */
final class ChildCheck {
  private static final Duration SLOW = Duration.ofSeconds(5);

  private final Report report;

  ChildCheck(Report report) {
    this.report = report;
  }

  void look() {
    long began = TimeSource.SYSTEM.nanos();
    try (Pool pool = Pool.builder().uri("local:").processes(1).open()) {
      String answer = pool.apply(Integer::toBinaryString, 5);
      Duration took = Duration.ofNanos(TimeSource.SYSTEM.nanos() - began);
      if (!answer.equals("101")) {
        report.problem("children", "a child answered " + answer + " for 101", "report this");
      } else if (took.compareTo(SLOW) > 0) {
        report.warning(
            "children",
            "a child took " + took.toMillis() + " ms to its first answer",
            "give this host more processors or fewer neighbours; keep children long (recycle less)");
      } else {
        report.ok("children", "a child took " + took.toMillis() + " ms to its first answer");
      }
    } catch (RuntimeException e) {
      report.problem(
          "children",
          "no child could be started: " + e.getMessage(),
          "check that java runs here, and that processes may be started");
    }
  }
}
