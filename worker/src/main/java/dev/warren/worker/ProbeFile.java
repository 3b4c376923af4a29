package dev.warren.worker;

import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * A file whose age answers an orchestrator's probe without starting a program: liveness (the worker
 * does not hang) or readiness (it accepts tasks). Touched every {@link #INTERVAL_MS} while the
 * answer is yes. Immutable.
 *
 * @param path null for none
 */
public record ProbeFile(@Nullable Path path) {
  private static final Logger log = Logs.of(ProbeFile.class);

  /** Interval of touches, in milliseconds. A probe should fail only after several times this. */
  public static final long INTERVAL_MS = 2000;

  /** Calls {@link #touch} or {@link #remove}. */
  void set(boolean yes) {
    if (yes) {
      touch();
    } else {
      remove();
    }
  }

  /** Creates the file and its folder, or sets its time to now. A failure is only logged. */
  public void touch() {
    if (path == null) {
      return;
    }
    try {
      Path folder = path.getParent();
      if (folder != null && !Files.isDirectory(folder)) {
        Files.createDirectories(folder);
      }
      if (!Files.exists(path)) {
        Files.createFile(path);
      }
      Files.setLastModifiedTime(path, FileTime.fromMillis(TimeSource.SYSTEM.epochMillis()));
    } catch (IOException e) {
      log.warn("probe file {} cannot be touched: {}", path, e.toString());
    }
  }

  /** Answers no at once. A failure is only logged; the file then grows old. */
  public void remove() {
    if (path == null) {
      return;
    }
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      log.warn("probe file {} cannot be removed: {}", path, e.toString());
    }
  }
}
