package dev.warren.worker.supervise;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Programs of the system that Warren uses where they are there. */
final class Programs {
  private static final List<String> OWN_SESSION = find("setsid");

  private Programs() {}

  /**
   * What to put in front of a command so that it runs in a session of its own, where a Ctrl-C meant
   * for the supervisor does not reach it; nothing where the system has no {@code setsid}.
   */
  static List<String> ownSession() {
    return OWN_SESSION;
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
