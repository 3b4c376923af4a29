package dev.warren.testkit.server;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.broker.BrokerException;
import dev.warren.lifecycle.Logs;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * A PostgreSQL server that this process starts for itself: the installed one, on a free port of
 * loopback, with its own folder and user. PostgreSQL refuses to run as root; for root it runs as
 * the user {@code postgres}. For tests. Thread-safe; every method blocks.
 *
 * <p>It ends with {@link #close()}. If this JVM dies first, in any way, a small guard process (a
 * shell that waits for the end of its input) stops the server and removes its folder.
 */
public final class PrivatePostgres implements AutoCloseable {
  private static final Logger log = Logs.of(PrivatePostgres.class);
  private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
  private static final String READY = "database system is ready to accept connections";
  private static final String USER = "warren";

  /** Each line it reads is the pid to stop when its input ends, 0 for none. */
  private static final String GUARD =
      """
      pid=0
      while read -r line; do pid=$line; done
      if [ "$pid" -gt 0 ]; then
        kill -QUIT "$pid"
        for i in 1 2 3 4 5 6 7 8 9; do kill -0 "$pid" 2>/dev/null || break; sleep 0.2; done
        kill -KILL "$pid" 2>/dev/null
      fi
      rm -rf "$1"
      """;

  private final Path programs;
  private final Path folder;
  private final String password;
  private final int port;
  private final Process guard;

  @GuardedBy("this")
  private @Nullable ServerProcess server;

  private PrivatePostgres(Path programs, Path folder, String password, int port, Process guard) {
    this.programs = programs;
    this.folder = folder;
    this.password = password;
    this.port = port;
    this.guard = guard;
  }

  /** Whether a PostgreSQL server is installed that {@link #start()} can run. */
  public static boolean isInstalled() {
    return programs().isPresent();
  }

  /** The programs of the newest version where Debian installs them, else those on the path. */
  private static Optional<Path> programs() {
    List<Path> folders = new ArrayList<>();
    if (Files.isDirectory(INSTALLED)) {
      try (Stream<Path> versions = Files.list(INSTALLED)) {
        versions
            .map(version -> version.resolve("bin"))
            .sorted(Comparator.reverseOrder())
            .forEach(folders::add);
      } catch (IOException e) {
        throw new UncheckedIOException("looking for PostgreSQL in " + INSTALLED, e);
      }
    }
    String path = System.getenv("PATH");
    for (String each : path == null ? List.<String>of() : List.of(path.split(File.pathSeparator))) {
      folders.add(Path.of(each));
    }
    return folders.stream()
        .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
        .filter(bin -> Files.isExecutable(bin.resolve("postgres")))
        .findFirst();
  }

  /**
   * Creates an empty database, starts the server, and waits until it accepts connections, typically
   * 3 seconds.
   *
   * @throws IllegalStateException if it is not installed or does not start, with its output
   */
  public static PrivatePostgres start() throws InterruptedException {
    Path programs =
        programs()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "PostgreSQL is not installed; on Debian: apt-get install --no-install-recommends postgresql"));
    try {
      byte[] secret = new byte[12];
      new SecureRandom().nextBytes(secret);
      String password = HexFormat.of().formatHex(secret);
      Path folder = Files.createTempDirectory("warren-postgres-").toAbsolutePath();
      Process guard =
          new ProcessBuilder("/bin/sh", "-c", GUARD, "warren-guard", folder.toString())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      PrivatePostgres postgres = new PrivatePostgres(programs, folder, password, freePort(), guard);
      try {
        postgres.initialize();
        postgres.restart();
        return postgres;
      } catch (RuntimeException e) {
        postgres.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("preparing PostgreSQL's folder", e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void initialize() throws IOException, InterruptedException {
    Path passwordFile = folder.resolve("password");
    Files.writeString(passwordFile, password);
    if (isRoot()) {
      run(new ProcessBuilder("chown", "-R", "postgres", folder.toString()));
    }
    run(
        process(
            "initdb",
            "--pgdata=" + folder.resolve("data"),
            "--username=" + USER,
            "--pwfile=" + passwordFile,
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync"));
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static void run(ProcessBuilder builder) throws IOException, InterruptedException {
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(builder.command() + ": " + output.strip());
    }
  }

  /** A program of PostgreSQL, which replaces the program that changes the user. */
  private ProcessBuilder process(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(
          List.of(
              "setpriv",
              "--reuid=postgres",
              "--regid=postgres",
              "--clear-groups",
              "--no-new-privs"));
    }
    command.add(programs.resolve(program).toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    builder.environment().put("LC_ALL", "C");
    return builder;
  }

  /** URL of the database {@code postgres}, with user and password. */
  public String url() {
    return "jdbc:postgresql://127.0.0.1:"
        + port
        + "/postgres?user="
        + USER
        + "&password="
        + password;
  }

  /**
   * Starts the server again after {@link #kill()}, on the same port and with the same data. Returns
   * at once if it is running.
   *
   * @throws IllegalStateException if it does not start
   */
  public synchronized void restart() throws InterruptedException {
    ServerProcess present = server;
    if (present != null && present.isAlive()) {
      return;
    }
    ServerProcess started =
        ServerProcess.start(
            "PostgreSQL",
            READY,
            process(
                "postgres",
                "-D",
                folder.resolve("data").toString(),
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories="));
    server = started;
    tellGuard(started.pid());
    try {
      started.awaitReady();
    } catch (BrokerException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /** Stops the server without a checkpoint, as a crash would; does nothing if it is stopped. */
  public synchronized void kill() throws InterruptedException {
    ServerProcess running = server;
    if (running == null) {
      return;
    }
    try {
      run(new ProcessBuilder("kill", "-QUIT", Long.toString(running.pid())));
    } catch (IOException e) {
      throw new UncheckedIOException("stopping PostgreSQL", e);
    }
    if (!running.awaitEnd()) {
      running.kill();
    }
    server = null;
    tellGuard(0);
  }

  private void tellGuard(long pid) {
    try {
      OutputStream out = guard.getOutputStream();
      out.write((pid + "\n").getBytes(StandardCharsets.US_ASCII));
      out.flush();
    } catch (IOException e) {
      log.warn("the guard of the PostgreSQL server in {} is gone", folder, e);
    }
  }

  /** Stops the server and removes its files. Idempotent. */
  @Override
  public void close() {
    try {
      guard.getOutputStream().close();
      guard.waitFor(30, TimeUnit.SECONDS);
    } catch (IOException e) {
      log.warn("cannot stop PostgreSQL in {}", folder, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
