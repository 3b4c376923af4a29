package dev.warren.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.broker.rabbit.connection.ServerVersion;
import dev.warren.cli.doctor.Report.Level;
import dev.warren.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ReportTest {
  private final Report report = new Report();

  private List<String> texts(Level level) {
    return report.findings().stream()
        .filter(finding -> finding.level() == level)
        .map(finding -> finding.check() + ": " + finding.text())
        .toList();
  }

  private static void write(Path root, String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  @Test
  void the_report_is_one_line_per_finding_with_its_remedy_below() {
    report.ok("broker", "RabbitMQ 4.0.5");
    report.warning("workers", "none", "start one");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    report.print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "ok       broker       RabbitMQ 4.0.5",
            "warning  workers      none",
            "                      → start one",
            "",
            "1 problem found");
    JsonNode json = Json.MAPPER.readTree(report.json());
    assertThat(json.get("toMend").asInt()).isEqualTo(1);
    assertThat(json.get("findings").get(1).get("remedy").asString()).isEqualTo("start one");
  }

  @Test
  void tight_limits_of_a_host_are_told_and_wide_ones_are_fine(@TempDir Path root)
      throws IOException {
    write(
        root,
        "proc/self/limits",
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max processes             unlimited            unlimited            processes
        Max open files            256                  4096                 files
        """);
    write(root, "sys/fs/cgroup/pids.max", "100\n");
    write(root, "sys/fs/cgroup/memory.max", "max\n");
    write(root, "proc/1/comm", "bash\n");
    new HostChecks(report, root).look();
    assertThat(texts(Level.WARNING))
        .contains("open files: limited to 256", "processes (cgroup): limited to 100")
        .anyMatch(text -> text.startsWith("process 1: is the shell bash"));
    assertThat(texts(Level.OK)).contains("processes: no limit", "memory (cgroup): no limit");
  }

  @Test
  void a_host_without_information_is_not_a_problem(@TempDir Path root) {
    new HostChecks(report, root).look();
    assertThat(texts(Level.PROBLEM)).isEmpty();
  }

  @Test
  void more_workers_than_an_old_cluster_keeps_in_order_are_reported() {
    WorkerChecks.redeliveryBacklog(report, 32, ServerVersion.of("RabbitMQ", "3.13.7"));
    WorkerChecks.redeliveryBacklog(report, 33, ServerVersion.of("RabbitMQ", "4.0.5"));
    assertThat(report.findings()).isEmpty();
    WorkerChecks.redeliveryBacklog(report, 33, ServerVersion.of("RabbitMQ", "3.13.7"));
    assertThat(report.findings()).hasSize(1);
    assertThat(report.findings().get(0).text()).contains("spreads the 33");
    assertThat(report.toMend()).isZero();
  }
}
