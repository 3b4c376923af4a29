package dev.warren.cli.pools;

import dev.warren.cli.kit.Version;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code warren pools}, the parent of its subcommands. */
@Command(
    name = "pools",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Lists the pools of a broker, purges a pool, or deletes a pool with its queues.",
      "",
      "A pool's queues remain when its workers and callers are gone, because calls may wait in"
          + " them; delete unused pools here.",
      ""
    },
    subcommands = {ListCommand.class, PurgeCommand.class, DropCommand.class},
    footerHeading = "%nExamples:%n",
    footer = {
      "  warren pools list --broker-file broker.uri --management http://rabbit:15672",
      "  warren pools purge --broker-file broker.uri --pool scores",
      "  warren pools drop --broker-file broker.uri --pool scores --yes",
      "",
      "Each option is also read from the environment: --broker from WARREN_BROKER."
    })
public final class PoolsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "no command given: list, purge or drop");
  }
}
