package dev.warren.cli.kit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.broker.BrokerException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class ProgramTest {
  private final StringWriter err = new StringWriter();

  @Command(name = "probe")
  private static final class Probe implements Callable<Integer> {
    @Option(names = {"-t", "--time-limit"})
    private @Nullable Duration timeLimit;

    @Option(names = "--size")
    private @Nullable ByteSize size;

    @Option(names = "--tries")
    private int tries = 1;

    @Option(names = "--fail-fast")
    private boolean failFast;

    @Option(names = "--app")
    private List<String> app = List.of();

    private @Nullable Exception toThrow;

    @Override
    public Integer call() throws Exception {
      if (toThrow != null) {
        throw toThrow;
      }
      return 0;
    }
  }

  private final Probe probe = new Probe();

  private int run(Map<String, String> environment, String... args) {
    CommandLine program = Program.of(probe, environment);
    program.setErr(new PrintWriter(err, true));
    return program.execute(args);
  }

  @Test
  void an_unknown_warren_variable_is_named() {
    Map<String, String> environment =
        Map.of("WARREN_TRIES", "1", "WARREN_TIRES", "2", "WARREN_JARS", "x", "HOME", "/");
    assertThat(Program.unknownSettings(Program.of(probe, environment), environment))
        .containsExactly("WARREN_TIRES");
  }

  @ParameterizedTest
  @CsvSource({
    "500ms,500",
    "30s,30000",
    "1.5m,90000",
    "2h,7200000",
    "1d,86400000",
    "5M,300000",
    "1h30m,5400000"
  })
  void durations_have_units(String text, long millis) {
    assertThat(run(Map.of(), "--time-limit", text)).isZero();
    assertThat(probe.timeLimit).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"30", "s", "-5s", "5 minutes", "PT5S", ""})
  void a_malformed_duration_is_refused_in_one_line(String text) {
    assertThat(run(Map.of(), "--time-limit=" + text)).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).contains("'" + text + "' is not a duration; write 500ms, 30s");
  }

  @ParameterizedTest
  @CsvSource({"64k,65536", "512m,536870912", "2g,2147483648", "512MiB,536870912", "1KB,1024"})
  void sizes_have_units(String text, long bytes) {
    assertThat(run(Map.of(), "--size", text)).isZero();
    assertThat(probe.size).isEqualTo(new ByteSize(bytes));
  }

  @ParameterizedTest
  @ValueSource(strings = {"512", "0m", "m", "-1m", "1.5g"})
  void a_malformed_size_is_refused(String text) {
    assertThat(run(Map.of(), "--size", text)).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("'" + text + "' is not a size; write 64k, 512m or 2g");
  }

  @Test
  void each_option_is_also_read_from_the_environment() {
    Map<String, String> environment =
        Map.of("WARREN_TIME_LIMIT", "3s", "WARREN_FAIL_FAST", "true", "WARREN_APP", "a.jar");
    assertThat(run(environment)).isZero();
    assertThat(probe.timeLimit).isEqualTo(Duration.ofSeconds(3));
    assertThat(probe.failFast).isTrue();
    assertThat(probe.app).containsExactly("a.jar");
  }

  @Test
  void the_command_line_wins_over_the_environment() {
    assertThat(run(Map.of("WARREN_TRIES", "3", "WARREN_APP", "a.jar"), "--tries=4", "--app=b.jar"))
        .isZero();
    assertThat(probe.tries).isEqualTo(4);
    assertThat(probe.app).containsExactly("b.jar");
  }

  @Test
  void an_empty_variable_counts_as_unset() {
    assertThat(run(Map.of("WARREN_TRIES", ""))).isZero();
    assertThat(probe.tries).isEqualTo(1);
  }

  @Test
  void a_bad_value_from_the_environment_names_its_variable() {
    assertThat(run(Map.of("WARREN_TRIES", "many"))).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString())
        .contains("'--tries': 'many' is not an int (from WARREN_TRIES); see probe --help");
  }

  @Test
  void a_bad_value_from_the_command_line_does_not() {
    assertThat(run(Map.of("WARREN_TRIES", "2"), "--tries=many")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).doesNotContain("WARREN_TRIES");
  }

  @Test
  void failures_have_their_exit_codes_and_one_line() {
    probe.toThrow = new CommandFailure(ExitCode.INTERRUPTED, "first\nsecond");
    assertThat(run(Map.of())).isEqualTo(ExitCode.INTERRUPTED);
    probe.toThrow = new BrokerException("no broker there");
    assertThat(run(Map.of())).isEqualTo(ExitCode.BROKER);
    probe.toThrow = new IllegalArgumentException("tries is 0; must be at least 1");
    assertThat(run(Map.of())).isEqualTo(ExitCode.USAGE);
    probe.toThrow = new NoSuchFileException("/missing/warren-demo-1");
    assertThat(run(Map.of())).isEqualTo(ExitCode.USAGE);
    probe.toThrow = new FileSystemException("/full", null, "No space left on device");
    assertThat(run(Map.of())).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString().lines())
        .containsExactly(
            "probe: first second",
            "probe: no broker there",
            "probe: --tries is 0; must be at least 1",
            "probe: cannot use /missing/warren-demo-1: no such file or folder",
            "probe: cannot use /full: No space left on device");
  }
}
