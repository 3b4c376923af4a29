package dev.warren.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each command in docs/OPERATIONS.md that reproduces an incident selects exactly one scenario. */
class OperationsPageTest {
  private static final Pattern COMMAND = Pattern.compile("\\./verify --chaos '([^']+)'");

  @Test
  void every_incident_names_one_scenario_that_reproduces_it() throws IOException {
    String page = Files.readString(Path.of("../../docs/OPERATIONS.md"));
    List<String> commands = COMMAND.matcher(page).results().map(match -> match.group(1)).toList();
    assertThat(commands).hasSizeGreaterThanOrEqualTo(10).doesNotHaveDuplicates();
    for (String words : commands) {
      assertThat(Scenarios.named(words)).as("scenarios named '%s'", words).hasSize(1);
    }
  }
}
