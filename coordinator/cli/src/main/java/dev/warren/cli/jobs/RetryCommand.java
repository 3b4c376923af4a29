package dev.warren.cli.jobs;

import dev.warren.cli.kit.Streams;
import dev.warren.cli.kit.Version;
import dev.warren.cli.options.CoordinatorOptions;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code warren jobs retry}: runs calls without a value again. */
@Command(
    name = "retry",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Runs calls of an ended job that have no value again, in a new round. Does not wait for them;"
          + " without a coordinator, the next one runs them.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  warren jobs retry nightly",
      "  warren jobs retry nightly --cause 1f0c9a77b2d4 --canary"
    })
final class RetryCommand implements Callable<Integer> {
  private final Streams streams;

  @Parameters(paramLabel = "NAME", description = "name of the job")
  private String name = "";

  @Option(
      names = "--cause",
      paramLabel = "CAUSE",
      description = "only calls that failed with this cause, as shown by warren jobs show")
  private @Nullable String cause;

  @Option(names = "--canary", description = "only the first of them")
  private boolean canary;

  @Mixin private CoordinatorOptions options = new CoordinatorOptions();

  RetryCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    return Asking.run(options, streams, access -> access.retry(name, cause, canary));
  }
}
