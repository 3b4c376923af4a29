package dev.warren.cli.pools;

import dev.warren.cli.kit.BrokerOptions;
import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.kit.Logging;
import dev.warren.cli.kit.Prompt;
import dev.warren.cli.kit.Streams;
import dev.warren.cli.kit.Version;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code warren pools drop}: deletes a pool's queues and exchanges. */
@Command(
    name = "drop",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Deletes a pool's queues and exchanges with all messages, dead calls included, after a"
          + " confirmation. A pool that workers serve is not deleted.",
      ""
    },
    footerHeading = "%nExit codes:%n",
    footer = {
      "  0 done, 2 wrong options, not confirmed or still served, 3 broker unreachable",
      "",
      "Queues of callers and of lost workers (warren.results.*, warren.<pool>.lease.*) expire by"
          + " themselves within 5 minutes and an hour."
    })
final class DropCommand implements Callable<Integer> {
  private final Streams streams;

  @Mixin private BrokerOptions options = new BrokerOptions();

  @Option(names = "--yes", description = "do not ask for confirmation")
  private boolean yes;

  DropCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws InterruptedException {
    Logging.startWithoutRepeats("warn");
    try (PoolQueues queues = PoolQueues.open(options.uri("pools drop"))) {
      String pool = "pool '" + queues.pool() + "'";
      int workers = queues.workers();
      if (workers > 0) {
        throw CommandFailure.usage(
            pool + " has workers (" + workers + "); stop them before you drop it");
      }
      String what =
          pool
              + " with "
              + queues.waiting()
              + " messages of waiting and "
              + queues.dead()
              + " of dead calls";
      if (!yes && !Prompt.confirmsDeleting("pools drop", what)) {
        streams.out().println("nothing deleted");
        return ExitCode.USAGE;
      }
      queues.drop();
      streams.out().println(what + " deleted");
      return ExitCode.DONE;
    }
  }
}
