package dev.warren.cli.dead;

import static picocli.CommandLine.Help.Visibility.ALWAYS;

import dev.warren.cli.kit.BrokerOptions;
import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.kit.Logging;
import dev.warren.cli.kit.Streams;
import dev.warren.cli.kit.Version;
import dev.warren.dead.DeadLetter;
import dev.warren.dead.DeadQueue;
import dev.warren.lifecycle.TimeSource;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code warren dead list}: lists dead letters. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Lists dead messages, oldest first; changes nothing.",
      "",
      "SPENT is attempts/children lost/hosts lost. Messages being read are hidden from other"
          + " commands that run at the same time.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  warren dead list --pool scores",
      "  warren dead list --pool scores --cause child_lost --newer-than 1h --limit 0",
      "  warren dead list --pool scores --json --limit 0 |",
      "      jq -r .function | sort | uniq -c",
      "",
      "Exit codes: 0 done, 2 wrong options, 3 broker unreachable, 130 interrupted."
    })
final class ListCommand implements Callable<Integer> {
  private final Streams streams;

  @Mixin private BrokerOptions options = new BrokerOptions();

  @Mixin private DeadFilter filter = new DeadFilter();

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "maximum number of messages; 0 for all",
      showDefaultValue = ALWAYS)
  private int limit = 50;

  @Option(names = "--json", description = "one JSON object per line")
  private boolean json;

  private long shown;

  ListCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws InterruptedException {
    Logging.startWithoutRepeats("warn");
    filter.check();
    if (limit < 0) {
      throw CommandFailure.usage("--limit is " + limit + "; must be at least 0");
    }
    PrintStream out = streams.out();
    DeadTable table = new DeadTable(out);
    long now = TimeSource.SYSTEM.epochMillis();
    try (DeadQueue queue = DeadCommandQueue.open(options.uri("dead list"), streams.err())) {
      long there = queue.browse((letter, remove) -> show(letter, now, table, out));
      table.flush();
      out.flush();
      if (queue.isInterrupted()) {
        return ExitCode.INTERRUPTED;
      }
      if (out.checkError()) {
        return ExitCode.BROKEN_PIPE;
      }
      if (!json) {
        streams.err().println(summary(there, queue.ended(), queue.names().dead()));
      }
      return ExitCode.DONE;
    }
  }

  private boolean show(DeadLetter letter, long now, DeadTable table, PrintStream out) {
    if (!filter.matches(letter, now)) {
      return true;
    }
    if (limit > 0 && shown == limit) {
      return false; // stops at the first message beyond the limit: there are more
    }
    shown++;
    if (json) {
      out.println(DeadJson.line(letter));
    } else {
      table.add(letter, now);
    }
    return !out.checkError(); // the reader may have closed the pipe, as head does
  }

  private String summary(long there, boolean ended, String queue) {
    if (there == 0) {
      return queue + " is empty";
    }
    String messages = there == 1 ? " message" : " messages";
    return shown
        + " of "
        + there
        + messages
        + " in "
        + queue
        + (ended ? "" : "; there are more: --limit 0 shows all");
  }
}
