package dev.warren.cli.jobs;

import dev.warren.cli.kit.Streams;
import dev.warren.cli.kit.Version;
import dev.warren.cli.options.CoordinatorOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code warren jobs pause}. */
@Command(
    name = "pause",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Pauses a job: no further calls are published, those published go on. Does not wait for it.",
      ""
    })
final class PauseCommand implements Callable<Integer> {
  private final Streams streams;

  @Parameters(paramLabel = "NAME", description = "name of the job")
  private String name = "";

  @Mixin private CoordinatorOptions options = new CoordinatorOptions();

  PauseCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    return Asking.run(options, streams, access -> access.ask(name, JobsAccess.Ask.PAUSE));
  }
}
