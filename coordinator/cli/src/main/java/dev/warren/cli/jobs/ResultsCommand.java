package dev.warren.cli.jobs;

import dev.warren.cli.kit.Console;
import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.kit.Logging;
import dev.warren.cli.kit.Version;
import dev.warren.cli.options.CoordinatorOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code warren jobs results}: writes outcomes to standard output. */
@Command(
    name = "results",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Writes the outcomes of a job in the order of its input, as warren map does; waits for those"
          + " that are missing.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  warren jobs results nightly | jq .value",
      "  warren jobs results nightly --no-wait --only-failed"
    })
final class ResultsCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "name of the job")
  private String name = "";

  @Mixin private CoordinatorOptions options = new CoordinatorOptions();

  @Mixin private OutcomeOptions outcomes = new OutcomeOptions();

  @Option(names = "--no-wait", description = "stop before the first call that has not ended")
  private boolean noWait;

  @Override
  public Integer call() throws InterruptedException {
    Logging.startWithoutRepeats("warn");
    try (JobsAccess access = JobsAccess.open(options);
        OutputStream out = Console.out()) {
      access.results(name, outcomes.wanted(!noWait), out);
      return ExitCode.DONE;
    } catch (IOException e) {
      return ExitCode.BROKEN_PIPE; // the reader has closed the pipe, as head does
    }
  }
}
