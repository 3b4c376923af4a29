package dev.warren.worker.supervise.process;

import dev.warren.lifecycle.Logs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;

/**
 * Makes the kernel's out-of-memory killer prefer a child and its descendants over the supervisor:
 * raises the child's {@code oom_score_adj}, which descendants inherit and which any process may
 * raise for its own user's processes. Does nothing on other systems. Stateless.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_oom_score_adj.5.html">proc(5)</a>
 */
final class OomScore {
  private static final Logger log = Logs.of(OomScore.class);

  /**
   * By how much a child's score is raised, in thousandths of the memory (of the container, if its
   * limit is hit).
   */
  private static final int RAISE = 800;

  private static final int HIGHEST = 1000;

  private OomScore() {}

  /** Raises the score of a process. Blocks for some microseconds. */
  static void raise(long pid) {
    raise(Path.of("/proc"), pid);
  }

  static void raise(Path proc, long pid) {
    Path own = proc.resolve("self/oom_score_adj");
    Path child = proc.resolve(pid + "/oom_score_adj");
    try {
      if (!Files.exists(own)) {
        return;
      }
      int score = Integer.parseInt(Files.readString(own).strip());
      byte[] raised =
          Integer.toString(Math.min(HIGHEST, score + RAISE)).getBytes(StandardCharsets.US_ASCII);
      Files.write(child, raised, StandardOpenOption.WRITE);
    } catch (IOException | NumberFormatException e) {
      log.debug("child {} keeps its supervisor's oom_score_adj: {}", pid, e.toString());
    }
  }
}
