package dev.warren.cli.jobs;

import static picocli.CommandLine.Help.Visibility.ALWAYS;

import dev.warren.cli.kit.CommandFailure;
import dev.warren.service.api.ResultStream;
import picocli.CommandLine.Option;

/** The options that select outcomes of a job. */
final class OutcomeOptions {
  @Option(
      names = "--from",
      paramLabel = "INDEX",
      description = "index of the first call",
      showDefaultValue = ALWAYS)
  private long from;

  @Option(names = "--only-failed", description = "leave out the values")
  private boolean onlyFailed;

  @Option(
      names = "--verbose-errors",
      description = "write all evidence of a failure: host, process, stack, last output")
  private boolean verboseErrors;

  ResultStream.Wanted wanted(boolean waits) {
    if (from < 0) {
      throw CommandFailure.usage("--from is " + from + "; must be at least 0");
    }
    return new ResultStream.Wanted(from, onlyFailed, waits, verboseErrors);
  }
}
