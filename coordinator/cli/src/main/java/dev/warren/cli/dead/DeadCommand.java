package dev.warren.cli.dead;

import dev.warren.cli.kit.Version;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code warren dead}, the parent of its subcommands. */
@Command(
    name = "dead",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Shows the messages of a pool's dead-letter queue, runs them again, or deletes them.",
      "",
      "It holds calls that have used up their attempts or lost too many children or hosts, with"
          + " their evidence, and messages that are not tasks. Owners have already received the"
          + " failures; messages stay there until they are removed here.",
      ""
    },
    subcommands = {ListCommand.class, ShowCommand.class, RedriveCommand.class, DropCommand.class},
    footerHeading = "%nExamples:%n",
    footer = {
      "  warren dead list --broker-file broker.uri --pool scores",
      "  warren dead show --broker-file broker.uri --pool scores 5f0c2a",
      "  warren dead redrive --pool scores --cause child_lost --newer-than 2h",
      "  warren dead drop --pool scores --fn 'com.acme.Old::*' --older-than 30d --yes",
      "",
      "Each option is also read from the environment: --broker from WARREN_BROKER."
    })
public final class DeadCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "no command given: list, show, redrive or drop");
  }
}
