package dev.warren.cli.kit;

import dev.warren.broker.BrokerException;
import dev.warren.cli.spelling.Closest;
import dev.warren.lifecycle.Printable;
import dev.warren.pool.BrokerUnavailableException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.Security;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Runs a picocli command with Warren's conventions: options also from the environment, durations
 * and sizes with units, each error in one line on stderr. Stateless.
 */
public final class Program {
  private static final Pattern LOGIN = Pattern.compile("://([^\\s:@/]*:[^\\s@]+)@");
  private static final Pattern SETTING = Pattern.compile("(?<![\\w.:'-])[a-z]+([A-Z][a-z]+)*\\b");
  private static final Pattern URI_LOGIN = Pattern.compile("(\\w://)\\S*@");

  private static final String WARNING = "warning: ";

  /** Warning for a password given on the command line. */
  public static final String PASSWORD_SHOWN =
      "every user of this host can see a password in the arguments (ps); use --broker-file or"
          + " the environment variable WARREN_BROKER";

  /** Commands that print this warning themselves. */
  private static final Set<String> TELL_THEMSELVES = Set.of("worker", "doctor");

  /** Commands all of whose lines are JSON if their log is. */
  private static final Set<String> SERVICES = Set.of("worker", "coordinator");

  /** Variables set by the script, the Compose file and the supervisor of a child. */
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

  /** Creates the command line of {@code command}, ready to {@code execute} in this process. */
  public static CommandLine of(Object command, Map<String, String> environment) {
    return of(command, environment, Streams.ofProcess());
  }

  /** Like {@link #of(Object, Map)}; the commands print to {@code streams}. */
  public static CommandLine of(Object command, Map<String, String> environment, Streams streams) {
    CommandLine program = new CommandLine(command, streams.factory());
    program.registerConverter(Duration.class, new DurationText());
    program.registerConverter(ByteSize.class, new ByteSize.Converter());
    program.setDefaultValueProvider(new EnvironmentDefaults(environment));
    program.setParameterExceptionHandler(
        (failure, args) -> wrongOptions(failure, args, environment));
    program.setExecutionExceptionHandler((failure, line, parsed) -> failed(failure, line));
    program.setUsageHelpAutoWidth(true);
    return program;
  }

  /** Runs the command and returns the exit code. */
  public static int run(Object command, String... args) {
    Console.guard();
    resolveNamesOften();
    CommandLine program = of(command, System.getenv());
    program.setOut(Console.writer(Console.steeringOut())); // coloured help
    program.setErr(Console.writer(System.err));
    unknownSettings(program, System.getenv())
        .forEach(
            name ->
                complain(
                    service(program, args),
                    WARNING
                        + "the environment variable "
                        + name
                        + " is not a setting of this program: settings are named after options,"
                        + " for example WARREN_POOL for --pool"));
    int exit = program.execute(args);
    if (exit == ExitCode.DONE && Arrays.stream(args).anyMatch(Program::showsPassword)) {
      List<CommandLine> parsed = program.getParseResult().asCommandLineList();
      CommandLine last = parsed.get(parsed.size() - 1);
      if (!TELL_THEMSELVES.contains(last.getCommandName())) {
        complain(last, WARNING + PASSWORD_SHOWN);
      }
    }
    return exit;
  }

  /**
   * Shortens the JVM's DNS cache, because a broker may return under another address, as containers
   * do. By default the JVM caches an address for 30 s, and an unknown name for 10 s.
   */
  private static void resolveNamesOften() {
    Security.setProperty("networkaddress.cache.ttl", "2");
    Security.setProperty("networkaddress.cache.negative.ttl", "1");
  }

  /** Variables that look like settings but are not; a misspelt one would have no effect. */
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

