package dev.warren.cli.demo;

import static picocli.CommandLine.Help.Visibility.ALWAYS;

import dev.warren.broker.BrokerUri;
import dev.warren.cli.kit.BrokerChoice;
import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.LogOptions;
import dev.warren.cli.kit.PoolOptions;
import dev.warren.cli.kit.Version;
import dev.warren.worker.config.HeapShare;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code warren demo}: a real job on input that every Java machine has. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Looks into every jar of the local Maven repository, each in a call of its own: how many"
          + " classes, for which Java, which licence, what also stands in other jars.",
      "",
      "On the way children are replaced after some calls, and one is killed on purpose; its call"
          + " runs again in another child. Ends with a table, and a report with one JSON object"
          + " per jar.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  warren demo                         child processes of this one",
      "  warren demo --broker start          over a RabbitMQ of its own, with two worker processes",
      "  warren demo --broker-file broker.uri",
      "  warren demo --broker-file broker.uri --workers 0    with workers that run" + " already",
      "",
      "Each option is also read from the environment: --jars from WARREN_JARS.",
      "Exit codes: 0 done, 1 some calls failed, 2 wrong options, 3 broker unreachable, 130"
          + " interrupted."
    })
public final class DemoCommand implements Callable<Integer> {
  private static final String START = "start";

  @Option(
      names = "--broker",
      paramLabel = "URI|start",
      description =
          "run over RabbitMQ: amqp://user:password@host:5672/vhost, or 'start' for one of its own;"
              + " default: local:")
  private @Nullable String broker;

  @Option(
      names = "--broker-file",
      paramLabel = "FILE",
      description = "file whose first line is that URI")
  private @Nullable Path brokerFile;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--pool",
      paramLabel = "NAME",
      description = "the pool's name",
      showDefaultValue = ALWAYS)
  private String pool = "demo";

  @Option(
      names = "--workers",
      paramLabel = "N",
      description =
          "over RabbitMQ: how many worker processes to start; 0 to use those that run already",
      showDefaultValue = ALWAYS)
  private int workers = 2;

  @Option(
      names = "--processes",
      paramLabel = "N",
      description =
          "children in all; default: one per processor, or as many as the memory has room for")
  private @Nullable Integer processes;

  @Option(
      names = "--max-tasks-per-child",
      paramLabel = "N",
      description = "calls after which a child is replaced by a fresh one",
      showDefaultValue = ALWAYS)
  private int maxTasksPerChild = 50;

  @Option(
      names = "--kill-a-child",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "kill one child in the middle of its work (default)")
  private boolean killAChild;

  @Option(
      names = "--jars",
      paramLabel = "DIR",
      description =
          "where to look for jars; default: ~/.m2/repository, and where that has none Warren's own"
              + " libraries")
  private @Nullable Path jars;

  @Option(
      names = "--most",
      paramLabel = "N",
      description = "look into no more than so many jars; default: all")
  private int most = Integer.MAX_VALUE;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "where to write the report",
      showDefaultValue = ALWAYS)
  private Path report = Path.of("warren-demo.jsonl");

  @Mixin private LogOptions log = new LogOptions("warn");

  @Override
  public Integer call() throws InterruptedException {
    log.startWithoutRepeats();
    check();
    DemoJars input = DemoJars.find(jars, most);
    String given = BrokerChoice.of(spec, broker, brokerFile);
    String where = given == null ? "local:" : given;
    if (!where.equals(START)) {
      return on(where, input);
    }
    System.out.println("starting a RabbitMQ of our own, on loopback only…");
    try (DemoBroker own = DemoBroker.start()) {
      return on(own.uri(), input);
    }
  }

  private int processes() {
    return processes == null ? HeapShare.defaultSlots() : processes;
  }

  private void check() {
    PoolOptions.positive("--processes", processes());
    PoolOptions.positive("--max-tasks-per-child", maxTasksPerChild);
    PoolOptions.positive("--most", most);
    if (workers < 0) {
      throw CommandFailure.usage("--workers is " + workers + "; must be at least 0");
    }
  }

  private int on(String where, DemoJars input) throws InterruptedException {
    BrokerUri uri = BrokerUri.parse(where).withPool(pool);
    DemoRun run = new DemoRun(where, uri, input, maxTasksPerChild, killAChild, report);
    if (uri.isLocal()) {
      return run.local(processes());
    }
    if (workers == 0) {
      return run.withWorkersThere();
    }
    Path app = DemoJars.app();
    int each = Math.max(1, processes() / workers);
    try (DemoWorkers own = DemoWorkers.start(workers, where, uri, app, each, maxTasksPerChild)) {
      return run.with(own);
    }
  }
}
