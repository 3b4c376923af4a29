package dev.warren.cli.jobs;

import dev.warren.cli.kit.Version;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code warren jobs}, the parent of its subcommands. */
@Command(
    name = "jobs",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Lists, shows and changes durable jobs, through a coordinator or in the store.",
      "",
      "Jobs come from warren map --job, warren jobs submit and the HTTP API of warren coordinator;"
          + " docs/JOBS.md describes them.",
      ""
    },
    subcommands = {
      ListCommand.class,
      ShowCommand.class,
      ResultsCommand.class,
      ExportCommand.class,
      SubmitCommand.class,
      CancelCommand.class,
      PauseCommand.class,
      ResumeCommand.class,
      RetryCommand.class,
      DeleteCommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  warren jobs list",
      "  warren jobs show nightly",
      "  warren jobs retry nightly --cause 1f0c9a77b2d4 --canary",
      "  warren jobs export nightly --output out.jsonl \\",
      "      --coordinator http://127.0.0.1:8765",
      "",
      "Each option is also read from the environment: --coordinator from WARREN_COORDINATOR.",
      "Exit codes: 0 done, 2 wrong options or no such job, 3 coordinator unreachable."
    })
public final class JobsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(),
        "no command given: list, show, results, export, submit, cancel, pause, resume, retry or"
            + " delete");
  }
}
