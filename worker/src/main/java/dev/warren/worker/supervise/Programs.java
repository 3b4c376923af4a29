package dev.warren.worker.supervise;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Programs of the system that Warren uses where they are there. */
final class Programs {
  private static final List<String> OWN_SESSION = find("setsid");
  private static final List<String> LOW_PRIORITY = find("nice");
  private static final List<String> SHELL = find("sh");

  private Programs() {}

  /**
   * What to put in front of a command so that it runs in a session of its own, where a Ctrl-C meant
   * for the supervisor does not reach it; nothing where the system has no {@code setsid}.
   */
  static List<String> ownSession() {
    return OWN_SESSION;
  }

  /**
   * What to put in front of a command that may wait for all others; nothing where it is unknown.
   */
  static List<String> lowPriority() {
    return LOW_PRIORITY;
  }

  /** The shell; nothing where there is none. */
  static List<String> shell() {
    return SHELL;
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
