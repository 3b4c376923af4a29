package dev.warren.worker.config;

import dev.warren.lifecycle.Logs;
import org.slf4j.Logger;

/**
 * Receives what child processes print, line by line. Called on the thread that reads a child's
 * stream: while it blocks, that child's output waits. Thread-safe.
 */
@FunctionalInterface
public interface ChildOutput {
  /** Writes each line to the log {@code warren.child}: stdout as INFO, stderr as WARN. */
  ChildOutput LOG = new Logged();

  /** Takes one line. */
  void take(Line line);

  /**
   * A line of output, without its end.
   *
   * @param child the child's name
   * @param pid its process id
   * @param call label of the call that is running, for a log line; empty for none
   * @param error whether it was written to stderr
   * @param text the line as the child wrote it, at most 8192 characters; longer ones are cut into
   *     several
   */
  record Line(String child, long pid, String call, boolean error, String text) {}

  /** Writes lines to the log. */
  final class Logged implements ChildOutput {
    private static final Logger log = Logs.named("warren.child");

    @Override
    public void take(Line line) {
      if (line.error()) {
        log.warn("[{}{}] {}", line.child(), line.call(), line.text());
      } else {
        log.info("[{}{}] {}", line.child(), line.call(), line.text());
      }
    }
  }
}
