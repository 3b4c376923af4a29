package dev.warren.worker.supervise.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.worker.child.ChildMain;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class ClassDataArchiveIT {
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
  private static final List<String> OPTIONS = List.of("-XX:+UseSerialGC", "-XX:-UsePerfData");

  @TempDir private Path folder;

  @Test
  void the_first_start_makes_an_archive_and_later_ones_use_it() throws Exception {
    Path cache = folder.resolve("cache");
    assertThat(archive(cache).jvmOptions()).isEmpty();
    ClassDataArchive second = archive(cache);
    await().atMost(Duration.ofMinutes(3)).until(() -> !second.jvmOptions().isEmpty());
    assertThat(Files.getPosixFilePermissions(cache))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));

    List<String> options = second.jvmOptions();
    assertThat(childStart(options, "-Xlog:class+load:stdout"))
        .containsPattern("worker.child.ChildMain source: shared objects file \\(top\\)");

    await().until(() -> files(cache).size() == 1);
    Path file = files(cache).get(0);
    Files.delete(file);
    Files.writeString(file, "no archive at all");
    assertThat(childStart(options))
        .isEqualTo("a worker starts its children itself: try" + " 'warren worker --help'\n");
  }

  @Test
  void a_folder_that_others_can_only_read_is_used() throws Exception {
    Path readable = Files.createDirectory(folder.resolve("readable"));
    Files.setPosixFilePermissions(readable, PosixFilePermissions.fromString("rwxr-xr-x"));
    ClassDataArchive archive = archive(readable);
    assertThat(archive.jvmOptions()).isEmpty();
    await().atMost(Duration.ofMinutes(3)).until(() -> !archive.jvmOptions().isEmpty());
    await().until(() -> files(readable).size() == 1);
  }

  private static ClassDataArchive archive(Path cache) {
    return ClassDataArchive.in(cache, JAVA, OPTIONS, jars());
  }

  private static List<Path> files(Path cache) throws IOException {
    try (var files = Files.list(cache)) {
      return files.toList();
    }
  }

  /** Starts a child without a link, which fails at once; returns its output. */
  private static String childStart(List<String> archive, String... more) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(JAVA.toString());
    command.addAll(OPTIONS);
    command.addAll(archive);
    command.addAll(Arrays.asList(more));
    command.add("-cp");
    command.add(
        jars().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
    command.add(ChildMain.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isEqualTo(2);
    return output;
  }

  /** The jars of a child, from this test's own class path. */
  private static List<Path> jars() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> entry.matches(".*/(warren-|jackson-)[^/]*\\.jar"))
        .filter(entry -> !entry.endsWith("-tests.jar"))
        .map(Path::of)
        .toList();
  }
}
