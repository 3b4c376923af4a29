package dev.warren.cli.watch;

import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.kit.Logging;
import dev.warren.cli.kit.Streams;
import dev.warren.cli.kit.Version;
import dev.warren.json.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code warren status}: what a pool does now, once. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Prints what a pool does now: one sentence, its workers, its jobs.",
      "",
      "Without a coordinator the workers' reports are read from the broker, and jobs are not known.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  warren status --coordinator http://127.0.0.1:8765",
      "  warren status --broker amqp://user:password@host/ --pool scores",
      "",
      "Exit codes: 0 done, 2 wrong options, 3 broker or coordinator unreachable."
    })
public final class StatusCommand implements Callable<Integer> {
  private final Streams streams;

  @Mixin private SourceOptions source = new SourceOptions();

  @Option(names = "--json", description = "print the state as one JSON object")
  private boolean json;

  public StatusCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws InterruptedException {
    Logging.startWithoutRepeats("warn");
    try (PoolSource pool = source.open("warren status")) {
      Snapshot now = pool.next();
      if (json) {
        streams.out().println(Json.write(now).text());
      } else {
        print(now, streams.out());
      }
      return ExitCode.DONE;
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.BROKER, String.valueOf(e.getMessage()), e);
    }
  }

  static void print(Snapshot now, PrintStream out) {
    out.println(now.sentence());
    if (!now.workers().isEmpty()) {
      out.println();
      Tables.workers(now.workers()).forEach(out::println);
    }
    if (!now.jobs().isEmpty()) {
      out.println();
      Tables.jobs(now.jobs()).forEach(out::println);
    }
  }
}
