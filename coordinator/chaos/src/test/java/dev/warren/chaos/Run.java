package dev.warren.chaos;

import dev.warren.lifecycle.NamedThreads;
import dev.warren.testkit.RabbitVersion;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One scenario on one broker: sets the stage, plays, checks. {@link #verdict} is completed exactly
 * once in every case.
 */
final class Run {
  private static final Path FOLDERS = Path.of("target", "chaos").toAbsolutePath();

  /** In addition to the scenario's own limit: starting workers, waiting for ends, cleaning up. */
  private static final Duration MARGIN = Duration.ofMinutes(3);

  private final Scenario scenario;
  private final @Nullable RabbitVersion version;
  private final long seed;
  private final CompletableFuture<Verdict> verdict = new CompletableFuture<>();

  Run(Scenario scenario, @Nullable RabbitVersion version, long seed) {
    this.scenario = scenario;
    this.version = version;
    this.seed = seed;
  }

  Scenario scenario() {
    return scenario;
  }

  @Nullable RabbitVersion version() {
    return version;
  }

  CompletableFuture<Verdict> verdict() {
    return verdict;
  }

  /** Plays it on a thread in a separate group, and waits for its end up to a limit. */
  void play(@Nullable Server server) throws InterruptedException {
    ThreadGroup group = new ThreadGroup(scenario.name());
    Thread thread = new Thread(group, () -> verdict.complete(playHere(server)), "scenario");
    thread.setDaemon(true);
    thread.start();
    thread.join(scenario.limit().plus(MARGIN).toMillis());
    if (thread.isAlive()) {
      verdict.complete(failed(new AssertionError("the run did not end: " + stackOf(thread))));
      thread.interrupt();
    }
  }

  /** Records that it cannot be played. */
  void impossible(Throwable reason) {
    verdict.complete(failed(reason));
  }

  private Verdict failed(Throwable reason) {
    return new Verdict(
        scenario, version, List.of(text(reason)), Duration.ZERO, "", 0, Duration.ZERO);
  }

  private Verdict playHere(@Nullable Server server) {
    long began = System.nanoTime();
    Stage stage = null;
    try {
      String host = server == null ? "" : server.addVirtualHost();
      stage = stage(server, host);
      List<String> violations = new ArrayList<>();
      try {
        scenario.body().play(stage);
      } catch (Exception | AssertionError e) {
        violations.add(text(e));
      }
      Invariants invariants = new Invariants(scenario, stage);
      violations.addAll(invariants.check());
      if (server != null) {
        server.removeVirtualHost(host);
      }
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      Calls calls = stage.calls();
      return new Verdict(
          scenario,
          version,
          violations,
          invariants.toLastEnd(),
          calls.toString(),
          calls.repeated(),
          took);
    } catch (Exception | AssertionError e) {
      return failed(e);
    } finally {
      if (stage != null) {
        stage.clear();
      }
    }
  }

  private Stage stage(@Nullable Server server, String virtualHost) throws IOException {
    String name =
        ((version == null ? "local" : version) + " " + scenario.name())
            .replaceAll("[^A-Za-z0-9.]+", "-");
    Path folder = FOLDERS.resolve(name);
    if (Files.isDirectory(folder)) {
      try (var old = Files.walk(folder)) {
        for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
    Files.createDirectories(folder);
    Random random = new Random(seed ^ name.hashCode());
    String mark = ProcessHandle.current().pid() + "-" + Long.toHexString(random.nextLong());
    return new Stage(mark, folder, random, scenario.limit(), server, virtualHost);
  }

  private static String text(Throwable e) {
    StringWriter text = new StringWriter();
    e.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  private static String stackOf(Thread thread) {
    StringBuilder text = new StringBuilder();
    for (StackTraceElement element : thread.getStackTrace()) {
      text.append("\n  at ").append(element);
    }
    return text.toString();
  }

  /** Starts a thread for {@code play}, in the matrix's thread group. */
  static Thread player(Runnable body) {
    return NamedThreads.start("chaos-player", body);
  }
}