  /** Whether an argument is a URI with a password other than the default. */
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
    if (failure instanceof UnmatchedArgumentException unmatched) {
      message = unmatched(unmatched, message);
    }
    for (String arg : args) {
      if (arg.length() > 1 && arg.startsWith("@") && !Files.exists(Path.of(arg.substring(1)))) {
        message = "cannot read " + arg + ": no such file; @FILE reads options from a file";
      }
    }
    complain(line, message + "; see " + line.getCommandSpec().qualifiedName() + " --help");
    return ExitCode.USAGE;
  }

  /** Says what a word that is neither option nor command probably means. */
  private static String unmatched(UnmatchedArgumentException failure, String message) {
    String word = failure.getUnmatched().get(0);
    CommandLine line = failure.getCommandLine();
    if (!word.startsWith("-")) {
      String hint = Closest.hint(word, line.getSubcommands().keySet());
      return line.getSubcommands().isEmpty() ? message : "unknown command '" + word + "'" + hint;
    }
    String name = word.replaceFirst("=.*", "");
    return "Unknown option: '"
        + word
        + "'"
        + Closest.hint(name, line.getCommandSpec().optionsMap().keySet());
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
    if (failure instanceof BrokerException || failure instanceof BrokerUnavailableException) {
      complain(line, failure.getMessage());
      return ExitCode.BROKER;
    }
    if (failure instanceof IllegalArgumentException && failure.getMessage() != null) {
      complain(line, namingOptions(failure.getMessage(), line));
      return ExitCode.USAGE;
    }
    if (failure instanceof FileSystemException file && file.getFile() != null) {
      complain(line, "cannot use " + file.getFile() + ": " + reason(file));
      return ExitCode.USAGE;
    }
    throw failure; // a bug: the stack trace helps
  }

  /** Writes the names of Java's settings, {@code timeLimit}, as the command's options. */
  private static String namingOptions(String message, CommandLine line) {
    Set<String> options = line.getCommandSpec().optionsMap().keySet();
    return SETTING
        .matcher(message)
        .replaceAll(
            setting -> {
              String option =
                  "--" + setting.group().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
              boolean named =
                  setting.start() == 0
                      || !option.equals("--" + setting.group())
                      || message.startsWith(", which is", setting.end());
              return Matcher.quoteReplacement(
                  named && options.contains(option) ? option : setting.group());
            });
  }

  /**
   * The reason in words, because the message of Java's most frequent file exceptions is just the
   * file's name.
   */
  private static String reason(FileSystemException e) {
    if (e instanceof NoSuchFileException) {
      return "no such file or folder";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    return e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
  }

  /** Masks everything between a URI's scheme and its last @, which may be a password. */
  static String masked(String message) {
    return URI_LOGIN.matcher(message).replaceAll("$1***@");
  }

  /** The command that the arguments name, with the format of its log; else the program. */
  private static CommandLine service(CommandLine program, String... args) {
    CommandLine named = args.length == 0 ? null : program.getSubcommands().get(args[0]);
    if (named == null || !SERVICES.contains(named.getCommandName())) {
      return program;
    }
    try {
      program.parseArgs(args);
    } catch (ParameterException e) {
      return named; // reported when the command is executed
    }
    return named;
  }

  private static boolean logsJson(CommandLine line) {
    return SERVICES.contains(line.getCommandName())
        && "json".equals(line.getCommandSpec().findOption("--log-format").getValue());
  }

  private static void complain(CommandLine line, @Nullable String message) {
    PrintWriter err = line.getErr();
    String text = message == null ? "failed" : Printable.line(masked(message));
    String name = line.getCommandSpec().root().name() + ":";
    if (logsJson(line)) {
      boolean warns = text.startsWith(WARNING);
      err.println(
          Logging.json(
              warns ? Level.WARN : Level.ERROR, warns ? text.substring(WARNING.length()) : text));
      err.flush();
      return;
    }
    if (Ansi.AUTO.enabled()) {
      Console.steeringErr().print(Ansi.AUTO.string("@|bold,red " + name + "|@"));
    } else {
      err.print(name);
    }
    err.println(" " + text);
    err.flush();
  }
}
