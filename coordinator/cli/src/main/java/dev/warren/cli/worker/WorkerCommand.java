package dev.warren.cli.worker;

import static picocli.CommandLine.Help.Visibility.ALWAYS;

import dev.warren.broker.BrokerUri;
import dev.warren.cli.kit.BrokerOptions;
import dev.warren.cli.kit.ByteSize;
import dev.warren.cli.kit.CodeOptions;
import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.kit.LogOptions;
import dev.warren.cli.kit.Program;
import dev.warren.cli.kit.Version;
import dev.warren.cli.trace.Telemetry;
import dev.warren.lifecycle.Logs;
import dev.warren.task.Bounds;
import dev.warren.task.ChildContext;
import dev.warren.wire.WireCodecs;
import dev.warren.worker.config.ChildClassPath;
import dev.warren.worker.config.HeapShare;
import dev.warren.worker.config.WorkerConfig;
import dev.warren.worker.config.WorkerException;
import dev.warren.worker.functions.AppCode;
import dev.warren.worker.supervise.process.ChildEnvironment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code warren worker}: runs a worker in the foreground. Also used by the worker's own program.
 */
@Command(
    name = "worker",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Joins a pool: consumes its tasks from RabbitMQ and runs their calls in child processes.",
      "",
      "Runs in the foreground until it receives a signal. SIGTERM, SIGHUP or Ctrl-C drains: running"
          + " calls may end within --grace, all others return to the queue for other workers; then it"
          + " exits with 0. A second signal, or the end of the grace period, also returns running calls."
          + " While the broker is unreachable, the worker waits for it.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  warren worker --broker-file broker.uri --pool scores --app stats.jar",
      "  warren worker --broker amqp://rabbit --app stats-all.jar \\",
      "      --functions 'com.acme.**'",
      "  warren worker --broker amqp://rabbit --app /apps --processes 4 \\",
      "      --max-memory-per-child 512m --hard-max-memory-per-child 1g",
      "  WARREN_BROKER=amqp://rabbit WARREN_APP=/apps warren worker",
      "",
      "Each option is also read from the environment: --max-tasks-per-child from"
          + " WARREN_MAX_TASKS_PER_CHILD.",
      "Exit codes: 0 drained or stopped, 2 wrong options, 3 broker refused the login or was unreachable"
          + " for --broker-timeout."
    })
public final class WorkerCommand implements Callable<Integer> {
  private static final Duration FOR_EVER = Duration.ofDays(3650);

  @Mixin private BrokerOptions broker = new BrokerOptions();

  @Mixin private CodeOptions code = new CodeOptions();

  @Option(
      names = "--allow",
      paramLabel = "PATTERN",
      split = ",",
      description =
          "additional functions, outside --app, that may be called: java.lang.Math::*, com.acme.*"
              + " (here the same as com.acme.**); repeatable")
  private List<String> allow = new ArrayList<>();

  @Option(
      names = "--reply-to",
      paramLabel = "QUEUE",
      split = ",",
      description =
          "additional queues for outcomes of foreign tasks, besides warren.results.*"
              + " and RabbitMQ's direct reply-to; * matches any characters; repeatable")
  private List<String> replyTo = new ArrayList<>();

  @Option(
      names = "--processes",
      paramLabel = "N",
      description =
          "number of concurrent calls, each in a child process; default: one per processor, or fewer"
              + " if the memory of this host or container is short")
  private @Nullable Integer processes;

  @Option(
      names = "--max-tasks-per-child",
      paramLabel = "N",
      description =
          "number of calls after which a child is recycled; 0 for never; a pool's setting has priority",
      showDefaultValue = ALWAYS)
  private int maxTasksPerChild;

  @Option(
      names = "--max-memory-per-child",
      paramLabel = "SIZE",
      description =
          "resident memory, of a child and all processes it has started, above which it is recycled"
              + " after its call, for example 512m")
  private @Nullable ByteSize maxMemoryPerChild;

  @Option(
      names = "--hard-max-memory-per-child",
      paramLabel = "SIZE",
      description =
          "resident memory above which a child is killed during its call, for example 1g; the call"
              + " is retried as after any loss of its child, then fails")
  private @Nullable ByteSize hardMaxMemoryPerChild;

