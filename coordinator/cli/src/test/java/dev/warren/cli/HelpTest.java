package dev.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.cli.kit.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The help of every command, as a terminal of 80 columns shows it. */
class HelpTest {
  private static final int COLUMNS = 80;

  private static List<CommandLine> commands(CommandLine of) {
    List<CommandLine> all = new ArrayList<>(List.of(of));
    of.getSubcommands().values().forEach(sub -> all.addAll(commands(sub)));
    return all;
  }

  @Test
  void examples_are_not_wrapped_so_that_they_can_be_pasted() {
    for (CommandLine command : commands(Program.of(new WarrenMain(), Map.of()))) {
      for (String line : command.getCommandSpec().usageMessage().footer()) {
        if (line.startsWith("  ")) {
          assertThat(line).as(command.getCommandName()).hasSizeLessThan(COLUMNS);
        }
      }
    }
  }

  @Test
  void no_line_is_wider_than_the_terminal() {
    for (CommandLine command : commands(Program.of(new WarrenMain(), Map.of()))) {
      command.setUsageHelpAutoWidth(false).setUsageHelpWidth(COLUMNS);
      assertThat(command.getUsageMessage().lines())
          .as(command.getCommandName())
          .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(COLUMNS));
    }
  }
}
