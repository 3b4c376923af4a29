package dev.warren.chaos;

import static dev.warren.chaos.Scenario.named;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.chaos.Scenario.On;
import dev.warren.chaos.Work.Deed;
import dev.warren.pool.AsyncResult;
import dev.warren.pool.Pool;
import dev.warren.task.FailureKind;
import dev.warren.task.TaskOptions;
import java.time.Duration;
import java.util.List;

/** Workers that are drained, killed or frozen. */
final class SupervisorScenarios {
  private static final String WHAT_IT_HELD = "calls that it held";

  private SupervisorScenarios() {}

  static List<Scenario> all() {
    return List.of(
        killed(),
        killedAlone(),
        killedBeforeBacklog(),
        atMostOnce(),
        deadlyCall(),
        terminated(),
        terminatedTwice(),
        pastItsGrace(),
        interruptedWithItsGroup(),
        hungUp(),
        cancelledWhileItDrains(),
        frozen(),
        early(),
        joins(),
        lacksTheClass());
  }

  private static Scenario killed() {
    return named("a worker is killed with SIGKILL in the middle of a job")
        .on(On.EVERY_VERSION)
        .core()
        .mayRunTwice(WHAT_IT_HELD)
        .play(
            stage -> {
              Pool pool = stage.open(2);
              stage.calls().submit(pool, Deed.WORK_5_MS, 1500);
              stage.awaitEnded(200);
              WorkerHost victim = stage.workers().get(stage.random().nextInt(2));
              String mark = "WARREN_SUPERVISOR=" + victim.id();
              stage.fault();
              victim.kill();
              stage.awaitThat("its children are gone", () -> Processes.with(mark).isEmpty());
              stage.awaitAllEnded();
            });
  }

  private static Scenario killedAlone() {
    return named("the only worker is killed with SIGKILL, and another one comes")
        .mayRunTwice(WHAT_IT_HELD)
        .play(
            stage -> {
              Pool pool = stage.open(1);
              stage.calls().submit(pool, Deed.WORK_5_MS, 500);
              stage.awaitEnded(100);
              stage.fault();
              stage.workers().get(0).kill();
              stage.startWorkers(1);
              stage.awaitAllEnded();
            });
  }

  private static Scenario killedBeforeBacklog() {
    return named(
            "a worker is killed with SIGKILL while thousands of calls wait behind those it runs")
        .on(On.EVERY_VERSION)
        .mayRunTwice(WHAT_IT_HELD)
        .play(
            stage -> {
              Pool pool = stage.open(2);
              AsyncResult<Integer> held = stage.calls().submit(pool, Deed.HANG);
              WorkerHost holder = stage.workerOf(stage.awaitDeed(0));
              stage.calls().submit(pool, Deed.SLEEP_20_MS, 4000);
              stage.awaitEnded(200);
              stage.fault();
              holder.kill();
              stage.awaitThat("it is run again", held::ready);
              assertThat(stage.waitingTasks()).as("still wait behind it").isPositive();
              stage.awaitAllEnded();
            });
  }

  private static Scenario atMostOnce() {
    return named("a worker is killed with SIGKILL that holds a call which must not start twice")
        .ends(FailureKind.HOST_LOST, 1)
        .parked(1)
        .play(
            stage -> {
              Pool pool = stage.open(2);
              TaskOptions once = TaskOptions.builder().atMostOnce(true).build();
              stage.calls().submit(pool.with(once), Deed.HANG);
              WorkerHost holder = stage.workerOf(stage.awaitDeed(0));
              stage.fault();
              holder.kill();
              stage.awaitAllEnded();
            });
  }

  /** Its neighbours must not fail with it. */
  private static Scenario deadlyCall() {
    return named("a call kills its worker whenever it is run, and another one comes each time")
        .mayRunTwice(WHAT_IT_HELD + ", as often as its budget allows")
        .ends(FailureKind.HOST_LOST, 1)
        .parked(1)
        .play(
            stage -> {
              Pool pool = stage.open(1);
              stage.workers().get(0).mayDie();
              stage.calls().submit(pool, Deed.SLEEP_20_MS, 20);
              stage.calls().submitAlways(pool, Deed.KILL_WORKER);
              stage.calls().submit(pool, Deed.SLEEP_20_MS, 50);
              stage.awaitThat(
                  "all calls have ended",
                  () -> {
                    if (stage.workers().stream().noneMatch(WorkerHost::alive)) {
                      stage.startWorker().mayDie();
                    }
                    return stage.calls().ended() == stage.calls().submitted();
                  });
            });
  }

  private static Scenario terminated() {
    return named("a worker gets SIGTERM in the middle of a job")
        .on(On.EVERY_VERSION)
        .core()
        .play(
            stage -> {
              Pool pool = stage.open(2);
              stage.calls().submit(pool, Deed.SLEEP_20_MS, 300);
              stage.awaitEnded(50);
              stage.fault();
              WorkerHost leaving = stage.workers().get(stage.random().nextInt(2));
              leaving.terminate();
              assertThat(leaving.awaitExit(stage.limit())).as(leaving.log()).isZero();
              stage.awaitAllEnded();
            });
  }

  private static Scenario terminatedTwice() {
    return named("a worker gets SIGTERM twice while its calls hang")
        .mayRunTwice("the calls that were running")
        .play(
            stage -> {
              Pool pool = stage.open(1, "--grace", "10m");
              stage.calls().submit(pool, Deed.HANG, 2);
              WorkerHost leaving = stage.workers().get(0);
              stage.awaitThat("both run", () -> stage.calls().starts().size() == 2);
              stage.fault();
              leaving.terminate();
              stage.awaitThat(
                  "it drains", () -> leaving.log().contains("received a signal: draining"));
              stage.pass(Duration.ofMillis(500)); // earlier it would count as the same signal
              leaving.terminate();
              assertThat(leaving.awaitExit(stage.limit())).as(leaving.log()).isZero();
              stage.startWorkers(1);
              stage.awaitAllEnded();
            });
  }

