package dev.warren.cli.jobs;

import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.kit.Logging;
import dev.warren.cli.kit.Streams;
import dev.warren.cli.kit.Version;
import dev.warren.cli.options.CoordinatorOptions;
import dev.warren.json.Json;
import dev.warren.lifecycle.Printable;
import dev.warren.service.api.CauseView;
import dev.warren.service.api.JobView;
import dev.warren.task.Bounds;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code warren jobs show}: shows one job and the causes of its failures. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {"Shows a job and the causes of its failures, most frequent first.", ""})
final class ShowCommand implements Callable<Integer> {
  private static final int LONGEST_TITLE = 90;

  private final Streams streams;

  @Parameters(paramLabel = "NAME", description = "name of the job")
  private String name = "";

  @Mixin private CoordinatorOptions options = new CoordinatorOptions();

  @Option(names = "--json", description = "the job as one JSON object, with its causes")
  private boolean json;

  ShowCommand(Streams streams) {
    this.streams = streams;
  }

  /** What {@code --json} prints. */
  private record Shown(JobView job, List<CauseView> causes) {}

  @Override
  public Integer call() {
    Logging.startWithoutRepeats("warn");
    try (JobsAccess access = JobsAccess.open(options)) {
      JobView job = access.show(name);
      List<CauseView> causes = access.causes(name);
      PrintStream out = streams.out();
      if (json) {
        out.println(Json.write(new Shown(job, causes)).text());
      } else {
        print(job, out);
        causes.forEach(cause -> print(cause, out));
      }
      return ExitCode.DONE;
    }
  }

  private static void print(JobView job, PrintStream out) {
    field(out, "job", job.name() + " of pool " + job.pool() + ", id " + job.id());
    field(out, "state", JobTable.state(job) + (job.round() == 0 ? "" : ", retry " + job.round()));
    field(out, "function", Printable.line(job.function()));
    field(
        out,
        "calls",
        job.calls()
            + ": "
            + job.succeeded()
            + " succeeded, "
            + job.failed()
            + " failed, "
            + job.cancelled()
            + " cancelled");
    field(out, "input", job.inputBytes() + " bytes");
    field(out, "created", job.created().toString());
    if (job.ended() != null) {
      field(
          out,
          "ended",
          job.ended() + ", kept for " + Bounds.text(Duration.ofSeconds(job.keepSeconds())));
    }
    if (job.owner() != null) {
      field(out, "coordinator", Printable.line(job.owner()));
    }
  }

  private static void field(PrintStream out, String title, String value) {
    out.printf(Locale.ROOT, "%-12s %s%n", title, value);
  }

  private static void print(CauseView cause, PrintStream out) {
    field(
        out,
        "cause",
        cause.cause()
            + " "
            + cause.calls()
            + (cause.calls() == 1 ? " call, index " : " calls, first index ")
            + cause.firstIndex()
            + ": "
            + Printable.cut(Printable.line(cause.title()), LONGEST_TITLE));
  }
}
