package dev.warren.testkit.server;

import dev.warren.broker.BrokerException;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.NamedThreads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/** One run of a private server's process, from its start until it has ended. Thread-safe. */
final class ServerProcess {
  private static final Logger log = Logs.of(ServerProcess.class);
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
  private static final int KEPT_LINES = 30;

  private final String name;
  private final String readyText;
  private final Process process;
  private final CountDownLatch readyOrEnded = new CountDownLatch(1);
  // guarded by this
  private final Deque<String> lastLines = new ArrayDeque<>();
  // guarded by this
  private boolean ready;

  private ServerProcess(String name, String readyText, Process process) {
    this.name = name;
    this.readyText = readyText;
    this.process = process;
  }

  /** Starts a RabbitMQ server, without waiting. */
  static ServerProcess start(ServerNode node) {
    return start(
        "RabbitMQ",
        "Server startup complete",
        node.process(node.installation().server("rabbitmq-server")));
  }

  /**
   * Starts a server, without waiting.
   *
   * @param readyText part of the line that the server writes when it accepts connections
   */
  static ServerProcess start(String name, String readyText, ProcessBuilder builder) {
    try {
      Process process =
          builder
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectErrorStream(true)
              .start();
      ServerProcess server = new ServerProcess(name, readyText, process);
      NamedThreads.start("private-broker-output", server::read);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException("starting " + name, e);
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        log.debug("{}", line);
        keep(line);
      }
    } catch (IOException e) {
      log.debug("the server's output ended", e);
    } finally {
      readyOrEnded.countDown();
    }
  }

  private synchronized void keep(String line) {
    if (lastLines.size() == KEPT_LINES) {
      lastLines.removeFirst();
    }
    lastLines.addLast(line);
    if (line.contains(readyText)) {
      ready = true;
      readyOrEnded.countDown();
    }
  }

  /**
   * Waits until the server accepts connections.
   *
   * @throws BrokerException if it ends instead or takes longer than two minutes, with its last
   *     lines of output
   */
  void awaitReady() throws InterruptedException {
    boolean inTime = readyOrEnded.await(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
    synchronized (this) {
      if (!ready) {
        throw new BrokerException(
            name
                + " did not start"
                + (inTime ? "" : " within " + START_LIMIT.toSeconds() + " s")
                + "; its last lines:\n"
                + String.join("\n", lastLines));
      }
    }
  }

  /** Waits until the process has ended; returns false if it takes longer than 30 seconds. */
  boolean awaitEnd() throws InterruptedException {
    return process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  /** Stops the server cleanly, or kills it if it does not stop within 30 seconds. */
  void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      log.warn("{} (pid {}) did not stop within {}: killed", name, process.pid(), STOP_LIMIT);
      kill();
    }
  }

  /** Kills the server, as a power failure would. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }
}
