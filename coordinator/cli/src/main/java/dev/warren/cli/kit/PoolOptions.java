package dev.warren.cli.kit;

import dev.warren.broker.BrokerUri;
import dev.warren.cli.trace.Telemetry;
import dev.warren.json.Json;
import dev.warren.pool.Pool;
import dev.warren.pool.PoolListener;
import dev.warren.task.ChildContext;
import dev.warren.task.NamedFunction;
import dev.warren.task.Payload;
import dev.warren.task.TaskOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;

/** The options that select the pool of a command's calls. */
public final class PoolOptions {
  @Option(
      names = "--broker",
      paramLabel = "URI",
      description =
          "amqp://user:password@host:5672/vhost: run on that broker's workers; default: local:,"
              + " in child processes of this one")
  private @Nullable String broker;

  @Option(
      names = "--broker-file",
      paramLabel = "FILE",
      description =
          "file whose first line is the broker URI; use it to hide the password, because other"
              + " users of this host can see the arguments of a program")
  private @Nullable Path brokerFile;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--pool",
      paramLabel = "NAME",
      description = "name of the pool; default: ?pool= of the URI, otherwise 'default'")
  private @Nullable String pool;

  @Option(
      names = "--processes",
      paramLabel = "N",
      description =
          "maximum number of concurrent calls; default: local: one per processor, or fewer if"
              + " memory is short; over a broker: all slots of the workers")
  private @Nullable Integer processes;

  @Option(
      names = "--broker-timeout",
      paramLabel = "TIME",
      description =
          "how long the broker may be unreachable before the command gives up and exits with 3;"
              + " default: 10s at the start, 10m later")
  private @Nullable Duration brokerTimeout;

  @Option(
      names = "--max-tasks-per-child",
      paramLabel = "N",
      description = "number of calls after which a child is recycled; default: never")
  private @Nullable Integer maxTasksPerChild;

  @Option(
      names = "--max-memory-per-child",
      paramLabel = "SIZE",
      description =
          "local: resident memory, of a child and all processes it has started, above which it is"
              + " recycled after its call, for example 512m; over a broker a worker option")
  private @Nullable ByteSize maxMemoryPerChild;

  @Option(
      names = "--hard-max-memory-per-child",
      paramLabel = "SIZE",
      description =
          "local: resident memory above which a child is killed during its call, for example 1g;"
              + " the call is retried as after any loss of its child, then fails")
  private @Nullable ByteSize hardMaxMemoryPerChild;

  @Option(
      names = "--initializer",
      paramLabel = "CLASS::METHOD",
      description = "function that runs in each child before its first call")
  private @Nullable String initializer;

  @Option(
      names = "--initializer-args",
      paramLabel = "JSON",
      description = "its arguments as a JSON array of up to four values; default: []")
  private String initializerArgs = "[]";

  @Option(
      names = "--child-option",
      paramLabel = "OPTION",
      description =
          "local: JVM option for the children, for example -Xmx256m; repeatable; over a broker a"
              + " worker option")
  private List<String> childOptions = new ArrayList<>();

  @Option(
      names = "--child-command",
      paramLabel = "COMMAND",
      description =
          "local: run this program instead of a JVM as child; it must implement"
              + " docs/child-protocol.md; separate arguments by spaces")
  private @Nullable String childCommand;

  @Option(
      names = "--app",
      paramLabel = "PATH",
      description =
          "jar, folder of jars or folder of classes with the function; repeatable, or several"
              + " joined by ':'; not needed over a broker")
  private List<String> app = new ArrayList<>();

  @Option(
      names = "--lib",
      paramLabel = "PATH",
      description = "libraries of the app, in the same form; only added to the class path")
  private List<String> lib = new ArrayList<>();

  public BrokerUri uri() {
    BrokerUri uri = BrokerUri.parse(broker());
    return pool == null ? uri : uri.withPool(pool);
  }

  /** The given broker; {@code local:} if none was given. */
  private String broker() {
    String given = BrokerChoice.of(spec, broker, brokerFile);
    return given == null ? "local:" : given;
  }

  @Nullable String pool() {
    return pool;
  }

  @Nullable Integer maxTasksPerChild() {
    return maxTasksPerChild;
  }

  /** How long the broker may be away after the start. */
  public Duration brokerTimeout() {
    return brokerTimeout == null ? Pool.BROKER_TIMEOUT : brokerTimeout;
  }

  /** Whether the calls run in children that this process starts. */
  public boolean isLocal() {
    return uri().isLocal();
  }

  /** Whether a function's class may be unknown here, because its children are elsewhere. */
  public boolean classMayBeElsewhere() {
    return childCommand != null || !isLocal();
  }

  private List<?> initializerArguments() {
    try {
      List<?> arguments = Json.read(Payload.of(initializerArgs), List.class);
      if (arguments != null && arguments.size() <= 4) {
        return arguments;
      }
    } catch (JacksonException e) {
      // refused below
    }
    throw CommandFailure.usage(
        "--initializer-args is '"
            + initializerArgs
            + "'; must be a JSON array of up to four values, such as [\"jdbc:…\",8]");
  }

  private static void addInitializer(
      Pool.Builder builder, NamedFunction<?> function, List<?> arguments) {
    Object[] given = arguments.toArray();
    switch (given.length) {
      case 0 -> builder.initializer(function);
      case 1 -> builder.initializer(function, given[0]);
      case 2 -> builder.initializer(function, given[0], given[1]);
      case 3 -> builder.initializer(function, given[0], given[1], given[2]);
      default -> builder.initializer(function, given[0], given[1], given[2], given[3]);
    }
  }

  private void addContext(Pool.Builder builder) {
    if (childCommand == null && childOptions.isEmpty()) {
      return;
    }
    String name = childCommand == null ? "--child-option" : "--child-command";
    if (!isLocal()) {
      throw CommandFailure.usage(
          name + " is given, but over a broker the workers start the children: give it to them");
    }
    if (childCommand == null) {
      builder.context(ChildContext.jvm().options(childOptions.toArray(new String[0])));
    } else if (childOptions.isEmpty()) {
      builder.context(ChildContext.command(childCommand.strip().split("\\s+")));
    } else {
      throw CommandFailure.usage(
          "--child-option is an option of a JVM, but --child-command is given; add the option to"
              + " the command");
    }
  }

  /** The jars and folders with the function, and its libraries. */
  public List<Path> app() {
    List<Path> entries = new ArrayList<>(AppPath.resolve("--app", app));
    entries.addAll(AppPath.resolve("--lib", lib));
    return entries;
  }

  /**
   * Like {@link #builder}, for a coordinator: if it freezes, the broker must notice soon, because a
   * successor gets no outcomes before.
   */
  public Pool.Builder coordinatorBuilder(
      List<Path> appPath, TaskOptions options, PoolListener listener) {
    Pool.Builder builder = builder(appPath, options, listener);
    String uri = broker();
    return isLocal() || uri.contains("heartbeat=")
        ? builder
        : builder.uri(uri + (uri.contains("?") ? "&" : "?") + "heartbeat=5");
  }

  public Pool.Builder builder(List<Path> appPath, TaskOptions options, PoolListener listener) {
    Pool.Builder builder =
        Pool.builder().uri(broker()).classPath(appPath).options(options).listener(listener);
    builder.tracing(Telemetry.start("warren"));
    if (pool != null) {
      builder.name(pool);
    }
    addContext(builder);
    if (initializer != null) {
      addInitializer(builder, NamedFunction.of(initializer, Object.class), initializerArguments());
    }
    if (processes != null) {
      builder.processes(positive("--processes", processes));
    }
    if (brokerTimeout != null) {
      builder.brokerTimeout(BrokerOptions.checkedTimeout(brokerTimeout));
    }
    if (maxTasksPerChild != null) {
      builder.maxTasksPerChild(positive("--max-tasks-per-child", maxTasksPerChild));
    }
    if (maxMemoryPerChild != null) {
      builder.maxMemoryPerChild(maxMemoryPerChild.bytes());
    }
    if (hardMaxMemoryPerChild != null) {
      builder.hardMaxMemoryPerChild(hardMaxMemoryPerChild.bytes());
    }
    return builder;
  }

  public static int positive(String name, int value) {
    if (value < 1) {
      throw CommandFailure.usage(name + " is " + value + "; must be at least 1");
    }
    return value;
  }
}
