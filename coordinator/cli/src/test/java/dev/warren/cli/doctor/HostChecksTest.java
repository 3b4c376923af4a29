package dev.warren.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostChecksTest {
  @TempDir Path root;
  private final Report report = new Report();

  private Report.Finding finding(String check) {
    return report.findings().stream()
        .filter(found -> found.check().equals(check))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void more_slots_than_fit_into_memory_are_reported_with_the_remedy() {
    new HostChecks(report, root).memory(4096, 1);
    assertThat(finding("memory by slots").level()).isEqualTo(Report.Level.WARNING);
    assertThat(finding("memory by slots").text()).contains("4096 slots and 1 spare");
    assertThat(finding("memory by slots").remedy()).contains("--processes");
  }

  @Test
  void one_slot_has_enough_memory() {
    new HostChecks(report, root).memory(1, 1);
    assertThat(finding("memory by slots").level()).isEqualTo(Report.Level.OK);
  }

  @Test
  void an_environment_that_leaves_no_room_for_arguments_is_reported() throws IOException {
    Path limits = Files.createDirectories(root.resolve("proc/self")).resolve("limits");
    Files.writeString(limits, "Max stack size            1048576              unlimited  bytes\n");
    new HostChecks(report, root).arguments(Map.of("LONG", "x".repeat(50_000)));
    assertThat(finding("arguments").level()).isEqualTo(Report.Level.WARNING);
    assertThat(finding("arguments").text()).contains("50006 bytes, of 262144");
    assertThat(finding("arguments").remedy()).contains("ulimit -s");
  }

  @Test
  void one_variable_near_the_bound_is_named() {
    new HostChecks(report, root).arguments(Map.of("LONG", "x".repeat(120_000), "A", "b"));
    assertThat(finding("arguments").text()).startsWith("LONG has 120006 bytes, of 131072");
    assertThat(finding("arguments").remedy()).contains("--child-env");
  }

  @Test
  void the_childrens_socket_has_a_usable_folder() {
    new HostChecks(report, root).look();
    assertThat(finding("sockets").level()).isEqualTo(Report.Level.OK);
  }
}
