package dev.warren.cli.jobs;

import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.kit.Logging;
import dev.warren.cli.kit.PoolOptions;
import dev.warren.cli.kit.Streams;
import dev.warren.cli.kit.Version;
import dev.warren.cli.options.CallOptions;
import dev.warren.cli.options.CoordinatorOptions;
import dev.warren.json.Json;
import dev.warren.service.api.JobView;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code warren jobs submit}: submits a job to a coordinator, or to the store. */
@Command(
    name = "submit",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Submits a job: calls a function once per line of input. Returns when the job is stored; the"
          + " same job is accepted once.",
      "",
      "With --coordinator, that coordinator runs it. Without, the job goes into the store, and the"
          + " next coordinator on this store and pool runs it, within seconds if there is one.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  warren jobs submit nightly --fn com.acme.Stats::score --input in.jsonl \\",
      "      --coordinator http://127.0.0.1:8765",
      "  warren jobs results nightly > out.jsonl",
      "  warren jobs submit later --fn com.acme.Stats::score --input in.jsonl \\",
      "      --store /srv/jobs"
    })
final class SubmitCommand implements Callable<Integer> {
  private final Streams streams;

  @Parameters(
      paramLabel = "NAME",
      description = "name of the job: 1 to 100 letters, digits, '.', '_' or '-'")
  private String name = "";

  @Option(
      names = "--fn",
      paramLabel = "CLASS::METHOD",
      required = true,
      description = "the function: com.acme.Stats::score; add (int,String) to select an overload")
  private String fn = "";

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description = "one call per line; default: -, standard input")
  private String input = "-";

  @Option(names = "--lines", description = "lines of input are plain strings, not JSON")
  private boolean lines;

  @Option(names = "--arity", paramLabel = "N", description = "number of arguments; default: 1")
  private int arity = 1;

  @Option(
      names = "--chunk",
      paramLabel = "N",
      description = "calls per message; default: adapts to call times")
  private @Nullable Integer chunk;

  @Option(names = "--append", description = "accept an input that is the job's and more behind it")
  private boolean append;

  @Option(names = "--restart", description = "start over; the old job is kept as NAME~1")
  private boolean restart;

  @Option(
      names = "--keep",
      paramLabel = "TIME",
      description = "how long the job is kept after its end; default: 7d")
  private @Nullable Duration keep;

  @Mixin private CallOptions calls = new CallOptions();

  @Mixin private CoordinatorOptions options = new CoordinatorOptions();

  @Option(names = "--json", description = "print the job as one JSON object")
  private boolean json;

  SubmitCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    Logging.startWithoutRepeats("warn");
    Description description = new Description(calls.build());
    description.put("name", name);
    description.put("function", fn);
    description.put("lines", lines ? "text" : "json");
    description.put("arity", arity);
    description.put("append", append);
    description.put("restart", restart);
    description.put("keep", keep);
    if (chunk != null) {
      description.put("chunk", PoolOptions.positive("--chunk", chunk));
    }
    try (JobsAccess access = JobsAccess.open(options)) {
      JobView job =
          access.submit(description.parameters(), input.equals("-") ? null : Path.of(input));
      streams.out().println(json ? Json.write(job).text() : told(job));
      return ExitCode.DONE;
    }
  }

  private String told(JobView job) {
    boolean waits = options.coordinator() == null && job.ended() == null && !job.coordinated();
    return "job "
        + job.name()
        + ": "
        + (waits ? "accepted" : job.state())
        + ", "
        + job.calls()
        + " calls"
        + (waits
            ? "; no coordinator runs it yet: one of pool '"
                + job.pool()
                + "' on this store takes it within seconds, or start one with "
                + options.coordinatorCommand()
            : "");
  }
}
