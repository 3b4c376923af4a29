package dev.warren.worker.supervise.process;

import dev.warren.lifecycle.Logs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * A small shell process that outlives the supervisor briefly: when the supervisor's end of its
 * standard input closes, however the supervisor ends, it kills every process that carries the
 * supervisor's mark and deletes the link's folder. Needs /proc; on other systems children end only
 * because their link closes.
 */
public final class OrphanGuard {
  private static final Logger log = Logs.of(OrphanGuard.class);

  // $1: the mark, $2: the folder. Repeats until nothing is found, since a process may fork before
  // it is killed.
  private static final String SCRIPT =
      """
      trap '' INT TERM HUP
      read -r ignored
      cd /
      round=0
      while [ $round -lt 50 ]; do
        found=
        for file in $(grep -lzxF -- "$1" /proc/[0-9]*/environ 2>/dev/null); do
          pid=${file#/proc/}; pid=${pid%/environ}
          kill -9 "$pid" 2>/dev/null && found=1
        done
        [ -n "$found" ] || break
        round=$((round + 1))
      done
      rm -rf -- "$2"
      """;

  private final @Nullable Process process;

  private OrphanGuard(@Nullable Process process) {
    this.process = process;
  }

  /**
   * Starts a guard for the supervisor with this id; if that fails, logs a warning and continues
   * without.
   */
  public static OrphanGuard start(String supervisor, Path folder) {
    if (!Files.isDirectory(Path.of("/proc/self"))) {
      return new OrphanGuard(null);
    }
    List<String> command = new ArrayList<>(Programs.ownSession());
    command.addAll(List.of("/bin/sh", "-c", SCRIPT, "warren-guard"));
    command.add(ProcessTree.SUPERVISOR_VARIABLE + "=" + supervisor);
    command.add(folder.toString());
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    String path = environment.getOrDefault("PATH", "/usr/bin:/bin");
    environment.clear();
    environment.put("PATH", path);
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    try {
      return new OrphanGuard(builder.start());
    } catch (IOException e) {
      log.warn(
          "no guard process; if this supervisor is killed, children end only when their link closes",
          e);
      return new OrphanGuard(null);
    }
  }

  /** Makes the guard kill what is left now, and waits for it for at most 5 s. */
  public void close() {
    if (process == null) {
      return;
    }
    try {
      process.getOutputStream().close();
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      log.debug("could not close the guard's input", e);
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
