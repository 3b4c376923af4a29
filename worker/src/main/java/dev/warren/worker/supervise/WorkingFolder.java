package dev.warren.worker.supervise;

import dev.warren.lifecycle.Logs;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Where children start: in this process's own working folder, or in the root folder once that one
 * was deleted, as a deployment does under a running worker. A JVM does not start in a folder that
 * is not there. Thread-safe.
 */
final class WorkingFolder {
  private static final Logger log = Logs.of(WorkingFolder.class);

  private final Path own;
  private final AtomicBoolean told = new AtomicBoolean();

  /**
   * Makes one.
   *
   * @param own the working folder of this process, absolute
   */
  WorkingFolder(Path own) {
    this.own = own;
  }

  /** For {@link ProcessBuilder#directory}; null for this process's own. */
  @Nullable File ofChildren() {
    if (Files.isDirectory(own)) {
      return null;
    }
    Path root = own.getRoot();
    if (!told.getAndSet(true)) {
      log.warn(
          "the working folder {} was deleted: children start in {} instead; start this program"
              + " again from a folder that stays",
          own,
          root);
    }
    return root.toFile();
  }
}
