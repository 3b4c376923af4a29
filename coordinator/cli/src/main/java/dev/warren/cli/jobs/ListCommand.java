package dev.warren.cli.jobs;

import static picocli.CommandLine.Help.Visibility.ALWAYS;

import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.kit.Logging;
import dev.warren.cli.kit.PoolOptions;
import dev.warren.cli.kit.Streams;
import dev.warren.cli.kit.Version;
import dev.warren.cli.options.CoordinatorOptions;
import dev.warren.json.Json;
import dev.warren.lifecycle.TimeSource;
import dev.warren.service.api.JobView;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code warren jobs list}: lists jobs. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Lists jobs, newest first. FAILED counts calls without a value, cancelled ones included.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  warren jobs list",
      "  warren jobs list --all --json | jq -r 'select(.failed > 0) | .name'"
    })
final class ListCommand implements Callable<Integer> {
  private final Streams streams;

  @Mixin private CoordinatorOptions options = new CoordinatorOptions();

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "maximum number of jobs",
      showDefaultValue = ALWAYS)
  private int limit = 50;

  @Option(names = "--all", description = "also deleted jobs")
  private boolean all;

  @Option(names = "--json", description = "one JSON object per line")
  private boolean json;

  ListCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    Logging.startWithoutRepeats("warn");
    PoolOptions.positive("--limit", limit);
    try (JobsAccess access = JobsAccess.open(options)) {
      List<JobView> jobs =
          access.list(limit).stream().filter(job -> all || !job.state().equals("deleted")).toList();
      if (json) {
        jobs.forEach(job -> streams.out().println(Json.write(job).text()));
      } else {
        JobTable.print(jobs, TimeSource.SYSTEM.epochMillis(), streams.out());
      }
      return streams.out().checkError() ? ExitCode.BROKEN_PIPE : ExitCode.DONE;
    }
  }
}
