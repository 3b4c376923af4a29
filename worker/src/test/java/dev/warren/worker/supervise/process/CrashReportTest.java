package dev.warren.worker.supervise.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrashReportTest {
  private static final String FILE =
      """
      #
      # A fatal error has been detected by the Java Runtime Environment:
      #
      #  SIGBUS (0x7) at pc=0x00007f, pid=7, tid=8
      #
      # JRE version: OpenJDK Runtime Environment (17.0.1)
      # Problematic frame:
      # C  [libfoo.so+0x1234]
      #
      # No core dump will be written. Core dumps have been disabled.
      #
      # If you would like to submit a bug report, please visit:
      #   https://bugs.example/
      #

      ---------------  S U M M A R Y ------------

      Environment Variables:
      # SECRET=hidden
      """;

  @TempDir Path folder;

  @Test
  void the_head_contains_the_crash_and_not_the_environment() throws IOException {
    Path file = Files.writeString(folder.resolve("crash"), FILE);
    CrashReport report = CrashReport.take(file);
    assertThat(report.signal()).isEqualTo("SIGBUS");
    assertThat(report.head())
        .containsExactly(
            "SIGBUS (0x7) at pc=0x00007f, pid=7, tid=8",
            "JRE version: OpenJDK Runtime Environment (17.0.1)",
            "Problematic frame:",
            "C  [libfoo.so+0x1234]");
    assertThat(file).doesNotExist();
  }

  @Test
  void a_failed_memory_allocation_of_the_jvm_is_detected() {
    CrashReport report =
        CrashReport.of(
            List.of(
                "#",
                "# There is insufficient memory for the Java Runtime Environment to continue.",
                "# Native memory allocation (mmap) failed to map 65536 bytes"));
    assertThat(report.outOfMemory()).isTrue();
    assertThat(report.signal()).isNull();
    assertThat(report.head()).hasSize(2);
  }

  @Test
  void without_a_file_there_is_no_report() {
    assertThat(CrashReport.take(folder.resolve("none"))).isEqualTo(CrashReport.NONE);
  }
}
