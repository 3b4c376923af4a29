package dev.warren.cli.jobs;

import dev.warren.cli.kit.Streams;
import dev.warren.cli.kit.Version;
import dev.warren.cli.options.CoordinatorOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code warren jobs cancel}. */
@Command(
    name = "cancel",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Cancels a job: values that still arrive are kept, all other calls end as cancelled. Does not wait for it.",
      ""
    })
final class CancelCommand implements Callable<Integer> {
  private final Streams streams;

  @Parameters(paramLabel = "NAME", description = "name of the job")
  private String name = "";

  @Mixin private CoordinatorOptions options = new CoordinatorOptions();

  CancelCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    return Asking.run(options, streams, access -> access.ask(name, JobsAccess.Ask.CANCEL));
  }
}
