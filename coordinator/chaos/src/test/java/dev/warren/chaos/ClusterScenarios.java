package dev.warren.chaos;

import static dev.warren.chaos.Scenario.named;

import dev.warren.broker.PoolNames;
import dev.warren.chaos.Scenario.On;
import dev.warren.chaos.Work.Deed;
import dev.warren.pool.Pool;
import dev.warren.testkit.server.PrivateBroker;
import java.time.Duration;
import java.util.List;

/**
 * A cluster of three servers, some of which fail. The scenario's clients know the second and the
 * third; the first is left running, since the kit queries it.
 */
final class ClusterScenarios {
  private ClusterScenarios() {}

  static List<Scenario> all() {
    return List.of(leaderKilled(), majorityGone(), resultsNodeStopped(), rollingRestart());
  }

  private static Scenario leaderKilled() {
    return lost(
        "a cluster loses the node of the task queue's leader, and gets it back",
        stage -> List.of(stage.home(stage.names().tasks())));
  }

  private static Scenario majorityGone() {
    return lost(
        "a cluster loses two of three nodes, and gets them back",
        stage -> stage.server().nodes().subList(1, 3));
  }

  /** RabbitMQ 3 does not route to a classic queue whose node is down; 4 rejects messages for it. */
  private static Scenario resultsNodeStopped() {
    return named("a cluster stops the node that has the results queue for ten seconds")
        .on(On.CLUSTER)
        .within(Duration.ofMinutes(5))
        .mayRunTwice("calls held over a lost connection")
        .play(
            stage -> {
              begun(stage, Deed.SLEEP_20_MS, 1000);
              stage.fault();
              PrivateBroker home = stage.home(PoolNames.results(""));
              home.stop();
              stage.pass(Duration.ofSeconds(10));
              home.restart();
              stage.awaitAllEndedAndTaken();
            });
  }

  /** As in an upgrade: each node is stopped and started, the next once it is up again. */
  private static Scenario rollingRestart() {
    return named("a cluster is restarted node by node while calls run")
        .on(On.CLUSTER)
        .within(Duration.ofMinutes(8))
        .mayRunTwice("calls held over a lost connection")
        .play(
            stage -> {
              begun(stage, Deed.SLEEP_100_MS, 2000);
              stage.fault();
              for (PrivateBroker node : stage.server().nodes()) {
                node.stop();
                node.restart();
                node.ctl("await_online_nodes", "3"); // a second stopped node would end the majority
              }
              stage.awaitAllEndedAndTaken();
            });
  }

  private static Scenario lost(String name, Victims victims) {
    return named(name)
        .on(On.CLUSTER)
        .within(Duration.ofMinutes(5)) // nodes take their time to come back
        .mayRunTwice("calls held over a lost connection")
        .play(
            stage -> {
              Pool pool = begun(stage, Deed.WORK_5_MS, 600);
              List<PrivateBroker> nodes = victims.of(stage);
              stage.fault();
              for (PrivateBroker node : nodes) {
                node.kill();
              }
              stage.calls().submit(pool, Deed.WORK_5_MS, 100);
              stage.pass(Duration.ofSeconds(5));
              nodes.forEach(PrivateBroker::restartLater);
              for (PrivateBroker node : nodes) {
                node.restart();
              }
              stage.awaitAllEndedAndTaken();
            });
  }

  /** A pool on the cluster with two workers, and calls of which the first have ended. */
  private static Pool begun(Stage stage, Deed deed, int calls) throws Exception {
    for (int i = 0; i < 2; i++) {
      stage.startWorkerAt(stage.clusterUri()).awaitServing();
    }
    Pool pool = stage.openPool(builder -> builder.uri(stage.clusterUri()));
    stage.awaitSlots(pool, 4);
    stage.calls().submit(pool, deed, calls);
    stage.awaitEnded(100);
    return pool;
  }

  /** The nodes that a scenario kills. */
  @FunctionalInterface
  private interface Victims {
    List<PrivateBroker> of(Stage stage) throws InterruptedException;
  }
}
