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
 * A tiny shell process that outlives the supervisor by a moment: when the supervisor's end of its
 * standard input closes, by whatever death, it kills every process that carries the supervisor's
 * mark and removes the link's folder. Needs /proc; elsewhere children end by their link's end
 * alone.
 */
public final class OrphanGuard {
  private static final Logger log = Logs.of(OrphanGuard.class);

  // $1: the mark, $2: the folder. Looks again until nothing is found, since what it kills may fork.
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
   * Starts a guard for the supervisor with this id; where that is impossible, warns and goes on.
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
      log.warn("no guard process; children end by their link if this supervisor is killed", e);
      return new OrphanGuard(null);
    }
  }

  /** Has the guard do its work now, and waits for it, at most 5 s. */
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
      log.debug("guard did not take its end", e);
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