  @Option(
      names = "--max-child-age",
      paramLabel = "TIME",
      description = "age at which a child is recycled, for example 1h")
  private @Nullable Duration maxChildAge;

  @Option(
      names = "--max-child-idle",
      paramLabel = "TIME",
      description = "time without a call after which a child is recycled, for example 10m")
  private @Nullable Duration maxChildIdle;

  @Option(
      names = "--spares",
      paramLabel = "N",
      description = "number of spare children, started and idle, ready to take over",
      showDefaultValue = ALWAYS)
  private int spares = 1;

  @Option(
      names = "--child-option",
      paramLabel = "OPTION",
      description = "JVM option for the children, for example -Xmx256m; repeatable")
  private List<String> childOptions = new ArrayList<>();

  @Option(
      names = "--child-command",
      paramLabel = "COMMAND",
      description =
          "run this program instead of a JVM as child; it must implement docs/child-protocol.md;"
              + " separate arguments by spaces; needs --functions")
  private @Nullable String childCommand;

  @Option(
      names = "--child-env",
      paramLabel = "NAME",
      split = ",",
      description =
          "environment variables that children inherit, besides PATH, HOME, LANG and the"
              + " like; repeatable; default: all except WARREN_*, JVM options and the broker's"
              + " credentials")
  private @Nullable List<String> childEnvironment;

  @Option(
      names = "--grace",
      paramLabel = "TIME",
      description = "grace period of running calls after SIGTERM; default: 25s")
  private Duration grace = WorkerConfig.DEFAULT_GRACE;

  @Option(
      names = "--heartbeat",
      paramLabel = "TIME",
      description =
          "heartbeat interval, 1s to 5m; pools consider the worker lost after three missed"
              + " heartbeats (the AMQP heartbeat is ?heartbeat= in the URI: 5 to 60 seconds, default 10);"
              + " default: 10s")
  private Duration heartbeat = WorkerConfig.DEFAULT_HEARTBEAT;

  @Option(
      names = "--broker-timeout",
      paramLabel = "TIME",
      description =
          "how long the broker may be unreachable before the worker exits with 3; default:"
              + " no limit")
  private @Nullable Duration brokerTimeout;

  @Option(
      names = "--health-file",
      paramLabel = "FILE",
      description =
          "file touched every 2 s while the worker's loop runs, even without a broker; for a liveness probe")
  private @Nullable Path healthFile;

  @Option(
      names = "--ready-file",
      paramLabel = "FILE",
      description =
          "file touched every 2 s while the worker accepts tasks, removed while it has no broker or"
              + " drains; for a readiness probe")
  private @Nullable Path readyFile;

  @Mixin private MetricsOptions metrics = new MetricsOptions();

  @Option(
      names = "--keep-failures",
      description =
          "dead-letter every call that fails for good, also one whose caller is told; default: those"
              + " that nobody waits for, and those that had further attempts or lost their child or host")
  private boolean keepFailures;

  @Option(
      names = "--strict-json",
      paramLabel = "BOOLEAN",
      arity = "0..1",
      fallbackValue = "true",
      description =
          "false: read arguments as leniently as Jackson does, unless the task says otherwise:"
              + " unknown, missing or misspelt properties and empty texts are accepted",
      showDefaultValue = ALWAYS)
  private boolean strictJson = true;

  @Mixin private LogOptions log = new LogOptions("info");

