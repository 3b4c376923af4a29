package dev.warren.cli.jobs;

import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.kit.Logging;
import dev.warren.cli.kit.Prompt;
import dev.warren.cli.kit.Streams;
import dev.warren.cli.kit.Version;
import dev.warren.cli.options.CoordinatorOptions;
import dev.warren.service.api.JobView;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code warren jobs delete}: deletes the input and the outcomes of a job. */
@Command(
    name = "delete",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Deletes the input and the outcomes of an ended job, after a confirmation. A record of what it"
          + " was remains.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = "  warren jobs delete nightly --yes")
final class DeleteCommand implements Callable<Integer> {
  private final Streams streams;

  @Parameters(paramLabel = "NAME", description = "name of the job")
  private String name = "";

  @Option(names = "--yes", description = "do not ask for confirmation")
  private boolean yes;

  @Mixin private CoordinatorOptions options = new CoordinatorOptions();

  DeleteCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    Logging.startWithoutRepeats("warn");
    try (JobsAccess access = JobsAccess.open(options)) {
      JobView job = access.show(name);
      String what = "job " + job.name() + " with the outcomes of " + job.done() + " calls";
      if (!yes && !Prompt.confirmsDeleting("jobs delete", what)) {
        streams.out().println("nothing deleted");
        return ExitCode.USAGE;
      }
      access.delete(name);
      streams.out().println(what + " deleted");
      return ExitCode.DONE;
    }
  }
}
