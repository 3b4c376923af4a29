package dev.warren.bench.harness;

import dev.warren.testkit.server.PrivateBroker;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The environment of the measures: this checkout, this Java, and a private RabbitMQ, started when
 * first needed. Confined to the main thread.
 */
public final class Site implements AutoCloseable {
  private final Path home;
  private final boolean quick;
  private @Nullable PrivateBroker broker;

  /**
   * Creates a site.
   *
   * @param home folder of the checkout
   * @param quick whether to do less work and fewer rounds
   */
  public Site(Path home, boolean quick) {
    this.home = home;
    this.quick = quick;
  }

  public Path home() {
    return home;
  }

  boolean quick() {
    return quick;
  }

  /** The amount of work: all of it, or a fifth in quick mode. */
  public int work(int amount) {
    return quick ? Math.max(1, amount / 5) : amount;
  }

  /** URI of the private broker, with user and password. */
  public String brokerUri() throws InterruptedException {
    if (broker == null) {
      broker = PrivateBroker.start();
    }
    return broker.uri();
  }

  /** Process id of the private broker. */
  public long brokerPid() throws InterruptedException {
    brokerUri();
    if (broker == null) {
      throw new IllegalStateException("no broker");
    }
    return Long.parseLong(broker.ctl("eval", "list_to_integer(os:getpid()).").strip());
  }

  /** The broker's version; null if no broker was needed. */
  @Nullable String brokerVersion() throws InterruptedException {
    return broker == null ? null : broker.ctl("version");
  }

  public String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** Command of one of the bench's Java programs, with this process's class path. */
  public List<String> program(Class<?> main, List<String> options, String... args) {
    List<String> command = new ArrayList<>(List.of(java()));
    command.addAll(options);
    command.addAll(List.of("-Dwarren.log.level=error", "-Dwarren.log.level.broker=error"));
    command.add("-Dlogback.configurationFile=dev/warren/cli/logback-warren.xml");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(args));
    return command;
  }

  /** The jar with the measured functions, which workers get as their app. */
  public static Path ownJar() {
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (entry.contains("warren-bench")) {
        return Path.of(entry).toAbsolutePath();
      }
    }
    throw new IllegalStateException("not started by ./bench/run: no bench jar on the class path");
  }

  /** A script of a peer. */
  public Path peer(String file) {
    return home.resolve("bench/peers").resolve(file);
  }

  /** The system's Python, which Debian's packages are for; otherwise the first on the path. */
  public static String python() {
    String system = "/usr/bin/python3";
    return Files.isExecutable(Path.of(system)) ? system : "python3";
  }

  @Override
  public void close() {
    if (broker != null) {
      broker.close();
    }
  }
}
