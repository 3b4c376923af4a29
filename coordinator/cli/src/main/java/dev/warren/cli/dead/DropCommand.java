package dev.warren.cli.dead;

import dev.warren.broker.BrokerException;
import dev.warren.cli.kit.BrokerOptions;
import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.kit.Logging;
import dev.warren.cli.kit.Prompt;
import dev.warren.cli.kit.Streams;
import dev.warren.cli.kit.Version;
import dev.warren.dead.DeadLetter;
import dev.warren.dead.DeadQueue;
import dev.warren.lifecycle.TimeSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code warren dead drop}: deletes dead letters. */
@Command(
    name = "drop",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Permanently deletes dead messages, oldest first, after a confirmation. Messages that do not"
          + " match stay, in their order.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  warren dead drop --pool scores --older-than 30d",
      "  warren dead drop --pool scores --cause rejected --yes",
      "",
      "Exit codes: 0 done, 2 wrong options or not confirmed, 3 broker unreachable or lost, 130"
          + " interrupted."
    })
final class DropCommand implements Callable<Integer> {
  private final Streams streams;

  @Mixin private BrokerOptions options = new BrokerOptions();

  @Mixin private DeadFilter filter = new DeadFilter();

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "maximum number of messages; default: all")
  private int limit;

  @Option(names = "--yes", description = "do not ask for confirmation")
  private boolean yes;

  private long dropped;

  DropCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws InterruptedException {
    Logging.startWithoutRepeats("warn");
    filter.check();
    if (limit < 0) {
      throw CommandFailure.usage("--limit is " + limit + "; must be at least 0");
    }
    long now = TimeSource.SYSTEM.epochMillis();
    try (DeadQueue queue = DeadCommandQueue.open(options.uri("dead drop"), streams.err())) {
      if (!yes && !confirmed(queue, now)) {
        return queue.isInterrupted() ? ExitCode.INTERRUPTED : ExitCode.USAGE;
      }
      try {
        queue.browse((letter, remove) -> visit(letter, remove, now));
      } catch (BrokerException e) {
        throw new CommandFailure(ExitCode.BROKER, dropped + " dropped, then: " + e.getMessage(), e);
      }
      streams
          .out()
          .println(
              dropped
                  + " dropped from "
                  + queue.names().dead()
                  + (queue.isInterrupted() ? "; interrupted" : ""));
      return queue.isInterrupted() ? ExitCode.INTERRUPTED : ExitCode.DONE;
    }
  }

  private boolean confirmed(DeadQueue queue, long now) throws InterruptedException {
    long matching = queue.count(letter -> filter.matches(letter, now));
    if (queue.isInterrupted()) {
      return false;
    }
    long meant = limit == 0 ? matching : Math.min(limit, matching);
    String what = meant + " of the messages in " + queue.names().dead() + " (" + filter + ")";
    boolean sure = Prompt.confirmsDeleting("dead drop", what);
    if (!sure) {
      streams.out().println("nothing dropped");
    }
    return sure;
  }

  private boolean visit(DeadLetter letter, Runnable remove, long now) {
    if (filter.matches(letter, now)) {
      remove.run();
      dropped++;
    }
    return limit == 0 || dropped < limit;
  }
}
