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
import dev.warren.lifecycle.Logs;
import dev.warren.task.ChildContext;
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

/** The options of {@code warren worker}, the same in the worker's own program. */
@Command(
    name = "worker",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Joins a pool: takes its tasks from RabbitMQ and runs their calls in child processes.",
      "",
      "Runs in the foreground until it is told to stop. SIGTERM, SIGHUP or Ctrl-C drains: running"
          + " calls may end within --grace, all others go back to the queue for other workers; then it"
          + " exits with 0. A second signal, or the end of the grace, hands back what is running,"
          + " too. While the broker is away it waits for it.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  warren worker --broker-file broker.uri --pool scores --app stats.jar --lib lib/",
      "  warren worker --broker amqp://rabbit --app stats-all.jar --functions 'com.acme.**'",
      "  warren worker --broker amqp://rabbit --app /apps --processes 4 --max-memory-per-child 512m"
          + " --hard-max-memory-per-child 1g",
      "  WARREN_BROKER=amqp://rabbit WARREN_APP=/apps warren worker",
      "",
      "Each option is also read from the environment: --max-tasks-per-child from"
          + " WARREN_MAX_TASKS_PER_CHILD.",
      "Exit codes: 0 drained or stopped, 2 wrong options, 3 the broker refuses us or was unreachable"
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
          "functions outside --app that may be called besides: java.lang.Math::*, com.acme.*"
              + " (here the same as com.acme.**); repeatable")
  private List<String> allow = new ArrayList<>();

  @Option(
      names = "--reply-to",
      paramLabel = "QUEUE",
      split = ",",
      description =
          "queues to which foreign tasks may have their outcomes sent, besides warren.results.*"
              + " and RabbitMQ's direct reply-to; * stands for any characters; repeatable")
  private List<String> replyTo = new ArrayList<>();

  @Option(
      names = "--processes",
      paramLabel = "N",
      description =
          "calls run at once, each in a child process; default: one per processor, or as many as the"
              + " memory of this host or container has room for")
  private @Nullable Integer processes;

  @Option(
      names = "--max-tasks-per-child",
      paramLabel = "N",
      description = "calls after which a child is replaced; 0 for never; a pool's own setting wins",
      showDefaultValue = ALWAYS)
  private int maxTasksPerChild;

  @Option(
      names = "--max-memory-per-child",
      paramLabel = "SIZE",
      description =
          "resident memory, of a child and all it has started, above which it is replaced after its"
              + " call, such as 512m")
  private @Nullable ByteSize maxMemoryPerChild;

  @Option(
      names = "--hard-max-memory-per-child",
      paramLabel = "SIZE",
      description =
          "the same above which a child is killed during its call, such as 1g; the call is run"
              + " again as after any loss of a child, then fails")
  private @Nullable ByteSize hardMaxMemoryPerChild;

  @Option(
      names = "--max-child-age",
      paramLabel = "TIME",
      description = "age at which a child is replaced, such as 1h")
  private @Nullable Duration maxChildAge;

  @Option(
      names = "--max-child-idle",
      paramLabel = "TIME",
      description = "time without a call after which a child is replaced, such as 10m")
  private @Nullable Duration maxChildIdle;

  @Option(
      names = "--spares",
      paramLabel = "N",
      description = "started, idle children kept ready to take over",
      showDefaultValue = ALWAYS)
  private int spares = 1;

  @Option(
      names = "--child-option",
      paramLabel = "OPTION",
      description = "JVM option for the children, such as -Xmx256m; repeatable")
  private List<String> childOptions = new ArrayList<>();

  @Option(
      names = "--child-command",
      paramLabel = "COMMAND",
      description =
          "the children are not JVMs but this program, which speaks docs/child-protocol.md;"
              + " arguments by spaces; --functions must say what they may be asked to run")
  private @Nullable String childCommand;

  @Option(
      names = "--child-env",
      paramLabel = "NAME",
      split = ",",
      description =
          "the only environment variables that children inherit, besides PATH, HOME, LANG and the"
              + " like; repeatable; default: all but WARREN_*, JVM options and the broker's"
              + " credentials")
  private @Nullable List<String> childEnvironment;

  @Option(
      names = "--grace",
      paramLabel = "TIME",
      description = "time that running calls have to end after SIGTERM; default: 25s")
  private Duration grace = WorkerConfig.DEFAULT_GRACE;

  @Option(
      names = "--heartbeat",
      paramLabel = "TIME",
      description =
          "interval of this worker's signs of life, 1s to 5m; owners say that it is silent after"
              + " three; the broker's own are ?heartbeat=5 to 60 (seconds) in the URI, default 10;"
              + " default: 10s")
  private Duration heartbeat = WorkerConfig.DEFAULT_HEARTBEAT;

  @Option(
      names = "--broker-timeout",
      paramLabel = "TIME",
      description =
          "how long the broker may be unreachable before the worker ends with 3; default: it waits"
              + " for ever")
  private @Nullable Duration brokerTimeout;

  @Option(
      names = "--health-file",
      paramLabel = "FILE",
      description =
          "touched every 2 s while the worker does not hang, broker or not: for a liveness probe")
  private @Nullable Path healthFile;

  @Option(
      names = "--ready-file",
      paramLabel = "FILE",
      description =
          "touched every 2 s while the worker takes tasks, removed while it has no broker or"
              + " drains: for a readiness probe")
  private @Nullable Path readyFile;

  @Option(
      names = "--strict-json",
      paramLabel = "BOOLEAN",
      arity = "0..1",
      fallbackValue = "true",
      description =
          "false: arguments are read as leniently as Jackson does, where a task does not say;"
              + " unknown, missing or misspelt properties and empty texts are no mistakes then",
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
      return new WorkerRun(config, uri, timeout()).run();
    } catch (WorkerException e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private WorkerConfig config(BrokerUri uri) {
    AppCode app = code.code();
    List<Path> libraries = new ArrayList<>(app.libraryPath());
    libraries.addAll(code.libraries());
    tellCallable(log(), app);
    return settings(uri)
        .context(ChildContext.jvm().options(childOptions.toArray(new String[0])))
        .appPath(app.callablePath())
        .classPath(ChildClassPath.ownJars())
        .libraryPath(libraries)
        .functions(app.patterns().texts())
        .callable(app.functions().size())
        .build();
  }

  /** Made late: logging starts as --log-level says. */
  private static Logger log() {
    return Logs.of(WorkerCommand.class);
  }

  private void tellCallable(Logger log, AppCode app) {
    int count = app.functions().size();
    log.info(
        "{} function{} of --app may be called{}{} ('warren functions' lists them)",
        count,
        count == 1 ? "" : "s",
        app.patterns().isEmpty() ? "" : ", those that match " + app.patterns(),
        allow.isEmpty() ? "" : ", besides what --allow names: " + String.join(", ", allow));
    Set<String> withheld = ChildEnvironment.withheld(System.getenv());
    if (childEnvironment == null && !withheld.isEmpty()) {
      log.info(
          "children are not given the variables {} (--child-env names those they need)",
          String.join(", ", withheld));
    }
  }

  /** Children in another language: what they may be asked to run must be said. */
  private WorkerConfig foreign(BrokerUri uri, String command) {
    List<String> functions = code.functions();
    if (functions.isEmpty()) {
      throw CommandFailure.usage(
          "--child-command needs --functions, which says what may be called: --functions 'stats::*'"
              + " (whoever may put a task on the queue chooses the name, os::system for one)");
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
        .strictJson(strictJson);
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
              "{} slots for {} processors: the memory has room for no more (--processes sets"
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
                + "'; it takes names of variables, and none of Warren's own (WARREN_*)");
      }
    }
    return names;
  }

  private static Duration bounded(Duration heartbeat) {
    if (heartbeat.compareTo(WorkerConfig.SHORTEST_HEARTBEAT) < 0
        || heartbeat.compareTo(WorkerConfig.LONGEST_HEARTBEAT) > 0) {
      throw CommandFailure.usage(
          "--heartbeat is " + heartbeat.toMillis() + " ms; must be 1s to 5m");
    }
    return heartbeat;
  }
}
