package dev.warren.cli.map;

import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.kit.LogOptions;
import dev.warren.cli.kit.PoolOptions;
import dev.warren.cli.kit.Streams;
import dev.warren.cli.kit.Version;
import dev.warren.cli.options.CallOptions;
import dev.warren.jobs.JobSpec;
import dev.warren.jobs.spec.LineMode;
import dev.warren.pool.Pool;
import dev.warren.task.TaskOptions;
import dev.warren.worker.config.WorkerException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code warren map}: one call per line of input, one line of output per call. */
@Command(
    name = "map",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Calls a function once per line of input and writes one line per call, in the input's order.",
      "",
      "Input is JSON Lines: for a function of one parameter each line is the argument; for"
          + " more parameters each line is an array with one element per parameter. Output is"
          + " {\"index\":0,\"value\":…} or {\"index\":3,\"error\":{\"type\":…,\"message\":…,\"causes\":[…]}}.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  seq 10 | warren map --fn java.lang.Integer::toBinaryString",
      "  warren map --app stats.jar --fn com.acme.Stats::score \\",
      "      --input in.jsonl --output out.jsonl",
      "  warren map --app stats.jar --fn com.acme.Stats::score --joblog run.log \\",
      "      --input in.jsonl --output out.jsonl --resume",
      "  ls *.txt | warren map --lines --app text.jar --fn com.acme.Words::count",
      "  warren map --broker-file broker.uri --pool scores --time-limit 30s \\",
      "      --fn com.acme.Stats::score --max-attempts 3 --backoff 1s,1m < in.jsonl",
      "  echo '[1,2]' | warren map --fn operator::add --arity 2 \\",
      "      --child-command 'python3 warren_child.py'",
      "",
      "Each option is also read from the environment (--max-attempts from WARREN_MAX_ATTEMPTS),"
          + " and from a file: warren map @map.options, with options separated by spaces or lines.",
      "Exit codes: 0 done, 1 some calls failed, 2 wrong options, input or output, 3 broker"
          + " unreachable, 130 interrupted."
    })
public final class MapCommand implements Callable<Integer> {
  private final Streams streams;

  @Option(
      names = "--fn",
      paramLabel = "CLASS::METHOD",
      required = true,
      description =
          "the function: com.acme.Stats::score; add (int,String) to select an overload;"
              + " ::new for a constructor; over a broker its class need not be on this host")
  private String fn = "";

  @Mixin private PoolOptions pool = new PoolOptions();

  @Option(
      names = "--arity",
      paramLabel = "N",
      description =
          "number of arguments of a function whose class is not on this host, such as"
              + " operator::add of a child in Python; default: 1")
  private @Nullable Integer arity;

  @Mixin private FileOptions files = new FileOptions();

  @Option(names = "--unordered", description = "write outcomes as calls end")
  private boolean unordered;

  @Option(
      names = "--chunk",
      paramLabel = "N",
      description = "calls per message; default: adapts to call times")
  private @Nullable Integer chunk;

  @Mixin private CallOptions calls = new CallOptions();

  @Option(
      names = "--verbose-errors",
      description = "write all evidence of a failure: host, process, stack, last output")
  private boolean verboseErrors;

  @Option(names = "--no-progress", description = "show neither progress nor the summary at the end")
  private boolean noProgress;

  @Mixin private JobOptions job = new JobOptions();

  @Mixin private LogOptions log = new LogOptions("warn");

  MapCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    log.startWithoutRepeats();
    TaskOptions options = calls.build();
    pool.uri(); // checked first, so that its errors are reported before the function's
    List<Path> app = pool.app();
    Function function = function(new FunctionLookup(app));
    int chunkSize = chunk == null ? 0 : PoolOptions.positive("--chunk", chunk);
    PoolNotes notes = new PoolNotes(streams.err(), pool.isLocal());
    if (job.isGiven()) {
      return runJob(function, options, pool.coordinatorBuilder(app, options, notes), notes);
    }
    Pool.Builder builder = pool.builder(app, options, notes);
    try (InOut opened = files.open(fn)) {
      CallsInFlight inFlight = new CallsInFlight(files.remembersInput());
      CallSource source = source(opened, function, inFlight);
      OutcomeWriter writer =
          new OutcomeWriter(opened.out(), opened.log(), files.withInput(), verboseErrors);
      tellMissing(opened.finished().missing());
      try (Pool open = builder.open()) {
        MapRun.Parts parts = new MapRun.Parts(open, source, inFlight, writer, opened, notes);
        MapRun run = new MapRun(parts, streams.err(), noProgress);
        return run.run(function.ref(), !unordered, chunkSize);
      } catch (WorkerException e) {
        throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
      }
    }
  }

  private int runJob(Function function, TaskOptions options, Pool.Builder builder, PoolNotes notes)
      throws IOException {
    if (unordered) {
      throw CommandFailure.usage("--unordered and --job: a job's output is in the input's order");
    }
    JobSpec.Builder spec =
        job.spec()
            .function(function.ref().toString())
            .arity(function.arity())
            .lines(files.plainLines() ? LineMode.TEXT : LineMode.JSON)
            .options(options)
            .chunkSize(chunk == null ? 0 : PoolOptions.positive("--chunk", chunk))
            .output(files.outputPath());
    JobMap.Parts parts =
        new JobMap.Parts(
            job.store(), builder, spec, files, notes, verboseErrors, pool.brokerTimeout());
    return new JobMap(parts, streams.err(), noProgress).run();
  }

  private CallSource source(InOut opened, Function function, CallsInFlight inFlight) {
    return new CallSource(
        opened.lines(),
        opened.inputName(),
        function.arity(),
        files.plainLines(),
        opened.finished(),
        inFlight);
  }

  private void tellMissing(long calls) {
    if (calls > 0) {
      streams
          .err()
          .println("warren: --output lacks " + calls + " of the calls in --joblog; they run again");
    }
  }

  private Function function(FunctionLookup lookup) {
    if (arity != null) {
      PoolOptions.positive("--arity", arity);
    }
    Function function = pool.classMayBeElsewhere() ? lookup.findOrName(fn, arity) : lookup.find(fn);
    if (function.arity() == 0) {
      throw CommandFailure.usage(
          fn + " takes no arguments; map needs a function with at least one");
    }
    if (arity != null && arity != function.arity()) {
      throw CommandFailure.usage(
          "--arity is " + arity + ", but " + fn + " takes " + function.arity());
    }
    if (files.plainLines() && function.arity() > 1) {
      throw CommandFailure.usage(
          "--lines gives one string per call, but " + fn + " takes " + function.arity());
    }
    return function;
  }
}
