package dev.warren.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.testkit.RepositoryFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The size of packages and files, so that a newcomer can take each in at a glance. */
class LayoutTest {
  private static final int MAX_FILES = 20;
  private static final int MAX_LINES = 400;

  /** Packages that are larger, each with its reason. */
  private static final Map<String, String> LARGE_PACKAGES =
      Map.of(
          "coordinator/pool/src/main/java/dev/warren/pool",
          "the public API and the classes that implement it, which only it may construct");

  /** Files that are longer, each with its reason. */
  private static final Map<String, String> LONG_FILES =
      Map.ofEntries(
          Map.entry("Pool.java", "the public API with its documentation"),
          Map.entry("RabbitConsumer.java", "one lock guards a consumer's whole life"),
          Map.entry("RabbitPublisher.java", "one thread owns the publishing channel"),
          Map.entry("MemoryQueue.java", "one lock guards a queue"),
          Map.entry("CallQueue.java", "one lock guards the queue and the current call"));

  @Test
  void a_package_has_at_most_20_files() {
    Map<String, Long> large =
        sources()
            .collect(Collectors.groupingBy(LayoutTest::folder, TreeMap::new, Collectors.counting()))
            .entrySet()
            .stream()
            .filter(entry -> entry.getValue() > MAX_FILES)
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    assertThat(large.keySet()).as("%s", large).isEqualTo(LARGE_PACKAGES.keySet());
  }

  @Test
  void a_file_has_at_most_400_lines() {
    Map<String, Integer> length =
        sources()
            .collect(
                Collectors.toMap(
                    file -> file.getFileName().toString(), LayoutTest::lines, Math::max));
    length.values().removeIf(lines -> lines <= MAX_LINES);
    assertThat(length.keySet()).as("%s", length).isEqualTo(LONG_FILES.keySet());
  }

  @Test
  void every_package_says_what_it_is_for_and_names_its_door() {
    for (Path folder : sources().map(Path::getParent).distinct().toList()) {
      assertThat(folder.resolve("package-info.java")).exists();
      assertThat(RepositoryTexts.read(folder.resolve("package-info.java")))
          .as("%s", folder)
          .contains("Door")
          .containsPattern("@Null(M|Unm)arked");
    }
  }

  private static String folder(Path file) {
    return RepositoryFiles.top().relativize(file.getParent()).toString();
  }

  /** The sources of Warren's modules, without tests and examples. */
  private static Stream<Path> sources() {
    Path examples = RepositoryFiles.top().resolve("examples");
    List<Path> found =
        RepositoryTexts.sources().stream()
            .filter(file -> file.toString().contains("/src/main/java/dev/warren/"))
            .filter(file -> !file.startsWith(examples))
            .toList();
    assertThat(found).hasSizeGreaterThan(300);
    return found.stream();
  }

  private static int lines(Path file) {
    return (int) RepositoryTexts.read(file).lines().count();
  }
}
