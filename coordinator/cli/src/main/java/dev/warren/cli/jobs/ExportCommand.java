package dev.warren.cli.jobs;

import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.kit.Logging;
import dev.warren.cli.kit.Version;
import dev.warren.cli.options.CoordinatorOptions;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code warren jobs export}: writes all outcomes to a file, which is complete or not there. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Writes all outcomes of a job to a file, once there are all of them. The file appears when it"
          + " is complete; until then it is named FILE.part.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = "  warren jobs export nightly --output out.jsonl")
final class ExportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "name of the job")
  private String name = "";

  @Option(names = "--output", paramLabel = "FILE", required = true, description = "the file")
  private Path output = Path.of("");

  @Option(names = "--force", description = "replace an existing file")
  private boolean force;

  @Mixin private CoordinatorOptions options = new CoordinatorOptions();

  @Mixin private OutcomeOptions outcomes = new OutcomeOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Logging.startWithoutRepeats("warn");
    if (Files.exists(output) && !force) {
      throw CommandFailure.usage("--output " + output + " exists; add --force to replace it");
    }
    Path part = Path.of(output + ".part");
    try (JobsAccess access = JobsAccess.open(options)) {
      access.show(name); // before there is a file
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), 1 << 16)) {
        access.results(name, outcomes.wanted(true), out);
      }
    }
    Files.move(part, output, StandardCopyOption.REPLACE_EXISTING);
    return ExitCode.DONE;
  }
}