  @Override
  public Integer call() throws InterruptedException {
    log.start();
    BrokerUri uri = broker.uri("a worker");
    if (broker.passwordTyped()) {
      log().warn(Program.PASSWORD_SHOWN);
    }
    WorkerConfig config = childCommand == null ? config(uri) : foreign(uri, childCommand);
    try {
      return new WorkerRun(config, uri, timeout(), metrics).run();
    } catch (WorkerException e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private WorkerConfig config(BrokerUri uri) {
    AppCode app = code.code();
    List<Path> libraries = new ArrayList<>(app.libraryPath());
    libraries.addAll(code.libraries());
    String digest = code.digest();
    tellCallable(log(), app, digest);
    return settings(uri)
        .context(ChildContext.jvm().options(childOptions.toArray(new String[0])))
        .appPath(app.callablePath())
        .classPath(ChildClassPath.ownJars())
        .libraryPath(libraries)
        .functions(app.patterns().texts())
        .callable(app.functions().size())
        .appDigest(digest)
        .build();
  }

  /** Created late, because --log-level must take effect first. */
  private static Logger log() {
    return Logs.of(WorkerCommand.class);
  }

  private void tellCallable(Logger log, AppCode app, @Nullable String digest) {
    int count = app.functions().size();
    log.info(
        "{} function{} of --app may be called{}{} ('warren functions' lists them){}",
        count,
        count == 1 ? "" : "s",
        app.patterns().isEmpty() ? "" : ", those that match " + app.patterns(),
        allow.isEmpty()
            ? ""
            : ", and additionally functions that match --allow: " + String.join(", ", allow),
        digest == null ? "" : "; digest of --app: " + digest);
    Set<String> withheld = ChildEnvironment.withheld(System.getenv());
    if (childEnvironment == null && !withheld.isEmpty()) {
      log.info(
          "children do not inherit the variables {} (list those they need in --child-env)",
          String.join(", ", withheld));
    }
  }

  /** Children in another language: the allowed functions must be given. */
  private WorkerConfig foreign(BrokerUri uri, String command) {
    List<String> functions = code.functions();
    if (functions.isEmpty()) {
      throw CommandFailure.usage(
          "--child-command needs --functions with the functions that may be called, for example"
              + " --functions 'stats::*' (everyone who can publish a task chooses the name, even os::system)");
    }
    log().info("functions that match {} may be called", String.join(", ", functions));
    return settings(uri)
        .context(ChildContext.command(command.strip().split("\\s+")))
        .appPath(List.of())
        .functions(functions)
        .build();
  }

  private WorkerConfig.Builder settings(BrokerUri uri) {
    return WorkerConfig.builder()
        .tracing(Telemetry.start("warren-worker"))
        .pool(uri.pool())
        .processes(slots())
        .maxTasksPerChild(maxTasksPerChild)
        .maxMemoryPerChild(maxMemoryPerChild == null ? 0 : maxMemoryPerChild.bytes())
        .hardMaxMemoryPerChild(hardMaxMemoryPerChild == null ? 0 : hardMaxMemoryPerChild.bytes())
        .maxChildAge(maxChildAge)
        .maxChildIdle(maxChildIdle)
        .spares(spares)
        .allow(allow)
        .childEnvironment(childEnvironment())
        .replyTo(replyTo)
        .grace(grace)
        .heartbeat(bounded(heartbeat))
        .healthFile(healthFile)
        .readyFile(readyFile)
        .strictJson(strictJson)
        .keepFailures(keepFailures)
        .codecs(WireCodecs.create());
  }

  private Duration timeout() {
    return brokerTimeout == null ? FOR_EVER : BrokerOptions.checkedTimeout(brokerTimeout);
  }

  private int slots() {
    if (processes != null) {
      return processes;
    }
    int slots = HeapShare.defaultSlots();
    int processors = Runtime.getRuntime().availableProcessors();
    if (slots < processors) {
      log()
          .info(
              "{} slots for {} processors, because memory is short (--processes sets"
                  + " another number)",
              slots,
              processors);
    }
    return slots;
  }

  private @Nullable List<String> childEnvironment() {
    if (childEnvironment == null) {
      return null;
    }
    List<String> names =
        childEnvironment.stream().map(String::strip).filter(name -> !name.isEmpty()).toList();
    for (String name : names) {
      if (name.contains("=") || ChildEnvironment.isOwn(name)) {
        throw CommandFailure.usage(
            "--child-env has '"
                + name.replaceFirst("=.*", "=…")
                + "'; it must be the name of a variable, and not one of Warren's (WARREN_*)");
      }
    }
    return names;
  }

  private static Duration bounded(Duration heartbeat) {
    if (heartbeat.compareTo(WorkerConfig.SHORTEST_HEARTBEAT) < 0
        || heartbeat.compareTo(WorkerConfig.LONGEST_HEARTBEAT) > 0) {
      throw CommandFailure.usage("--heartbeat is " + Bounds.text(heartbeat) + "; must be 1s to 5m");
    }
    return heartbeat;
  }
}
