package dev.warren.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReadmeTest {
  private static final Path TOP = Path.of("..");

  @Test
  void the_java_example_is_the_one_that_is_compiled_and_run() throws IOException {
    String source =
        Files.readString(
            Path.of("src", "main", "java", "dev", "warren", "examples", "Primes.java"));
    String shown = source.substring(source.indexOf("import "));
    assertThat(Files.readString(TOP.resolve("README.md"))).contains("```java\n" + shown + "```");
  }

  @Test
  void the_test_in_the_page_on_testing_is_run() throws IOException {
    String source =
        Files.readString(
            Path.of("src", "test", "java", "dev", "warren", "examples", "PrimesFaultsIT.java"));
    String shown = source.substring(source.indexOf("class "));
    assertThat(Files.readString(TOP.resolve("docs/TESTING.md")))
        .contains("```java\n" + shown + "```");
  }

  @Test
  void every_file_it_names_is_there() throws IOException {
    Matcher links =
        Pattern.compile("\\]\\(([^)#:]+)\\)").matcher(Files.readString(TOP.resolve("README.md")));
    assertThat(links.results().map(link -> link.group(1)))
        .isNotEmpty()
        .allSatisfy(file -> assertThat(TOP.resolve(file)).exists());
  }
}
