package dev.warren.chaos;

import dev.warren.testkit.RabbitVersion;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Runs scenarios on their versions of RabbitMQ: one version after the other. On each, scenarios
 * that share a server run a few at a time, and those that break their server run one by one, on
 * another one. Confined to the thread that creates it, except {@link Run#verdict}.
 */
final class Matrix {
  /** Number of scenarios that share a server at a time: mostly they wait. */
  private static final int AT_ONCE = 2;

  private final List<Run> runs = new ArrayList<>();
  private final List<RabbitVersion> versions;

  /** Creates all runs of these scenarios; a scenario for any version runs on the first. */
  Matrix(List<Scenario> scenarios, List<RabbitVersion> versions, long seed) {
    this.versions = List.copyOf(versions);
    for (Scenario scenario : scenarios) {
      if (scenario.broker() == Scenario.On.LOCAL) {
        runs.add(new Run(scenario, null, seed));
      } else {
        for (RabbitVersion version :
            scenario.broker().isEvery() ? versions : versions.subList(0, 1)) {
          runs.add(new Run(scenario, version, seed));
        }
      }
    }
  }

  List<Run> runs() {
    return List.copyOf(runs);
  }

  /** Starts to run; does not wait. */
  void start() {
    Run.player(
        () -> {
          playAll(null);
          for (RabbitVersion version : versions) {
            playAll(version);
          }
        });
  }

  private void playAll(@Nullable RabbitVersion version) {
    Set<Scenario.On> cluster = EnumSet.of(Scenario.On.CLUSTER);
    Set<Scenario.On> own = EnumSet.of(Scenario.On.OWN_EVERY_VERSION);
    Set<Scenario.On> shared = EnumSet.complementOf(EnumSet.copyOf(own));
    shared.removeAll(cluster);
    List<Thread> players = new ArrayList<>();
    players.addAll(lane(version, own, 1, 1));
    players.addAll(lane(version, shared, 1, AT_ONCE));
    awaitAll(players);
    awaitAll(lane(version, cluster, 3, 1)); // heavy: not in parallel with others
  }

  private static void awaitAll(List<Thread> players) {
    for (Thread player : players) {
      try {
        player.join();
      } catch (InterruptedException e) {
        throw new AssertionError("nobody interrupts this", e);
      }
    }
  }

  /** Starts the threads that run the scenarios of a version on one server or cluster. */
  private List<Thread> lane(
      @Nullable RabbitVersion version, Set<Scenario.On> which, int nodes, int threads) {
    List<Run> mine =
        runs.stream()
            .filter(run -> run.version() == version && which.contains(run.scenario().broker()))
            .toList();
    if (mine.isEmpty()) {
      return List.of();
    }
    return List.of(Run.player(() -> playOnOneServer(version, mine, nodes, threads)));
  }

  private static void playOnOneServer(
      @Nullable RabbitVersion version, List<Run> mine, int nodes, int threads) {
    ConcurrentLinkedQueue<Run> left = new ConcurrentLinkedQueue<>(mine);
    try (Server server = version == null ? null : Server.start(version, nodes)) {
      List<Thread> players = new ArrayList<>();
      for (int i = 0; i < Math.min(threads, mine.size()); i++) {
        players.add(
            Run.player(
                () -> {
                  for (Run run = left.poll(); run != null; run = left.poll()) {
                    play(run, server);
                  }
                }));
      }
      for (Thread player : players) {
        player.join();
      }
    } catch (InterruptedException | RuntimeException | AssertionError e) {
      mine.forEach(run -> run.impossible(e));
    }
  }

  private static void play(Run run, @Nullable Server server) {
    try {
      if (server != null) {
        server.restart(); // if the previous scenario left it stopped
      }
      run.play(server);
    } catch (InterruptedException | RuntimeException | AssertionError e) {
      run.impossible(e);
    }
  }
}
