package dev.warren.testkit.server;

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
 * A RabbitMQ server that this process starts for itself: the installed one or another, on loopback
 * only, on free ports, with its own user and folder. A broker that already runs on this machine is
 * not affected. For demonstrations and tests. The installed server runs under any user account.
 * Thread-safe; every method blocks.
 *
 * <p>It ends with {@link #close()}. If this JVM dies first, in any way, a small guard process (a
 * shell that waits for the end of its input) kills the server and removes its folder.
 */
public final class PrivateBroker implements AutoCloseable {
  private static final Logger log = Logs.of(PrivateBroker.class);
  private static final Duration GUARD_LIMIT = Duration.ofSeconds(30);
  private static final int ATTEMPTS = 3;

  /**
   * The guard script. Each line it reads is the pid to kill when its input ends, 0 for none. It
   * then removes the folder and stops the port mapper daemon (epmd), which Erlang leaves running;
   * epmd refuses while another node of the cluster lives, and the last guard succeeds.
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
  // guarded by this, like all fields below
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
   * Starts the installed server and waits until it accepts connections, typically 6 to 17 seconds.
   *
   * @throws BrokerException if none is installed or it does not start; the message has its last
   *     lines of output
   */
  public static PrivateBroker start() throws InterruptedException {
    return start(ServerSettings.of(ServerInstallation.own()));
  }

  /**
   * Starts a server with these settings, like {@link #start()}.
   *
   * @throws BrokerException if it is not installed or does not start; the message has its last
   *     lines of output
   */
  public static PrivateBroker start(ServerSettings settings) throws InterruptedException {
    return startCluster(settings, 1).get(0);
  }

  /**
   * Starts {@code nodes} servers that form one cluster and waits until all accept connections. They
   * share user and password; each must be closed separately. Servers of RabbitMQ 3 are started one
   * by one, because they do not reliably find each other when started together.
   *
   * @throws BrokerException as {@link #start(ServerSettings)}; no server is left running then
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
        // another process may have taken a port between our check and the server's start
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

  /** The server's URI with user and password, fit for {@code BrokerUri.parse}. */
  public String uri() {
    return node.uri();
  }

  /** The port for AMQP. */
  public int port() {
    return node.ports().amqp();
  }

  /** The node's name in a cluster, as used by rabbitmqctl. */
  public String nodeName() {
    return node.name();
  }

  /** Stops the server cleanly; does nothing if it is stopped. */
  public synchronized void stop() throws InterruptedException {
    ServerProcess running = server;
    if (running != null) {
      running.stop();
      ended();
    }
  }

  /** Kills the server, as a power failure would; does nothing if it is stopped. */
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
   * Starts the server again after {@link #stop()} or {@link #kill()}, on the same port and with the
   * same data, and waits until it accepts connections. Returns at once if it is running.
   *
   * @throws BrokerException if it does not start
   */
  public synchronized void restart() throws InterruptedException {
    launch().awaitReady();
  }

  /**
   * Starts the server again like {@link #restart()}, without waiting: cluster nodes wait for each
   * other.
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
   * Runs {@code rabbitmqctl} with these arguments and returns its output.
   *
   * @throws BrokerException if it fails, with its output
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

  /** Stops the server and removes its files. Idempotent. */
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
      log.warn("cannot remove RabbitMQ's folder {}", node.folder(), e);
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
