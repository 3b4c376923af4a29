package dev.warren.worker.supervise.process;

import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.worker.config.ChildOutput;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;

/**
 * Captures a child's output: passes it on line by line with the child's name and running call, and
 * keeps the last lines of stderr as evidence. One thread per stream. Thread-safe.
 */
public final class OutputCapture {
  static final int KEPT_LINES = 20;

  /** Longer lines are cut into several. */
  static final int MAX_CHARACTERS = 8 * 1024;

  private static final Logger log = Logs.of(OutputCapture.class);

  private final String child;
  private final long pid;
  private final ChildOutput output;
  private final ArrayDeque<String> lastErrors = new ArrayDeque<>(); // guarded by itself
  private final CompletableFuture<Void> errorsEnded = new CompletableFuture<>();
  // written by the loop, read by the capturing threads, as a label only
  private volatile String call = "";

  /**
   * Creates a capture; {@link #start} begins its work.
   *
   * @param pid the child's process id, for the output
   */
  public OutputCapture(String child, long pid, ChildOutput output) {
    this.child = child;
    this.pid = pid;
    this.output = output;
  }

  /** Starts to read both streams until they end. */
  void start(InputStream out, InputStream err) {
    NamedThreads.start("child-stdout", () -> readOut(out));
    NamedThreads.start("child-stderr", () -> readErrors(err));
  }

  /** Reads stdout until its end. */
  public void readOut(InputStream out) {
    lines(out, this::outLine);
  }

  /** Reads stderr until its end. */
  public void readErrors(InputStream err) {
    lines(err, this::errorLine);
    errorsEnded.complete(null);
  }

  /** Sets the label of the following lines in the log. */
  public void runningCall(String text) {
    call = text;
  }

  /** Completes when stderr has ended. */
  public CompletableFuture<Void> errorsEnded() {
    return errorsEnded;
  }

  public List<String> lastErrors() {
    synchronized (lastErrors) {
      return List.copyOf(lastErrors);
    }
  }

  private void outLine(String line) {
    passOn(false, line);
  }

  private void errorLine(String line) {
    if (isOptionsBanner(line)) {
      log.debug("[{}] picked up JVM options from a variable", child);
      return;
    }
    synchronized (lastErrors) {
      lastErrors.addLast(line);
      if (lastErrors.size() > KEPT_LINES) {
        lastErrors.removeFirst();
      }
    }
    passOn(true, line);
  }

  /** Passes a line on; this thread must live, because a child whose output is not read blocks. */
  private void passOn(boolean error, String line) {
    try {
      output.take(new ChildOutput.Line(child, pid, call, error, line));
    } catch (RuntimeException | Error e) {
      log.error("a line that child {} printed could not be passed on", child, e);
    }
  }

  /**
   * Whether a JVM prints it because of {@code JAVA_TOOL_OPTIONS}: not evidence, and possibly
   * secret.
   */
  static boolean isOptionsBanner(String line) {
    int from = line.startsWith("NOTE: ") ? "NOTE: ".length() : 0;
    int colon = line.indexOf(": ", from);
    return line.startsWith("Picked up ", from)
        && colon > 0
        && line.substring(from, colon).endsWith("OPTIONS");
  }

  private void lines(InputStream stream, java.util.function.Consumer<String> each) {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      StringBuilder line = new StringBuilder();
      for (int c = reader.read(); c >= 0; c = reader.read()) {
        if (c != '\n') {
          line.append((char) c);
        }
        if (c == '\n' || line.length() == MAX_CHARACTERS) {
          each.accept(line.toString());
          line.setLength(0);
        }
      }
      if (line.length() > 0) {
        each.accept(line.toString());
      }
    } catch (IOException e) {
      log.debug("output of {} ended: {}", child, e.getMessage());
    }
  }
}
