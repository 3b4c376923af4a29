package dev.warren.chaos;

import static dev.warren.chaos.Scenario.named;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.chaos.DurableJob.Kept;
import dev.warren.chaos.Scenario.On;
import dev.warren.chaos.Work.Deed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Durable jobs whose coordinator dies, freezes, or is one of two, and what may break while nobody
 * coordinates. {@link DurableJob} checks what must hold of the job.
 */
final class JobScenarios {
  /** More calls than any scenario has: workers go on until all are done. */
  private static final String[] ALL_AT_ONCE = {"--window", "1000"};

  /** Workers run out of calls while nobody coordinates. */
  private static final String[] FEW_AHEAD = {"--window", "20"};

  private JobScenarios() {}

  static List<Scenario> all() {
    List<Scenario> all =
        new ArrayList<>(
            List.of(
                killed("a job's coordinator is killed with SIGKILL at random, four times")
                    .play(stage -> killAtRandom(stage, Kept.SQLITE)),
                killed("a job's coordinator is killed at random; its store is PostgreSQL")
                    .play(stage -> killAtRandom(stage, Kept.POSTGRESQL)),
                frozen("a job's coordinator is frozen, another takes over, and it continues")
                    .play(stage -> freeze(stage, Kept.SQLITE)),
                frozen("a job's coordinator is frozen and continues; its store is PostgreSQL")
                    .play(stage -> freeze(stage, Kept.POSTGRESQL)),
                twoAtOnce(),
                brokerRestarted(),
                brokerKilledToo(),
                workerKilled(),
                childrenDie(),
                resultsDeleted()));
    if (FullDisk.isPossible()) {
      all.add(diskFull());
    }
    return List.copyOf(all);
  }

  private static Scenario.Builder killed(String name) {
    return named(name).on(On.EVERY_VERSION).mayRunTwice(Scenario.FEW);
  }

  private static void killAtRandom(Stage stage, Kept kept) throws Exception {
    int calls = 2000;
    int kills = 4;
    stage.startWorkers(1);
    DurableJob job = DurableJob.of(stage, kept).calls(Deed.WORK_5_MS, calls);
    for (int i = 0; i < kills; i++) {
      int before = job.ended();
      JobCoordinator coordinator = job.start("--window", "200");
      int more = 1 + stage.random().nextInt(calls / (kills + 1));
      job.awaitEnded(Math.min(calls, before + more));
      stage.fault();
      coordinator.kill();
    }
    job.finish("--window", "200");
  }

  private static Scenario.Builder frozen(String name) {
    return named(name)
        .on(On.EVERY_VERSION)
        .within(Duration.ofMinutes(3)) // the broker must miss the frozen consumer
        .mayRunTwice(Scenario.FEW);
  }

  /** Both have calls left: the frozen one when it stops, the other one when it continues. */
  private static void freeze(Stage stage, Kept kept) throws Exception {
    stage.startWorkers(1);
    DurableJob job = DurableJob.of(stage, kept).calls(Deed.SLEEP_100_MS, 200);
    JobCoordinator frozen = job.start(FEW_AHEAD);
    job.awaitEnded(20);
    long epoch = job.record().epoch();
    stage.fault();
    frozen.signal("STOP");
    while (job.isLocked()) { // in a transaction: nobody could take the job over
      frozen.signal("CONT");
      frozen.signal("STOP");
    }
    int before = job.ended();
    JobCoordinator other = job.start(FEW_AHEAD);
    stage.awaitThat("the job is taken over", () -> job.record().epoch() > epoch);
    job.awaitEnded(before + 20);
    assertThat(job.ended()).as("calls ended as the frozen coordinator continues").isLessThan(200);
    frozen.signal("CONT");
    job.awaitDone(other);
    job.awaitDone(frozen);
  }

  private static Scenario twoAtOnce() {
    return named("two coordinators are started at once on one job")
        .on(On.EVERY_VERSION)
        .play(
            stage -> {
              stage.startWorkers(1);
              DurableJob job = DurableJob.of(stage, Kept.SQLITE).calls(Deed.WORK_5_MS, 400);
              stage.fault();
              JobCoordinator one = job.start();
              JobCoordinator other = job.start();
              job.awaitDone(one);
              job.awaitDone(other);
              assertThat(job.record().epoch()).as("coordinators that ran the job").isEqualTo(1);
            });
  }

