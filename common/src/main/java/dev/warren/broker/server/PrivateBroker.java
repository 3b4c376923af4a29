package dev.warren.broker.server;

import dev.warren.broker.BrokerException;
import dev.warren.lifecycle.Logs;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * A RabbitMQ server of this process's own: the installed one or another, on loopback only, on free
 * ports, with a user and a folder of its own; a broker that already runs on this machine is not
 * touched. For demonstrations and tests. The installed one runs as any user. Thread-safe; every
 * method blocks.
 *
 * <p>It ends with {@link #close()}. Should this JVM die first, however it does, a small guard
 * process (a shell that waits for the end of its input) kills the server and removes its folder.
 */
public final class PrivateBroker implements AutoCloseable {
  private static final Logger log = Logs.of(PrivateBroker.class);
  private static final Duration GUARD_LIMIT = Duration.ofSeconds(30);
  private static final int ATTEMPTS = 3;

  /**
   * The guard: each line it reads is the pid to kill when its input ends, 0 for none. Then the
   * folder $1 goes, and the port mapper daemon, which Erlang leaves running; it refuses while
   * another node of a cluster lives, whose own guard comes last then.
   */
  private static final String GUARD =
      """
      pid=0
      while read -r line; do pid=$line; done
      if [ "$pid" -gt 0 ]; then kill -KILL "$pid"; fi
      for attempt in 1 2 3 4 5; do "$@" && break; sleep 0.1; done
      rm -rf "$HOME"
      """;

  private final ServerNode node;
  private final Process guard;
  // guarded by this, as is all that follows
  private @Nullable ServerProcess server;
  private boolean closed;

  private PrivateBroker(ServerNode node) throws IOException {
    this.node = node;
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", GUARD, "warren-guard"));
    command.addAll(node.installation().command("epmd", "-kill"));
    this.guard =
        node.process(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
  }

  /** Whether a RabbitMQ server is installed that {@link #start()} can run. */
  public static boolean isInstalled() {
    return ServerInstallation.own().isThere();
  }

  /**
   * Starts the installed server and waits until it takes connections, typically 6 to 17 seconds.
   *
   * @throws BrokerException if none is installed or it does not start; the message has its last
   *     lines
   */
  public static PrivateBroker start() throws InterruptedException {
    return start(ServerSettings.of(ServerInstallation.own()));
  }

  /**
   * Starts a server with these settings, as {@link #start()} does.
   *
   * @throws BrokerException if it is not there or does not start; the message has its last lines
   */
  public static PrivateBroker start(ServerSettings settings) throws InterruptedException {
    return startCluster(settings, 1).get(0);
  }

  /**
   * Starts that many servers that form one cluster, in the order of their names, and waits until
   * all take connections. They share user and password; each is closed by itself. Those of RabbitMQ
   * 3 are started one by one: they do not reliably find each other when they start together.
   *
   * @throws BrokerException as {@link #start(ServerSettings)}; none is left running then
   */
  public static List<PrivateBroker> startCluster(ServerSettings settings, int nodes)
      throws InterruptedException {
    settings.installation().require();
    for (int attempt = 1; ; attempt++) {
      List<PrivateBroker> brokers = prepare(settings, nodes);
      try {
        boolean together = !settings.installation().version().startsWith("3.");
        for (PrivateBroker broker : brokers) {
          if (together) {
            broker.launch();
          } else {
            broker.restart();
          }
        }
        for (PrivateBroker broker : brokers) {
          broker.restart();
        }
        return brokers;
      } catch (BrokerException e) {
        brokers.forEach(PrivateBroker::abandon);
        // another process may have taken a port between our looking and the server's opening it
        if (attempt == ATTEMPTS || !String.valueOf(e.getMessage()).contains("addr")) {
          throw e;
        }
      } catch (InterruptedException e) {
        brokers.forEach(PrivateBroker::abandon);
        throw e;
      }
    }
  }

  private static List<PrivateBroker> prepare(ServerSettings settings, int nodes) {
    try {
      List<PrivateBroker> brokers = new ArrayList<>();
      for (ServerNode node : ServerNode.prepare(settings, nodes)) {
        brokers.add(new PrivateBroker(node));
      }
      return brokers;
    } catch (IOException e) {
      throw new UncheckedIOException("preparing a RabbitMQ server's folder", e);
    }
  }

  /** Where it listens, with user and password: fit for {@code BrokerUri.parse}. */
  public String uri() {
    return node.uri();
  }

  /** The port it listens on. */
  public int port() {
    return node.ports().amqp();
  }

  /** Its name in a cluster, as rabbitmqctl gives it. */
  public String nodeName() {
    return node.name();
  }

  /** Stops it cleanly; does nothing if it is stopped. */
  public synchronized void stop() throws InterruptedException {
    ServerProcess running = server;
    if (running != null) {
      running.stop();
      ended();
    }
  }

  /** Kills it as a power failure would; does nothing if it is stopped. */
  public synchronized void kill() throws InterruptedException {
    ServerProcess running = server;
    if (running != null) {
      running.kill();
      ended();
    }
  }

  private synchronized void ended() {
    server = null;
    tellGuard(0);
  }

  /**
   * Starts it again after {@link #stop()} or {@link #kill()}, on the same port and with the same
   * data, and waits until it takes connections; returns at once if it does already.
   *
   * @throws BrokerException if it does not start
   */
  public synchronized void restart() throws InterruptedException {
    launch().awaitReady();
  }

  /**
   * Starts it again as {@link #restart()} does, and does not wait: for several nodes of a cluster,
   * which wait for each other.
   */
  public synchronized void restartLater() {
    launch();
  }

  private synchronized ServerProcess launch() {
    if (closed) {
      throw new IllegalStateException("this broker is closed");
    }
    ServerProcess running = server;
    if (running == null || !running.isAlive()) {
      running = ServerProcess.start(node);
      server = running;
      tellGuard(running.pid());
    }
    return running;
  }

  /**
   * Runs {@code rabbitmqctl} with these arguments and returns what it printed.
   *
   * @throws BrokerException if it fails, with what it printed
   */
  public String ctl(String... arguments) throws InterruptedException {
    List<String> command = new ArrayList<>(node.installation().server("rabbitmqctl", "-q"));
    command.addAll(List.of(arguments));
    try {
      Process process = node.process(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new BrokerException("rabbitmqctl " + String.join(" ", arguments) + ": " + output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException("running rabbitmqctl", e);
    }
  }

  /** Ends the server and all that belongs to it. Idempotent. */
  @Override
  public void close() {
    end(false);
  }

  private void abandon() {
    end(true);
  }

  private synchronized void end(boolean kill) {
    if (closed) {
      return;
    }
    closed = true;
    boolean interrupted = false;
    try {
      if (kill) {
        kill();
      } else {
        stop();
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    try {
      guard.getOutputStream().close();
      guard.waitFor(GUARD_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (IOException e) {
      log.warn("RabbitMQ's folder {} may be left over", node.folder(), e);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void tellGuard(long pid) {
    try {
      OutputStream out = guard.getOutputStream();
      out.write((pid + "\n").getBytes(StandardCharsets.US_ASCII));
      out.flush();
    } catch (IOException e) {
      log.warn("the guard of the RabbitMQ server in {} is gone", node.folder(), e);
    }
  }
}
