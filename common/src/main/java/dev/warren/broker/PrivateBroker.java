package dev.warren.broker;

import dev.warren.lifecycle.NamedThreads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A RabbitMQ server of this process's own: the installed one, on loopback only, on free ports, with
 * a user and a folder of its own; a broker that already runs on this machine is not touched. For
 * demonstrations and tests. Works as any user. Thread-safe; every method blocks.
 *
 * <p>It ends with {@link #close()}. Should this JVM die first, however it does, a small guard
 * process (a shell that waits for the end of its input) kills the server and removes its folder.
 */
public final class PrivateBroker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PrivateBroker.class);
  private static final Path BIN = Path.of("/usr/lib/rabbitmq/bin");
  private static final String READY = "Server startup complete";
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
  private static final int ATTEMPTS = 3;

  /**
   * The guard: each line it reads is the pid to kill when its input ends, 0 for none. Then the port
   * mapper daemon goes, which Erlang leaves running, and the folder.
   */
  private static final String GUARD =
      """
      pid=0
      while read -r line; do pid=$line; done
      if [ "$pid" -gt 0 ]; then kill -KILL "$pid"; fi
      for attempt in 1 2 3 4 5 6 7 8 9 10; do epmd -kill && break; sleep 0.1; done
      rm -rf "$1"
      """;

  private final Path folder;
  private final Map<String, String> environment;
  private final String uri;
  private final Process guard;
  // guarded by this, as is all that follows
  private @Nullable Server server;
  private boolean closed;

  private PrivateBroker(Path folder, Ports ports, String password) throws IOException {
    this.folder = folder;
    this.environment = environment(folder, ports);
    this.uri = "amqp://warren:" + password + "@127.0.0.1:" + ports.amqp + "/";
    this.guard = guard(folder, environment);
  }

  /** Whether a RabbitMQ server is installed that {@link #start()} can run. */
  public static boolean isInstalled() {
    return Files.isExecutable(BIN.resolve("rabbitmq-server"));
  }

  /**
   * Starts a server and waits until it takes connections, typically 6 to 17 seconds.
   *
   * @throws BrokerException if none is installed or it does not start; the message has its last
   *     lines
   */
  public static PrivateBroker start() throws InterruptedException {
    if (!isInstalled()) {
      throw new BrokerException(
          "RabbitMQ is not installed ("
              + BIN.resolve("rabbitmq-server")
              + "); on Debian: apt-get install --no-install-recommends rabbitmq-server");
    }
    for (int attempt = 1; ; attempt++) {
      PrivateBroker broker = prepared();
      try {
        broker.restart();
        return broker;
      } catch (BrokerException e) {
        broker.close();
        // another process may have taken a port between our looking and the server's opening it
        if (attempt == ATTEMPTS || !String.valueOf(e.getMessage()).contains("addr")) {
          throw e;
        }
      } catch (InterruptedException e) {
        broker.close();
        throw e;
      }
    }
  }

  private static PrivateBroker prepared() {
    try {
      Path folder = Files.createTempDirectory("warren-rabbitmq-");
      Ports ports = Ports.free();
      String password = random();
      Path cookie = folder.resolve(".erlang.cookie");
      Files.writeString(cookie, random());
      Files.setPosixFilePermissions(cookie, PosixFilePermissions.fromString("r--------"));
      Files.writeString(folder.resolve("enabled_plugins"), "[].");
      Files.writeString(
          folder.resolve("rabbitmq.conf"),
          """
          listeners.tcp.1 = 127.0.0.1:%d
          default_user = warren
          default_pass = %s
          vm_memory_high_watermark.relative = 0.4
          disk_free_limit.absolute = 50MB
          """
              .formatted(ports.amqp, password));
      return new PrivateBroker(folder, ports, password);
    } catch (IOException e) {
      throw new UncheckedIOException("preparing a RabbitMQ server's folder", e);
    }
  }

  private static String random() {
    byte[] bytes = new byte[16];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** Where it listens, with user and password: fit for {@link BrokerUri#parse}. */
  public String uri() {
    return uri;
  }

  /** Stops it cleanly; does nothing if it is stopped. */
  public synchronized void stop() throws InterruptedException {
    end(false);
  }

  /** Kills it as a power failure would; does nothing if it is stopped. */
  public synchronized void kill() throws InterruptedException {
    end(true);
  }

  /**
   * Starts it again after {@link #stop()} or {@link #kill()}, on the same port and with the same
   * data; does nothing if it runs.
   *
   * @throws BrokerException if it does not start
   */
  public synchronized void restart() throws InterruptedException {
    if (closed) {
      throw new IllegalStateException("this broker is closed");
    }
    if (server == null) {
      Server started = Server.start(environment, folder);
      server = started;
      tellGuard(started.process.pid());
      started.awaitReady();
    }
  }

  /**
   * Runs {@code rabbitmqctl} with these arguments and returns what it printed.
   *
   * @throws BrokerException if it fails, with what it printed
   */
  public String ctl(String... arguments) throws InterruptedException {
    List<String> command = new ArrayList<>(List.of(BIN.resolve("rabbitmqctl").toString(), "-q"));
    command.addAll(List.of(arguments));
    try {
      Process process = builder(command, environment, folder).redirectErrorStream(true).start();
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
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    boolean interrupted = false;
    try {
      end(false);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    try {
      guard.getOutputStream().close();
      guard.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (IOException e) {
      log.warn("RabbitMQ's folder {} may be left over", folder, e);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void end(boolean kill) throws InterruptedException {
    Server running = server;
    if (running != null) {
      running.end(kill);
      server = null;
      tellGuard(0);
    }
  }

  private void tellGuard(long pid) {
    try {
      OutputStream out = guard.getOutputStream();
      out.write((pid + "\n").getBytes(StandardCharsets.US_ASCII));
      out.flush();
    } catch (IOException e) {
      log.warn("the guard of the RabbitMQ server in {} is gone", folder, e);
    }
  }

  private static Process guard(Path folder, Map<String, String> environment) throws IOException {
    List<String> command = List.of("/bin/sh", "-c", GUARD, "warren-guard", folder.toString());
    return builder(command, environment, Path.of("/"))
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** A process with exactly this environment, out of reach of the terminal's Ctrl-C. */
  private static ProcessBuilder builder(
      List<String> command, Map<String, String> environment, Path workingFolder) {
    List<String> whole = new ArrayList<>();
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      whole.add("/usr/bin/setsid");
    }
    whole.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(whole).directory(workingFolder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder;
  }

  private static Map<String, String> environment(Path folder, Ports ports) {
    Map<String, String> env = new LinkedHashMap<>();
    env.put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    env.put("LANG", "C.UTF-8");
    env.put("HOME", folder.toString());
    env.put("RABBITMQ_CONF_ENV_FILE", "/dev/null");
    env.put("RABBITMQ_CONFIG_FILE", folder.resolve("rabbitmq.conf").toString());
    env.put("RABBITMQ_ADVANCED_CONFIG_FILE", folder.resolve("none").toString());
    env.put("RABBITMQ_NODENAME", "warren" + ports.amqp + "@localhost");
    env.put("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1");
    env.put("RABBITMQ_NODE_PORT", String.valueOf(ports.amqp));
    env.put("RABBITMQ_DIST_PORT", String.valueOf(ports.distribution));
    env.put("RABBITMQ_MNESIA_BASE", folder.resolve("data").toString());
    env.put("RABBITMQ_LOG_BASE", folder.resolve("log").toString());
    env.put("RABBITMQ_LOGS", "-");
    env.put("RABBITMQ_PID_FILE", folder.resolve("pid").toString());
    env.put("RABBITMQ_ENABLED_PLUGINS_FILE", folder.resolve("enabled_plugins").toString());
    env.put("RABBITMQ_GENERATED_CONFIG_DIR", folder.resolve("config").toString());
    env.put("RABBITMQ_FEATURE_FLAGS_FILE", folder.resolve("feature_flags").toString());
    env.put("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}");
    env.put("ERL_EPMD_PORT", String.valueOf(ports.mapper));
    env.put("ERL_EPMD_ADDRESS", "127.0.0.1");
    env.put("ERL_CRASH_DUMP", "/dev/null");
    // makes the start script become the Erlang machine, so that signals to its pid reach it
    env.put("RUNNING_UNDER_SYSTEMD", "true");
    return env;
  }

  /** Loopback ports that are free at this moment. */
  private record Ports(int amqp, int distribution, int mapper) {
    static Ports free() throws IOException {
      InetAddress loopback = InetAddress.getLoopbackAddress();
      try (ServerSocket first = new ServerSocket(0, 1, loopback);
          ServerSocket second = new ServerSocket(0, 1, loopback);
          ServerSocket third = new ServerSocket(0, 1, loopback)) {
        return new Ports(first.getLocalPort(), second.getLocalPort(), third.getLocalPort());
      }
    }
  }

  /** One life of the server's process. Thread-safe. */
  private static final class Server {
    private static final int KEPT_LINES = 30;
    private final Process process;
    private final CountDownLatch readyOrEnded = new CountDownLatch(1);
    private final Deque<String> lastLines = new ArrayDeque<>();
    private boolean ready;

    private Server(Process process) {
      this.process = process;
    }

    static Server start(Map<String, String> environment, Path folder) {
      try {
        List<String> command = List.of(BIN.resolve("rabbitmq-server").toString());
        Process process =
            builder(command, environment, folder)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .start();
        Server server = new Server(process);
        NamedThreads.start("private-broker-output", server::read);
        return server;
      } catch (IOException e) {
        throw new UncheckedIOException("starting " + BIN.resolve("rabbitmq-server"), e);
      }
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
      if (line.contains(READY)) {
        ready = true;
        readyOrEnded.countDown();
      }
    }

    void awaitReady() throws InterruptedException {
      boolean inTime = readyOrEnded.await(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
      synchronized (this) {
        if (!ready) {
          throw new BrokerException(
              "RabbitMQ did not start"
                  + (inTime ? "" : " within " + START_LIMIT.toSeconds() + " s")
                  + "; its last lines:\n"
                  + String.join("\n", lastLines));
        }
      }
    }

    void end(boolean kill) throws InterruptedException {
      if (!kill) {
        process.destroy();
        if (process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
          return;
        }
        log.warn("RabbitMQ (pid {}) did not stop within {}: killed", process.pid(), STOP_LIMIT);
      }
      process.destroyForcibly();
      process.waitFor();
    }
  }
}
