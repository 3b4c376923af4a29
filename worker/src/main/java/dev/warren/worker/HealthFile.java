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
 * The file whose age tells the machine whether this worker hangs: touched every {@link
 * #INTERVAL_MS} by a timer until there is a broker, then by the loop.
 *
 * @param path null for none
 */
record HealthFile(@Nullable Path path) {
  private static final Logger log = Logs.of(HealthFile.class);

  /** What checks may rely on: an older file, by several times this, means a worker that hangs. */
  static final long INTERVAL_MS = 2000;

  /** Makes the file, and its folder, or sets its time to now. A failure is logged, no more. */
  void touch() {
    if (path == null) {
      return;
    }
    try {
      Path folder = path.getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      if (!Files.exists(path)) {
        Files.createFile(path);
      }
      Files.setLastModifiedTime(path, FileTime.fromMillis(TimeSource.SYSTEM.epochMillis()));
    } catch (IOException e) {
      log.warn("health file {} cannot be touched: {}", path, e.getMessage());
    }
  }
}
