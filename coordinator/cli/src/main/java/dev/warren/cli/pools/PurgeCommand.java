package dev.warren.cli.pools;

import dev.warren.cli.kit.BrokerOptions;
import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.kit.Logging;
import dev.warren.cli.kit.Prompt;
import dev.warren.cli.kit.Streams;
import dev.warren.cli.kit.Version;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code warren pools purge}: removes a pool's waiting calls. */
@Command(
    name = "purge",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Removes the waiting calls of a pool, after a confirmation. Running calls continue; dead"
          + " calls stay. Callers of removed calls get a lost-call failure within a minute.",
      ""
    },
    footerHeading = "%nExit codes:%n",
    footer = "  0 done, 2 wrong options or not confirmed, 3 broker unreachable or lost.")
final class PurgeCommand implements Callable<Integer> {
  private final Streams streams;

  @Mixin private BrokerOptions options = new BrokerOptions();

  @Option(names = "--yes", description = "do not ask for confirmation")
  private boolean yes;

  PurgeCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws InterruptedException {
    Logging.startWithoutRepeats("warn");
    try (PoolQueues queues = PoolQueues.open(options.uri("pools purge"))) {
      String what =
          queues.waiting() + " messages with waiting calls of pool '" + queues.pool() + "'";
      if (!yes && !Prompt.confirmsDeleting("pools purge", what)) {
        streams.out().println("nothing deleted");
        return ExitCode.USAGE;
      }
      streams
          .out()
          .println(
              queues.purge()
                  + " messages with waiting calls of pool '"
                  + queues.pool()
                  + "' deleted");
      return ExitCode.DONE;
    }
  }
}
