package dev.warren.cli.kit;

import dev.warren.broker.BrokerException;
import dev.warren.lifecycle.Printable;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.security.Security;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * Runs a picocli command the way all of Warren's run: options also from the environment, durations
 * and sizes with their units, each error in one line on stderr.
 */
public final class Program {
  private static final Pattern LOGIN = Pattern.compile("://([^\\s:@/]*:[^\\s@]+)@");
  private static final Pattern URI_LOGIN = Pattern.compile("(\\w://)\\S*@");

  /** What to tell whoever gave a password on the command line. */
  public static final String PASSWORD_SHOWN =
      "every user of this host can see a password among the arguments (ps); use --broker-file, or"
          + " the variable WARREN_BROKER";

  /** Commands that tell this at their start, or among their findings. */
  private static final Set<String> TELL_THEMSELVES = Set.of("worker", "doctor");

  /** What the script, the Compose file and the supervisor of a child set. */
  private static final Set<String> OTHER_VARIABLES =
      Set.of(
          "WARREN_APPS",
          "WARREN_CHILD",
          "WARREN_JARS",
          "WARREN_JVM_OPTIONS",
          "WARREN_LINK",
          "WARREN_LINK_TOKEN",
          "WARREN_RABBITMQ_IMAGE",
          "WARREN_SUPERVISOR",
          "WARREN_WORKERS");

  private Program() {}

  /** The command line for {@code command}, ready to {@code execute}. */
  public static CommandLine of(Object command, Map<String, String> environment) {
    CommandLine program = new CommandLine(command);
    program.registerConverter(Duration.class, new DurationText());
    program.registerConverter(ByteSize.class, new ByteSize.Converter());
    program.setDefaultValueProvider(new EnvironmentDefaults(environment));
    program.setParameterExceptionHandler(
        (failure, args) -> wrongOptions(failure, args, environment));
    program.setExecutionExceptionHandler((failure, line, parsed) -> failed(failure, line));
    program.setUsageHelpAutoWidth(true);
    return program;
  }

  /** Runs and gives the exit code. */
  public static int run(Object command, String... args) {
    Console.guard();
    resolveNamesOften();
    CommandLine program = of(command, System.getenv());
    program.setOut(Console.writer(Console.steeringOut())); // help, in colours
    program.setErr(Console.writer(System.err));
    unknownSettings(program, System.getenv())
        .forEach(
            name ->
                complain(
                    program,
                    "warning: the variable "
                        + name
                        + " is none of this program's settings: they are named as its options are,"
                        + " WARREN_POOL for --pool"));
    int exit = program.execute(args);
    if (exit == ExitCode.DONE && Arrays.stream(args).anyMatch(Program::showsPassword)) {
      List<CommandLine> parsed = program.getParseResult().asCommandLineList();
      if (!TELL_THEMSELVES.contains(parsed.get(parsed.size() - 1).getCommandName())) {
        complain(program, "warning: " + PASSWORD_SHOWN);
      }
    }
    return exit;
  }

  /**
   * A broker may come back under another address, as containers do. The JVM otherwise remembers an
   * address for 30 s, and for 10 s that a name is unknown.
   */
  private static void resolveNamesOften() {
    Security.setProperty("networkaddress.cache.ttl", "2");
    Security.setProperty("networkaddress.cache.negative.ttl", "1");
  }

  /** Variables that look like settings and are none: misspelt ones would have no effect. */
  static List<String> unknownSettings(CommandLine program, Map<String, String> environment) {
    Set<String> known = new HashSet<>(OTHER_VARIABLES);
    addSettings(program, known);
    return environment.keySet().stream()
        .filter(name -> name.startsWith("WARREN_") && !known.contains(name))
        .sorted()
        .toList();
  }

  private static void addSettings(CommandLine command, Set<String> known) {
    command
        .getCommandSpec()
        .options()
        .forEach(option -> known.add(EnvironmentDefaults.variable(option)));
    command.getSubcommands().values().forEach(sub -> addSettings(sub, known));
  }

  /** Whether an argument is a URI with a password that somebody has chosen. */
  public static boolean showsPassword(String arg) {
    Matcher login = LOGIN.matcher(arg);
    return login.find() && !login.group(1).equals("guest:guest");
  }

  private static int wrongOptions(
      ParameterException failure, String[] args, Map<String, String> environment) {
    CommandLine line = failure.getCommandLine();
    String message = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    if (failure.getArgSpec() instanceof OptionSpec option && fromEnvironment(option, args)) {
      String variable = EnvironmentDefaults.variable(option);
      message += environment.containsKey(variable) ? " (from " + variable + ")" : "";
    }
    complain(line, message + "; see " + line.getCommandSpec().qualifiedName() + " --help");
    return ExitCode.USAGE;
  }

  private static boolean fromEnvironment(OptionSpec option, String[] args) {
    return Arrays.stream(args)
        .noneMatch(
            arg ->
                Arrays.stream(option.names()).anyMatch(n -> arg.equals(n) || startsWith(arg, n)));
  }

  private static boolean startsWith(String arg, String name) {
    return arg.startsWith(name + "=");
  }

  private static int failed(Exception failure, CommandLine line) throws Exception {
    if (failure instanceof CommandFailure known) {
      complain(line, known.getMessage());
      return known.exitCode();
    }
    if (failure instanceof BrokerException) {
      complain(line, failure.getMessage());
      return ExitCode.BROKER;
    }
    if (failure instanceof IllegalArgumentException && failure.getMessage() != null) {
      complain(line, failure.getMessage());
      return ExitCode.USAGE;
    }
    if (failure instanceof FileSystemException file && file.getFile() != null) {
      complain(line, "cannot use " + file.getFile() + ": " + reason(file));
      return ExitCode.USAGE;
    }
    throw failure; // a fault of ours: its stack is what helps
  }

  /** Of the most frequent ones Java says the file's name alone. */
  private static String reason(FileSystemException e) {
    if (e instanceof NoSuchFileException) {
      return "no such file or folder";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    return e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
  }

  /** Without what stands between the scheme and the last @ of a URI: that may be a password. */
  static String masked(String message) {
    return URI_LOGIN.matcher(message).replaceAll("$1***@");
  }

  private static void complain(CommandLine line, @Nullable String message) {
    PrintWriter err = line.getErr();
    String name = line.getCommandSpec().root().name() + ":";
    if (Ansi.AUTO.enabled()) {
      Console.steeringErr().print(Ansi.AUTO.string("@|bold,red " + name + "|@"));
    } else {
      err.print(name);
    }
    err.println(" " + (message == null ? "failed" : Printable.line(masked(message))));
    err.flush();
  }
}
