package dev.warren.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The scenarios and tests that docs/ELSEWHERE.md names exist. */
class ElsewherePageTest {
  private static final Path TOP = Path.of("../..");

  private static final List<String> MODULES =
      List.of("common", "common/testkit", "worker", "coordinator/pool", "coordinator/cli");

  private static Stream<MatchResult> found(String pattern) throws IOException {
    String page = Files.readString(TOP.resolve("docs/ELSEWHERE.md"));
    return Pattern.compile(pattern).matcher(page).results();
  }

  @Test
  void every_scenario_that_the_page_names_exists() throws IOException {
    List<String> names = Scenarios.all().stream().map(Scenario::name).toList();
    assertThat(found("“([^”]+)”").map(match -> match.group(1)).distinct())
        .hasSizeGreaterThan(25)
        .isSubsetOf(names);
  }

  @Test
  void every_test_that_the_page_names_exists() throws IOException {
    List<MatchResult> named = found("`([A-Z]\\w+)\\.([a-z]\\w+)`").toList();
    assertThat(named).hasSizeGreaterThan(25);
    for (MatchResult test : named) {
      assertThat(source(test.group(1))).contains("void " + test.group(2) + "(");
    }
  }

  private static String source(String test) throws IOException {
    for (String module : MODULES) {
      try (Stream<Path> files = Files.walk(TOP.resolve(module).resolve("src/test/java"))) {
        for (Path file : files.filter(path -> path.endsWith(test + ".java")).toList()) {
          return Files.readString(file);
        }
      }
    }
    throw new AssertionError("no test class " + test);
  }
}