  private static Scenario pastItsGrace() {
    return named("a worker gets SIGTERM while its calls hang for longer than its grace")
        .mayRunTwice("the calls that were running")
        .play(
            stage -> {
              Pool pool = stage.open(1, "--grace", "1s");
              stage.calls().submit(pool, Deed.HANG, 2);
              WorkerHost leaving = stage.workers().get(0);
              stage.awaitThat("both run", () -> stage.calls().starts().size() == 2);
              stage.fault();
              leaving.terminate();
              assertThat(leaving.awaitExit(stage.limit())).as(leaving.log()).isZero();
              stage.startWorkers(1);
              stage.awaitAllEnded();
            });
  }

  /** As a terminal does; a process that has not left the process group would die at once. */
  private static Scenario interruptedWithItsGroup() {
    return named("a worker and its process group get SIGINT (Ctrl-C) while its calls run")
        .play(
            stage -> {
              Pool pool = stage.open(1);
              stage.calls().submit(pool, Deed.SLEEP_4_S, 2);
              WorkerHost leaving = stage.workers().get(0);
              stage.awaitThat("both run", () -> stage.calls().starts().size() == 2);
              stage.calls().submit(pool, Deed.NOTHING, 10);
              stage.fault();
              leaving.interruptGroup();
              assertThat(leaving.awaitExit(stage.limit())).as(leaving.log()).isZero();
              assertThat(stage.calls().starts()).as("what it had not begun").hasSize(2);
              stage.startWorkers(1);
              stage.awaitAllEnded();
            });
  }

  /** As when its terminal is closed. */
  private static Scenario hungUp() {
    return named("a worker gets SIGHUP (a closed terminal) in the middle of a job")
        .play(
            stage -> {
              Pool pool = stage.open(2);
              stage.calls().submit(pool, Deed.SLEEP_20_MS, 300);
              stage.awaitEnded(50);
              stage.fault();
              WorkerHost leaving = stage.workers().get(stage.random().nextInt(2));
              leaving.signal("HUP");
              assertThat(leaving.awaitExit(stage.limit())).as(leaving.log()).isZero();
              stage.awaitAllEnded();
            });
  }

  private static Scenario cancelledWhileItDrains() {
    return named("a call is cancelled while its worker drains")
        .ends(FailureKind.CANCELLED, 1)
        .play(
            stage -> {
              Pool pool = stage.open(1, "--grace", "10m");
              var hanging = stage.calls().submit(pool, Deed.HANG);
              stage.awaitDeed(0);
              WorkerHost leaving = stage.workers().get(0);
              stage.fault();
              leaving.terminate();
              stage.awaitThat(
                  "it drains", () -> leaving.log().contains("received a signal: draining"));
              assertThat(hanging.cancel(true)).isTrue();
              assertThat(leaving.awaitExit(stage.limit())).as(leaving.log()).isZero();
              stage.awaitAllEnded();
            });
  }

  private static Scenario frozen() {
    return named("a worker stands still (SIGSTOP) for longer than two heartbeats, and goes on")
        .on(On.EVERY_VERSION)
        .mayRunTwice(WHAT_IT_HELD)
        .play(
            stage -> {
              WorkerHost still = stage.startWorkerAt(stage.uri(stage.newProxy()) + "&heartbeat=5");
              stage.startWorkers(1);
              still.awaitServing();
              Pool pool = stage.openPool(builder -> builder);
              stage.awaitSlots(pool, 4);
              stage.calls().submit(pool, Deed.SLEEP_20_MS, 300);
              stage.awaitEnded(30);
              stage.fault();
              still.signal("STOP");
              stage.awaitAllEnded(); // the other worker receives the tasks of this one
              still.signal("CONT");
              stage.calls().submit(pool, Deed.SLEEP_20_MS, 100);
              stage.awaitAllEnded();
              stage.awaitSlots(pool, 4);
            });
  }

  private static Scenario early() {
    return named("a worker and calls come before the broker can be reached")
        .play(
            stage -> {
              Pool pool = stage.openPool(builder -> builder);
              var way = stage.newProxy();
              way.refuse();
              WorkerHost early = stage.startWorkerAt(stage.uri(way));
              stage.calls().submit(pool, Deed.NOTHING, 50);
              stage.awaitThat("it waits", () -> early.log().contains("retrying until it answers"));
              stage.fault();
              way.accept();
              stage.awaitAllEnded();
            });
  }

  private static Scenario joins() {
    return named("a queue grows before the only worker, and another one joins")
        .play(
            stage -> {
              Pool pool = stage.open(1);
              stage.calls().submit(pool, Deed.SLEEP_20_MS, 3000);
              stage.awaitThat("the queue grows", () -> stage.waitingTasks() > 0);
              stage.fault();
              WorkerHost second = stage.startWorkers(1).get(0);
              stage.awaitThat("it works", () -> second.hasBegun(stage.folder()));
              stage.awaitAllEnded();
            });
  }

  private static Scenario lacksTheClass() {
    return named("one of two workers lacks the function's class")
        .play(
            stage -> {
              stage.startWorkers(1, "--app", WorkJar.withoutClasses(stage.folder()).toString());
              stage.startWorkers(1);
              Pool pool = stage.openPool(builder -> builder);
              stage.awaitSlots(pool, 4);
              stage.fault();
              stage.calls().submit(pool, Deed.SLEEP_20_MS, 100);
              stage.awaitAllEnded();
            });
  }
}
