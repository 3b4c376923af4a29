package dev.warren.cli.doctor;

import dev.warren.broker.BrokerUri;
import dev.warren.cli.kit.BrokerOptions;
import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.kit.Logging;
import dev.warren.cli.kit.Program;
import dev.warren.cli.kit.Streams;
import dev.warren.cli.kit.Version;
import dev.warren.task.Bounds;
import dev.warren.worker.config.HeapShare;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code warren doctor}: checks broker, pool and host. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Checks whether a worker or a caller could run here, and reports what to fix.",
      "",
      "The broker: reachable, version and its consequences, permissions (by using them),"
          + " alarms, delivery timeout. The pool: its queues, workers, their versions and clocks."
          + " This host: start time of a child, limits of files, processes and memory, memory per slot,"
          + " disk space, space for sockets and arguments. Nothing is changed.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  warren doctor --broker-file broker.uri --pool scores",
      "  warren doctor --broker-file broker.uri --management http://rabbit:15672",
      "",
      "Each option is also read from the environment: --broker from WARREN_BROKER.",
      "Exit codes: 0 no problems, 1 problems found, 2 wrong options, 3 broker unreachable."
    })
public final class DoctorCommand implements Callable<Integer> {
  private final Streams streams;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  @Mixin private BrokerOptions options = new BrokerOptions();

  @Option(
      names = "--management",
      paramLabel = "URL",
      description =
          "http://user:password@host:15672 of the management plug-in; also checks policies that"
              + " override Warren's, and the nodes' alarms; default user: that of --broker")
  private @Nullable URI management;

  @Option(
      names = "--listen",
      paramLabel = "TIME",
      description = "how long to listen for workers; default: 5s")
  private Duration listen = Duration.ofSeconds(5);

  @Option(
      names = "--processes",
      paramLabel = "N",
      description =
          "slots of a worker on this host; default: one per processor, or fewer if"
              + " memory is short")
  private @Nullable Integer processes;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--json", description = "print the findings as one JSON object")
  private boolean json;

  public DoctorCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws InterruptedException {
    Logging.start("error");
    BrokerUri uri = options.uri("warren doctor");
    Report report = new Report();
    if (options.passwordTyped() || managementTyped()) {
      report.note("arguments", Program.PASSWORD_SHOWN);
    }
    boolean reached = PoolExamination.lookAtBroker(uri, report, CONNECT_TIMEOUT, listen);
    if (management != null) {
      new ManagementChecks(report, uri, management).look();
    }
    HostChecks host = new HostChecks(report, Path.of("/"));
    host.look();
    host.memory(
        Bounds.check(
            "--processes", processes == null ? HeapShare.defaultSlots() : processes, 1, 4096),
        1);
    new ChildCheck(report).look();
    PrintStream out = streams.out();
    if (json) {
      out.println(report.json());
    } else {
      report.print(out);
    }
    if (!reached) {
      return ExitCode.BROKER;
    }
    return report.toMend() == 0 ? ExitCode.DONE : ExitCode.CALLS_FAILED;
  }

  private boolean managementTyped() {
    return management != null
        && Program.showsPassword(management.toString())
        && spec.commandLine().getParseResult().hasMatchedOption("--management");
  }
}
