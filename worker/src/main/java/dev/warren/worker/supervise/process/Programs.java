package dev.warren.worker.supervise.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Programs of the system that Warren uses if they are installed. */
public final class Programs {
  private static final List<String> OWN_SESSION = find("setsid");
  private static final List<String> LOW_PRIORITY = find("nice");
  private static final List<String> SHELL = find("sh");

  private Programs() {}

  /**
   * Prefix of a command to run it in a separate session, where a Ctrl-C for the supervisor does not
   * reach it; empty if the system has no {@code setsid}.
   */
  public static List<String> ownSession() {
    return OWN_SESSION;
  }

  /** Prefix of a command to run it with low priority; empty if the system has no {@code nice}. */
  public static List<String> lowPriority() {
    return LOW_PRIORITY;
  }

  /** The shell; empty if the system has none. */
  public static List<String> shell() {
    return SHELL;
  }

  /**
   * Explains in one line why a command could not be started; names the program that was meant, not
   * the prefixes.
   */
  static String cannotStart(ProcessBuilder builder, IOException why) {
    List<String> command = builder.command();
    List<String> meant = command.subList(command.indexOf(first(OWN_SESSION)) + 1, command.size());
    String text = String.valueOf(why.getMessage());
    String reason = text.substring(text.lastIndexOf("error=") < 0 ? 0 : text.lastIndexOf("error="));
    if (!reason.startsWith("error=7")) {
      return "cannot start " + first(meant) + ": " + reason;
    }
    long all = 0;
    long longest = 0;
    for (String argument : meant) {
      all += argument.length() + 1L;
      longest = Math.max(longest, argument.length());
    }
    long variables = 0;
    for (var variable : builder.environment().entrySet()) {
      long length = variable.getKey().length() + variable.getValue().length() + 2L;
      variables += length;
      longest = Math.max(longest, length);
    }
    return "cannot start "
        + first(meant)
        + ": its arguments ("
        + all
        + " bytes) and environment ("
        + variables
        + " bytes, the longest of all "
        + longest
        + ") exceed the system's limits (131072 bytes for one, 'getconf ARG_MAX' for all);"
        + " shorten them, for example with --child-env";
  }

  private static String first(List<String> command) {
    return command.isEmpty() ? "" : command.get(0);
  }

  private static List<String> find(String program) {
    for (String folder : new String[] {"/usr/bin", "/bin", "/usr/local/bin"}) {
      if (Files.isExecutable(Path.of(folder, program))) {
        return List.of(folder + "/" + program);
      }
    }
    return List.of();
  }
}
