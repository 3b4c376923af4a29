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

/** {@code warren demo}: a real job, on input that every Java machine has. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Inspects every jar of the local Maven repository, one call per jar: how many"
          + " classes, for which Java, which licence, which classes are also in other jars.",
      "",
      "Meanwhile children are recycled after some calls, and one is killed on purpose; its call"
          + " runs again in another child. Ends with a table, and a report with one JSON object"
          + " per jar.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  warren demo                   # in child processes of this one",
      "  warren demo --broker start    # over a private RabbitMQ, with two workers",
      "  warren demo --broker-file broker.uri",
      "  warren demo --broker-file broker.uri --workers 0    # with running workers",
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
          "run over RabbitMQ: amqp://user:password@host:5672/vhost, or 'start' for a private one;"
              + " default: local:")
  private @Nullable String broker;

  @Option(
      names = "--broker-file",
      paramLabel = "FILE",
      description = "file whose first line is the broker URI")
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
      description = "over RabbitMQ: number of worker processes to start; 0 to use running workers",
      showDefaultValue = ALWAYS)
  private int workers = 2;

  @Option(
      names = "--processes",
      paramLabel = "N",
      description =
          "total number of children; default: one per processor, or fewer if memory is short")
  private @Nullable Integer processes;

  @Option(
      names = "--max-tasks-per-child",
      paramLabel = "N",
      description = "number of calls after which a child is recycled",
      showDefaultValue = ALWAYS)
  private int maxTasksPerChild = 50;

  @Option(
      names = "--kill-a-child",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "kill one child during its work (default)")
  private boolean killAChild;

  @Option(
      names = "--jars",
      paramLabel = "DIR",
      description =
          "folder with jars; default: ~/.m2/repository, or if that has no jars Warren's own"
              + " libraries")
  private @Nullable Path jars;

  @Option(
      names = "--most",
      paramLabel = "N",
      description = "maximum number of jars to inspect; default: all")
  private int max = Integer.MAX_VALUE;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "file for the report",
      showDefaultValue = ALWAYS)
  private Path report = Path.of("warren-demo.jsonl");

  @Mixin private LogOptions log = new LogOptions("warn");

  @Override
  public Integer call() throws InterruptedException {
    log.startWithoutRepeats();
    check();
    DemoJars input = DemoJars.find(jars, max);
    String given = BrokerChoice.of(spec, broker, brokerFile);
    String where = given == null ? "local:" : given;
    if (!where.equals(START)) {
      return on(where, input);
    }
    System.out.println("starting a private RabbitMQ, on loopback only…");
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
    PoolOptions.positive("--most", max);
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
