package dev.warren.cli.map;

import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.options.StoreOptions;
import dev.warren.jobs.JobSpec;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The options of {@code warren map} that make its run a job that outlives this process. */
final class JobOptions {
  private static final List<String> NEED_JOB =
      List.of("--store", "--append", "--restart", "--keep");

  @Option(
      names = "--job",
      paramLabel = "NAME",
      description =
          "keep input and outcomes in a store under this name; after a crash or kill -9 the same"
              + " command goes on where it was (docs/JOBS.md)")
  private @Nullable String job;

  @Mixin private StoreOptions store = new StoreOptions();

  @Option(
      names = "--append",
      description = "with --job: accept an input that is the job's and more behind it")
  private boolean append;

  @Option(
      names = "--restart",
      description = "with --job: start over; the old job is kept as NAME~1")
  private boolean restart;

  @Option(
      names = "--keep",
      paramLabel = "TIME",
      description = "with --job: how long it is kept after its end; default: 7d")
  private @Nullable Duration keep;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  /**
   * Whether the run is a job. The environment may name a store for runs that are none.
   *
   * @throws CommandFailure if an option of jobs is typed without {@code --job}
   */
  boolean isGiven() {
    ParseResult parsed = spec.commandLine().getParseResult();
    if (job == null && NEED_JOB.stream().anyMatch(parsed::hasMatchedOption)) {
      throw CommandFailure.usage("--store, --append, --restart and --keep need --job NAME");
    }
    return job != null;
  }

  String store() {
    return store.store();
  }

  /** Begins the description of the job. */
  JobSpec.Builder spec() {
    JobSpec.Builder spec = JobSpec.named(String.valueOf(job)).append(append).restart(restart);
    return keep == null ? spec : spec.keep(keep);
  }
}
