package dev.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code mvn package} makes, as a user installs it: without the sources and without Maven. */
class DistributionIT {
  private static final String MAP =
      "echo 5 | %s map --no-progress --processes 1 --fn java.lang.Integer::toBinaryString";
  private static final String ANSWER = "{\"index\":0,\"value\":\"101\"}\n";

  @TempDir private static Path folder;
  private static Path home = Path.of("");

  private record Ran(int exit, String out) {}

  @BeforeAll
  static void unpack() throws Exception {
    assertThat(shell("tar xzf " + made(".tar.gz") + " -C " + folder).exit()).isZero();
    try (Stream<Path> unpacked = Files.list(folder)) {
      home = unpacked.filter(Files::isDirectory).findFirst().orElseThrow();
    }
  }

  private static Path made(String suffix) throws IOException {
    try (Stream<Path> files = Files.list(Path.of("target").toAbsolutePath())) {
      return files
          .filter(file -> file.getFileName().toString().matches("warren-\\d.*" + suffix))
          .findFirst()
          .orElseThrow();
    }
  }

  /**
   * Runs a line of shell without Maven in its PATH; returns its output, stderr included. Without a
   * cache folder it makes no class-data archives, which would take seconds; StartsIT tests those.
   */
  private static Ran shell(String line) throws IOException, InterruptedException {
    return shell(line, "/proc/none");
  }

  private static Ran shell(String line, String cache) throws IOException, InterruptedException {
    Path java = Path.of(System.getProperty("java.home"));
    Path out = Files.createTempFile(folder, "out", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", line)
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    builder.environment().put("JAVA_HOME", java.toString());
    builder.environment().put("PATH", "/usr/bin:/bin");
    builder.environment().put("XDG_CACHE_HOME", cache);
    builder.environment().put("WARREN_JVM_OPTIONS", "-XX:TieredStopAtLevel=1");
    Process process = builder.start();
    assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
    return new Ran(process.exitValue(), Files.readString(out));
  }

  private static Map<String, String> snapshot(Path of) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(of)) {
      for (Path file : (Iterable<Path>) all::iterator) {
        files.put(file.toString(), Files.size(file) + " " + Files.getLastModifiedTime(file));
      }
    }
    return files;
  }

  @Test
  void an_installed_script_builds_and_deletes_nothing() throws Exception {
    Map<String, String> before = snapshot(home);
    assertThat(shell(MAP.formatted(home + "/bin/warren"))).isEqualTo(new Ran(0, ANSWER));
    assertThat(snapshot(home)).isEqualTo(before);
    assertThat(before.keySet().stream().map(file -> file.substring(home.toString().length())))
        .contains("/completion/warren.bash", "/completion/_warren", "/LICENSE", "/README.md")
        .contains("/systemd/warren-worker.service");
  }

  @Test
  void a_copy_of_the_script_needs_only_the_jars_beside_it() throws Exception {
    Path copy = Files.createDirectory(folder.resolve("copy"));
    Files.copy(home.resolve("bin/warren"), copy.resolve("warren"));
    Ran without = shell("sh " + copy + "/warren --version");
    assertThat(without.exit()).isEqualTo(2);
    assertThat(without.out()).contains("no jars of Warren").hasLineCount(1);
    Files.createSymbolicLink(copy.resolve("lib"), home.resolve("lib"));
    Map<String, String> before = snapshot(copy);
    assertThat(shell("sh " + copy + "/warren --version").exit()).isZero();
    assertThat(snapshot(copy)).isEqualTo(before);
  }

  @Test
  void the_single_jar_runs_a_map_and_unpacks_its_jars_once() throws Exception {
    String jar = "$JAVA_HOME/bin/java -XX:TieredStopAtLevel=1 -jar " + made("\\.jar");
    String cache = folder.resolve("cache").toString();
    assertThat(shell(MAP.formatted(jar), cache)).isEqualTo(new Ran(0, ANSWER));
    assertThat(shell(jar + " --version", cache).exit()).isZero();
    assertThat(shell("ls -d " + cache + "/warren/*jars* | wc -l").out().strip()).isEqualTo("1");
  }

  @Test
  void bash_completes_commands_and_options() throws Exception {
    String line =
        "source %s/completion/warren.bash; COMP_WORDS=(%s); COMP_CWORD=%d;"
            + " _complete_warren 2>/dev/null;"
            + " echo ${COMPREPLY[*]}";
    List<String> seen = new ArrayList<>();
    seen.add(shell(line.formatted(home, "warren ma", 1)).out().strip());
    seen.add(shell(line.formatted(home, "warren map --joblo", 2)).out().strip());
    assertThat(seen).containsExactly("map", "--joblog");
    assertThat(Files.readString(home.resolve("completion/_warren"), StandardCharsets.UTF_8))
        .startsWith("#compdef warren\n");
  }
}