  private static Scenario brokerRestarted() {
    return named("the broker is restarted while a job has no coordinator")
        .on(On.OWN_EVERY_VERSION)
        .within(Duration.ofMinutes(4))
        .mayRunTwice("calls held as it went")
        .play(
            stage -> {
              DurableJob job = left(stage, 1, Deed.SLEEP_20_MS, 400);
              stage.fault();
              stage.broker().stop();
              stage.broker().restart();
              job.finish();
            });
  }

  /**
   * Not in the first second of the results queue, which RabbitMQ 3.10 may lose then: see "What is
   * not promised" in docs/RELIABILITY.md.
   */
  private static Scenario brokerKilledToo() {
    return named("the broker is killed with SIGKILL together with a job's coordinator")
        .on(On.OWN_EVERY_VERSION)
        .within(Duration.ofMinutes(4))
        .mayRunTwice("calls held as it went")
        .play(
            stage -> {
              stage.startWorkers(1);
              DurableJob job = DurableJob.of(stage, Kept.SQLITE).calls(Deed.WORK_5_MS, 1200);
              JobCoordinator coordinator = job.start();
              job.awaitEnded(600 + stage.random().nextInt(400));
              stage.fault();
              coordinator.signal("STOP"); // so that it does not see the broker go
              stage.broker().kill();
              coordinator.kill();
              stage.broker().restart();
              job.finish();
            });
  }

  private static Scenario workerKilled() {
    return named("one of two workers is killed with SIGKILL while a job has no coordinator")
        .on(On.EVERY_VERSION)
        .within(Duration.ofMinutes(3))
        .mayRunTwice("the calls that it held")
        .play(
            stage -> {
              DurableJob job = left(stage, 2, Deed.SLEEP_20_MS, 600);
              stage.fault();
              stage.workers().get(0).kill();
              job.finish();
            });
  }

  private static Scenario childrenDie() {
    return named("children die during a job, and so does its coordinator")
        .on(On.EVERY_VERSION)
        .mayRunTwice("the calls they were in")
        .play(
            stage -> {
              stage.startWorkers(1);
              DurableJob job = DurableJob.of(stage, Kept.SQLITE);
              for (int i = 0; i < 10; i++) {
                job.calls(Deed.WORK_5_MS, 40).calls(Deed.HALT, 1);
              }
              JobCoordinator coordinator = job.start();
              stage.awaitDeed(40);
              stage.fault();
              coordinator.kill();
              job.finish();
            });
  }

  /** Workers drop the calls of an owner without a results queue; the next coordinator has one. */
  private static Scenario resultsDeleted() {
    return named("a job's results queue is deleted by hand while it has no coordinator")
        .on(On.EVERY_VERSION)
        .within(Duration.ofMinutes(3))
        .mayRunTwice("the calls whose outcomes were in it")
        .play(
            stage -> {
              DurableJob job = left(stage, 1, Deed.SLEEP_20_MS, 400);
              stage.fault();
              stage.broker().ctl("delete_queue", "-p", stage.virtualHost(), job.resultsQueue());
              job.finish();
            });
  }

  private static Scenario diskFull() {
    return named("the disk of the store of a job's coordinator is full for a while")
        .on(On.ANY_VERSION)
        .play(
            stage -> {
              stage.startWorkers(1);
              FullDisk disk = stage.keep(FullDisk.mount());
              DurableJob job = DurableJob.inFolder(stage, disk.folder().resolve("store"));
              job.calls(Deed.WORK_5_MS, 600);
              JobCoordinator coordinator = job.start();
              job.awaitEnded(100);
              stage.fault();
              disk.fill();
              stage.awaitThat(
                  "the store cannot be written", () -> coordinator.log().contains(" wait: "));
              disk.free();
              job.awaitDone(coordinator);
            });
  }

  /**
   * A job whose calls are all published and whose coordinator was killed when some had ended; a few
   * more have begun since.
   */
  private static DurableJob left(Stage stage, int workers, Deed deed, int calls) throws Exception {
    stage.startWorkers(workers);
    DurableJob job = DurableJob.of(stage, Kept.SQLITE).calls(deed, calls);
    JobCoordinator coordinator = job.start(ALL_AT_ONCE);
    job.awaitEnded(10);
    stage.awaitThat("all calls are published", () -> job.record().published() == calls);
    coordinator.kill();
    int begun = stage.calls().starts().size();
    job.awaitBegun(begun + 20 + stage.random().nextInt(40));
    assertThat(begun).as("calls begun when the coordinator was killed").isLessThan(calls);
    return job;
  }
}
