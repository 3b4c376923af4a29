package dev.warren.worker.supervise.process;

import dev.warren.lifecycle.Logs;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;

/**
 * Selects the folder in which children start: the one in which this process was started, or the
 * root folder if that one was deleted. A JVM does not start in a deleted folder. The folder is
 * always set by name, since a deployment may delete it and create another one with the same name: a
 * child would inherit the deleted one. Thread-safe.
 */
public final class WorkingFolder {
  private static final Logger log = Logs.of(WorkingFolder.class);

  private final Path own;
  private final AtomicBoolean told = new AtomicBoolean();

  /**
   * Creates the selection.
   *
   * @param own the working folder of this process, absolute
   */
  public WorkingFolder(Path own) {
    this.own = own;
  }

  /** For {@link ProcessBuilder#directory}. */
  public File ofChildren() {
    if (Files.isDirectory(own)) {
      return own.toFile();
    }
    Path root = own.getRoot();
    if (!told.getAndSet(true)) {
      log.warn(
          "the working folder {} was deleted: children start in {} instead; restart this program"
              + " from a folder that is not deleted",
          own,
          root);
    }
    return root.toFile();
  }
}
