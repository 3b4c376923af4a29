package dev.warren.cli.jobs;

import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.kit.Logging;
import dev.warren.cli.kit.Streams;
import dev.warren.cli.options.CoordinatorOptions;
import dev.warren.service.api.JobView;
import java.util.function.Function;

/** Runs a command that changes a job, and prints the job's state. Stateless. */
final class Asking {
  private Asking() {}

  static int run(
      CoordinatorOptions options, Streams streams, Function<JobsAccess, JobView> action) {
    Logging.startWithoutRepeats("warn");
    try (JobsAccess access = JobsAccess.open(options)) {
      JobView job = action.apply(access);
      streams.out().println("job " + job.name() + ": " + JobTable.asked(job));
      return ExitCode.DONE;
    }
  }
}
