package dev.warren.cli;

import dev.warren.cli.coordinator.CoordinatorCommand;
import dev.warren.cli.dead.DeadCommand;
import dev.warren.cli.demo.DemoCommand;
import dev.warren.cli.doctor.DoctorCommand;
import dev.warren.cli.explain.ExplainCommand;
import dev.warren.cli.jobs.JobsCommand;
import dev.warren.cli.kit.Program;
import dev.warren.cli.kit.Version;
import dev.warren.cli.map.MapCommand;
import dev.warren.cli.pools.PoolsCommand;
import dev.warren.cli.watch.StatusCommand;
import dev.warren.cli.watch.TopCommand;
import dev.warren.cli.worker.WorkerCommand;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program {@code warren}. */
@Command(
    name = "warren",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Runs functions in child processes, on this machine or on every host that has joined a pool"
          + " over RabbitMQ.",
      ""
    },
    subcommands = {
      MapCommand.class,
      WorkerCommand.class,
      CoordinatorCommand.class,
      JobsCommand.class,
      StatusCommand.class,
      TopCommand.class,
      ExplainCommand.class,
      DemoCommand.class,
      DeadCommand.class,
      PoolsCommand.class,
      FunctionsCommand.class,
      DoctorCommand.class,
      CompletionCommand.class,
      HelpCommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  warren demo",
      "  warren map --app stats.jar --fn com.acme.Stats::score --input in.jsonl",
      "  warren worker --broker-file broker.uri --app stats.jar",
      "",
      "Each option is also read from the environment, --max-attempts from"
          + " WARREN_MAX_ATTEMPTS, and from a file: warren map @map.options.",
      "Exit codes: 0 done, 1 some calls failed, 2 wrong options or input, 3 broker unreachable,"
          + " 130 interrupted."
    })
public final class WarrenMain implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  public static void main(String[] args) {
    System.exit(Program.run(new WarrenMain(), args));
  }

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(),
        "no command given: map, worker, coordinator, jobs, status, top, explain, demo, dead, pools, functions, doctor or completion");
  }
}
