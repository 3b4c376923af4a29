package dev.warren.cli.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class BrokerChoiceTest {
  @TempDir Path folder;

  @Command(name = "some")
  static final class Some implements Callable<Integer> {
    @Mixin private BrokerOptions options = new BrokerOptions();
    private String uri = "";

    @Override
    public Integer call() {
      uri = options.uri("some command").toString();
      return 0;
    }
  }

  /** Returns the chosen broker, or the line on stderr. */
  private static String run(Map<String, String> environment, String... args) {
    Some command = new Some();
    StringWriter err = new StringWriter();
    CommandLine line = Program.of(command, environment);
    line.setErr(new PrintWriter(err));
    return line.execute(args) == 0 ? command.uri : err.toString().strip();
  }

  private String file(String content) throws IOException {
    return Files.writeString(Files.createTempFile(folder, "broker", ".uri"), content).toString();
  }

  @Test
  void the_uri_is_the_files_first_line() throws IOException {
    String uri = "amqp://u:***@fromfile:5672/?pool=default";
    for (String content :
        new String[] {
          "amqp://u:s3cr3t@fromfile",
          "  amqp://u:s3cr3t@fromfile \r\n",
          "amqp://u:s3cr3t@fromfile\n\nnotes"
        }) {
      assertThat(run(Map.of(), "--broker-file", file(content))).isEqualTo(uri);
      assertThat(run(Map.of("WARREN_BROKER_FILE", file(content)))).isEqualTo(uri);
    }
  }

  @Test
  void the_command_line_precedes_the_environment() throws IOException {
    String file = file("amqp://fromfile");
    assertThat(run(Map.of("WARREN_BROKER", "amqp://fromenv"), "--broker-file", file))
        .contains("@fromfile:");
    assertThat(run(Map.of("WARREN_BROKER_FILE", file), "--broker", "amqp://typed"))
        .contains("@typed:");
    assertThat(run(Map.of("WARREN_BROKER_FILE", file, "WARREN_BROKER", ""))).contains("@fromfile:");
  }

  @Test
  void two_uris_in_the_same_place_or_none_are_errors() throws IOException {
    String file = file("amqp://fromfile");
    assertThat(run(Map.of(), "--broker", "amqp://h", "--broker-file", file))
        .isEqualTo("some: both --broker and --broker-file are given; give one of them");
    assertThat(run(Map.of("WARREN_BROKER", "amqp://h", "WARREN_BROKER_FILE", file)))
        .isEqualTo("some: both WARREN_BROKER and WARREN_BROKER_FILE are set; set one of them");
    assertThat(run(Map.of()))
        .contains("Missing required option: '--broker=URI' or '--broker-file=FILE'");
  }

  @Test
  void a_file_without_a_uri_is_one_clear_line() throws IOException {
    assertThat(run(Map.of(), "--broker-file", "/nowhere/uri"))
        .isEqualTo("some: --broker-file /nowhere/uri: no such file");
    assertThat(run(Map.of(), "--broker-file", folder.toString()))
        .isEqualTo("some: --broker-file " + folder + " is a folder; it must be a file");
    for (String empty : new String[] {"", "\n", "  \namqp://h"}) {
      String file = file(empty);
      assertThat(run(Map.of(), "--broker-file", file))
          .startsWith("some: --broker-file " + file + " has an empty first line; it must be");
    }
    String wrong = run(Map.of(), "--broker-file", file("amqp://u:s3cr3t/x@h"));
    assertThat(wrong).contains("write '/' and '?' in user or password as").doesNotContain("s3cr3t");
    Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe});
    assertThat(run(Map.of(), "--broker-file", binary.toString()))
        .isEqualTo("some: --broker-file " + binary + " is not UTF-8 text");
  }

  @Test
  void no_error_shows_a_password() {
    for (String[] args :
        new String[][] {
          {"amqp://u:s3cr3t/x@h"},
          {"--brokr", "amqp://u:s3cr3t@h"},
          {"--broker=amqp://u:s3cr3t@h", "http://u:s3cr3t@h"},
          {"--broker", "amqp://u:s3cr3t@h:x"},
        }) {
      assertThat(run(Map.of(), args)).startsWith("some: ").doesNotContain("s3cr3t");
    }
  }

  @Test
  void an_argument_with_a_password_is_noticed() {
    assertThat(Program.showsPassword("--broker=amqp://u:s3cr3t@h")).isTrue();
    assertThat(Program.showsPassword("http://admin:s3cr3t/x@h:15672")).isTrue();
    assertThat(Program.showsPassword("amqp://u@h")).isFalse();
    assertThat(Program.showsPassword("amqp://guest:guest@h")).isFalse();
    assertThat(Program.showsPassword("amqp://h:5672/v")).isFalse();
    assertThat(Program.showsPassword("com.acme.Stats::score")).isFalse();
  }
}
