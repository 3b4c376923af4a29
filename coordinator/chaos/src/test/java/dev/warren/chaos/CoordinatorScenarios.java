package dev.warren.chaos;

import static dev.warren.chaos.Scenario.named;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.chaos.Scenario.On;
import dev.warren.chaos.Work.Deed;
import dev.warren.pool.Pool;
import dev.warren.task.FailureKind;
import java.time.Duration;
import java.util.List;

/**
 * Owners of calls that die, and pools that are closed or terminated in the middle of their work.
 */
final class CoordinatorScenarios {
  private static final int CALLS = 5000;

  /** Number of calls that return a mebibyte each, with a heap of 64 MiB. */
  private static final int LARGE = 200;

  private CoordinatorScenarios() {}

  static List<Scenario> all() {
    return List.of(killed(), oneOfTwoKilled(), terminated(), closedAtOnce(), withoutRoom());
  }

  private static Scenario killed() {
    return named("a coordinator is killed with SIGKILL with thousands of calls queued")
        .on(On.EVERY_VERSION)
        .core()
        .play(
            stage -> {
              // five minutes in production; the broker applies the lower of policy and argument
              stage.policy("soon gone", "^warren\\.results\\.", "{\"expires\":2000}");
              stage.startWorkers(1);
              CoordinatorHost coordinator = CoordinatorHost.start(stage, CALLS, Deed.SLEEP_20_MS);
              coordinator.awaitEnded(20, stage.limit());
              coordinator.kill();
              WorkerHost worker = stage.workers().get(0);
              stage.awaitThat("it is missed", () -> worker.log().contains("its calls are dropped"));
              stage.awaitThat("no calls of it wait", () -> stage.waitingTasks() == 0);
              assertThat(coordinator.begun()).as("calls begun of %d", CALLS).isLessThan(CALLS);
              Pool pool = stage.openPool(builder -> builder);
              stage.fault();
              stage.calls().submit(pool, Deed.NOTHING, 50);
              stage.awaitAllEnded();
            });
  }

  private static Scenario oneOfTwoKilled() {
    return named("one of two coordinators of a pool is killed with SIGKILL")
        .leavesResultQueues(1)
        .play(
            stage -> {
              Pool pool = stage.open(1);
              CoordinatorHost other = CoordinatorHost.start(stage, 400, Deed.SLEEP_20_MS);
              other.awaitEnded(20, stage.limit());
              stage.fault();
              other.kill();
              stage.calls().submit(pool, Deed.SLEEP_20_MS, 100);
              stage.awaitAllEnded();
              stage.awaitThat("the others' calls have run", () -> stage.waitingTasks() == 0);
            });
  }

  private static Scenario terminated() {
    return named("a pool is terminated with calls running and queued")
        .ends(FailureKind.POOL_TERMINATED, 200)
        .play(
            stage -> {
              Pool pool = stage.open(1);
              stage.calls().submit(pool, Deed.SLEEP_4_S, 200);
              stage.awaitThat("two run", () -> stage.calls().starts().size() == 2);
              stage.fault();
              pool.terminate();
              stage.awaitAllEnded();
              stage.awaitThat("what was queued is gone", () -> stage.waitingTasks() == 0);
            });
  }

  private static Scenario closedAtOnce() {
    return named("a pool is closed right after its calls were submitted")
        .play(
            stage -> {
              Pool pool = stage.open(1);
              stage.calls().submit(pool, Deed.SLEEP_20_MS, 100);
              stage.fault();
              pool.shutdown();
              assertThat(pool.join(Duration.ofSeconds(60))).isTrue();
              assertThat(stage.calls().ended()).isEqualTo(100);
            });
  }

  private static Scenario withoutRoom() {
    return named("results fill a coordinator's memory, and its temporary folder is full")
        .on(On.EVERY_VERSION)
        .play(
            stage -> {
              Pool pool = stage.open(1);
              CoordinatorHost full = CoordinatorHost.startWithoutRoom(stage, LARGE);
              stage.awaitThat(
                  "nothing more can be written", () -> full.said().contains("cannot be written"));
              stage.fault();
              stage.calls().submit(pool, Deed.NOTHING, 50);
              stage.awaitAllEnded();
              full.take();
              assertThat(full.awaitExit(stage.limit())).as(full.said()).isZero();
              assertThat(full.ended()).isEqualTo(LARGE);
              assertThat(full.begun()).isEqualTo(LARGE);
            });
  }
}
