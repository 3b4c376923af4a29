package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an application gets with the one dependency on warren-pool; Maven writes the list. */
class DependenciesTest {
  private static final String ALLOWED =
      ".*/(amqp-client|slf4j-api|jackson-(core|databind|annotations)|resilience4j-core|jspecify"
          + "|error_prone_annotations|warren-(common|worker))-[^/]*\\.jar"
          + "|.*/(common|worker)/target/classes";

  @Test
  void an_application_gets_at_most_twelve_jars_and_none_of_a_command_line_http_or_sql()
      throws IOException {
    String classPath = Files.readString(Path.of("target/runtime.classpath"));
    List<String> others = List.of(classPath.strip().split(File.pathSeparator, -1));
    assertThat(others.size() + 1).as(classPath).isLessThanOrEqualTo(12);
    assertThat(others).allMatch(entry -> entry.matches(ALLOWED));
  }
}
