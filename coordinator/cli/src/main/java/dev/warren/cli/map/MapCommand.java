package dev.warren.cli.map;

import static picocli.CommandLine.Help.Visibility.ALWAYS;

import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.kit.LogOptions;
import dev.warren.cli.kit.PoolOptions;
import dev.warren.cli.kit.Version;
import dev.warren.pool.Pool;
import dev.warren.task.TaskOptions;
import dev.warren.worker.config.WorkerException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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
          + " {\"index\":0,\"value\":…} or {\"index\":3,\"error\":{\"type\":…,\"message\":…}}.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  warren map --app stats.jar --fn com.acme.Stats::score --input in.jsonl --output out.jsonl",
      "  seq 10 | warren map --fn java.lang.Integer::toBinaryString",
      "  ls *.txt | warren map --lines --app text.jar --fn com.acme.Words::count --unordered",
      "  warren map --broker-file broker.uri --pool scores --app stats.jar \\",
      "      --fn 'com.acme.Stats::score(int,String)' --max-attempts 3 --time-limit 30s < in.jsonl",
      "",
      "Each option is also read from the environment: --max-attempts from WARREN_MAX_ATTEMPTS.",
      "Exit codes: 0 done, 1 some calls failed, 2 wrong options, input or output, 3 broker"
          + " unreachable, 130 interrupted."
    })
public final class MapCommand implements Callable<Integer> {
  @Option(
      names = "--fn",
      paramLabel = "CLASS::METHOD",
      required = true,
      description =
          "the function: com.acme.Stats::score; add (int,String) to select an overload;"
              + " ::new for a constructor")
  private String fn = "";

  @Mixin private PoolOptions pool = new PoolOptions();

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description = "- for standard input",
      showDefaultValue = ALWAYS)
  private String input = "-";

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "- for standard output",
      showDefaultValue = ALWAYS)
  private String output = "-";

  @Option(names = "--lines", description = "lines of input are plain strings, not JSON")
  private boolean lines;

  @Option(names = "--unordered", description = "write outcomes as calls end")
  private boolean unordered;

  @Option(
      names = "--chunk",
      paramLabel = "N",
      description = "calls per message; default: adapts to call times")
  private @Nullable Integer chunk;

  @Option(
      names = "--time-limit",
      paramLabel = "TIME",
      description = "a call that runs longer is killed with its child; for example 30s")
  private @Nullable Duration timeLimit;

  @Option(
      names = "--soft-time-limit",
      paramLabel = "TIME",
      description = "a call that runs longer is interrupted; shorter than --time-limit")
  private @Nullable Duration softTimeLimit;

  @Option(
      names = "--max-attempts",
      paramLabel = "N",
      description = "total number of attempts for a call that throws",
      showDefaultValue = ALWAYS)
  private int maxAttempts = 1;

  @Option(names = "--fail-fast", description = "the first failed call cancels the others")
  private boolean failFast;

  @Option(
      names = "--strict-json",
      paramLabel = "BOOLEAN",
      arity = "0..1",
      fallbackValue = "true",
      description =
          "false: read input as leniently as Jackson does: unknown, missing or misspelt"
              + " properties and empty texts are accepted; default: the workers' setting, usually true")
  private @Nullable Boolean strictJson;

  @Option(
      names = "--verbose-errors",
      description = "write all evidence of a failure: host, process, stack, last output")
  private boolean verboseErrors;

  @Option(names = "--no-progress", description = "show no progress")
  private boolean noProgress;

  @Mixin private LogOptions log = new LogOptions("warn");

  @Override
  public Integer call() throws IOException, InterruptedException {
    log.startWithoutRepeats();
    TaskOptions options = options();
    pool.uri(); // checked first, so that its errors are reported before the function's
    List<Path> app = pool.app();
    Function function = new FunctionLookup(app).find(fn);
    checkArity(function);
    int chunkSize = chunk == null ? 0 : PoolOptions.positive("--chunk", chunk);
    try (InOut files = InOut.open(input, output)) {
      CallSource source = new CallSource(files.lines(), files.inputName(), function.arity(), lines);
      OutcomeWriter writer = new OutcomeWriter(files.out(), verboseErrors);
      BrokerNotes notes = new BrokerNotes(System.err);
      try (Pool open = pool.builder(app, options, notes).open()) {
        MapRun run = new MapRun(open, source, writer, files, noProgress);
        return run.run(function.ref(), !unordered, chunkSize);
      } catch (WorkerException e) {
        throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
      }
    }
  }

  private TaskOptions options() {
    TaskOptions.Builder options =
        TaskOptions.builder()
            .timeLimit(timeLimit)
            .softTimeLimit(softTimeLimit)
            .maxAttempts(maxAttempts)
            .failFast(failFast);
    if (strictJson != null) {
      options.strictJson(strictJson);
    }
    return options.build();
  }

  private void checkArity(Function function) {
    if (function.arity() == 0) {
      throw CommandFailure.usage(
          fn + " takes no arguments; map needs a function with at least one");
    }
    if (lines && function.arity() > 1) {
      throw CommandFailure.usage(
          "--lines gives one string per call, but " + fn + " takes " + function.arity());
    }
  }
}
