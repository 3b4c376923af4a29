package dev.warren.chaos;

import static dev.warren.chaos.Scenario.named;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.chaos.Scenario.On;
import dev.warren.chaos.Work.Deed;
import dev.warren.pool.ChildLostException;
import dev.warren.pool.InitializerFailedException;
import dev.warren.pool.Pool;
import dev.warren.task.FailureKind;
import dev.warren.task.TaskOptions;
import java.util.List;
import java.util.stream.Stream;

/** Children that exit, are killed, or never become ready. */
final class ChildScenarios {
  private static final String THE_CALL = "the call it was in";
  private static final TaskOptions STURDY = TaskOptions.builder().childLost(1000).build();

  private ChildScenarios() {}

  static List<Scenario> all() {
    return Stream.of(ends(), kills(), initializers(), recycling()).flatMap(List::stream).toList();
  }

  private static List<Scenario> ends() {
    return List.of(
        endsItself("a call ends its process with exit code 0", Deed.EXIT_0),
        endsItself("a call ends its process with exit code 3", Deed.EXIT_3),
        endsItself("a call halts its JVM", Deed.HALT),
        named("a call ends its process whenever it is run")
            .mayRunTwice(THE_CALL + ", as often as its budget allows")
            .ends(FailureKind.CHILD_LOST, 1)
            .parked(1)
            .play(
                stage -> {
                  Pool pool = stage.open(1);
                  stage.calls().submitAlways(pool, Deed.EXIT_3);
                  stage.calls().submit(pool, Deed.SLEEP_20_MS, 50);
                  stage.awaitAllEnded();
                  ChildLostException lost = (ChildLostException) stage.calls().failure();
                  assertThat(lost.exitCode()).hasValue(3);
                  assertThat(stage.calls().starts()).containsEntry(0, 4);
                  assertThat(stage.calls().repeated()).as("calls begun again").isEqualTo(1);
                }),
        overItsMemory());
  }

  private static Scenario overItsMemory() {
    return named("a call takes more memory than its child may, whenever it is run")
        .mayRunTwice(THE_CALL + ", as often as its budget allows")
        .ends(FailureKind.CHILD_LOST, 1)
        .parked(1)
        .play(
            stage -> {
              Pool pool =
                  stage.open(
                      1, "--hard-max-memory-per-child", "300m", "--child-option", "-Xmx700m");
              stage.calls().submitAlways(pool, Deed.TAKE_MEMORY);
              stage.calls().submit(pool, Deed.SLEEP_20_MS, 50);
              stage.awaitAllEnded();
              assertThat((ChildLostException) stage.calls().failure())
                  .hasMessageContaining("more memory than its hard limit of 300 MiB");
              assertThat(stage.calls().repeated()).as("calls begun again").isEqualTo(1);
            });
  }

  /** One call carries out the action once, among other calls; all calls must have their value. */
  private static Scenario endsItself(String name, Deed deed) {
    return named(name)
        .mayRunTwice(THE_CALL)
        .play(
            stage -> {
              Pool pool = stage.open(1);
              stage.calls().submit(pool, Deed.SLEEP_20_MS, 10);
              stage.calls().submit(pool, deed);
              stage.calls().submit(pool, Deed.SLEEP_20_MS, 50);
              stage.awaitAllEnded();
              assertThat(stage.calls().repeated()).as("calls begun again").isEqualTo(1);
            });
  }

  private static List<Scenario> kills() {
    return List.of(
        killed("a child is killed with SIGKILL in a call", On.ANY_VERSION, "KILL"),
        killed("a child of a local: pool is killed with SIGKILL in a call", On.LOCAL, "KILL"),
        killed("a child dies of SIGSEGV in a call", On.ANY_VERSION, "SEGV"),
        killed("a child gets SIGTERM in a call", On.ANY_VERSION, "TERM"),
        named("children are killed with SIGKILL at random, one after every 50 calls")
            .on(On.EVERY_VERSION)
            .core()
            .mayRunTwice("the calls they were in")
            .play(
                stage -> {
                  Pool pool = stage.open(1).with(STURDY);
                  stage.calls().submit(pool, Deed.WORK_5_MS, 1500);
                  stage.fault();
                  killChildrenUntilAllEnded(stage, 50);
                }));
  }

  private static Scenario killed(String name, On broker, String signal) {
    return named(name)
        .on(broker)
        .mayRunTwice(THE_CALL)
        .play(
            stage -> {
              Pool pool = broker == On.LOCAL ? stage.openPool(builder -> builder) : stage.open(1);
              stage.calls().submit(pool, Deed.HANG);
              stage.calls().submit(pool, Deed.SLEEP_20_MS, 50);
              long child = stage.awaitDeed(0);
              stage.fault();
              Processes.signal(child, signal);
              stage.awaitAllEnded();
              assertThat(stage.calls().repeated()).as("calls begun again").isEqualTo(1);
            });
  }

  /** Kills one child after every {@code calls} calls, whatever it is doing. */
  private static void killChildrenUntilAllEnded(Stage stage, int calls) {
    for (int ended = calls; ended < stage.calls().submitted(); ended += calls) {
      stage.awaitEnded(ended);
      List<ProcessHandle> children =
          stage.workers().stream().flatMap(worker -> worker.children().stream()).toList();
      if (!children.isEmpty()) {
        children.get(stage.random().nextInt(children.size())).destroyForcibly();
      }
    }
    stage.awaitAllEnded();
  }

  private static List<Scenario> initializers() {
    return List.of(
        named("the initializer fails in every child")
            .ends(FailureKind.INITIALIZER_FAILED, 20)
            .play(
                stage -> {
                  stage.startWorkers(1);
                  Pool pool = stage.openPool(builder -> builder.initializer(Work::brokenStart));
                  stage.fault();
                  stage.calls().submit(pool, Deed.NOTHING, 20);
                  stage.awaitAllEnded();
                  assertThat(stage.calls().failures().values())
                      .allSatisfy(
                          failure ->
                              assertThat(failure)
                                  .isInstanceOf(InitializerFailedException.class)
                                  .hasMessageContaining("no database here"));
                }),
        named("the initializer fails in the first two children")
            .play(
                stage -> {
                  stage.startWorkers(1);
                  String folder = stage.folder().toString();
                  Pool pool =
                      stage.openPool(
                          builder -> builder.initializer(Work::brokenAtFirst, folder, 2));
                  stage.fault();
                  stage.calls().submit(pool, Deed.NOTHING, 20);
                  stage.awaitAllEnded();
                }));
  }

  private static List<Scenario> recycling() {
    return List.of(
        named("children are recycled at every call, and one is killed after every 5 calls")
            .mayRunTwice("the calls they were in")
            .play(
                stage -> {
                  stage.startWorkers(1);
                  Pool pool =
                      stage.openPool(builder -> builder.maxTasksPerChild(1).options(STURDY));
                  stage.fault();
                  stage.calls().submit(pool, Deed.SLEEP_20_MS, 60);
                  killChildrenUntilAllEnded(stage, 5);
                }),
        named("all children of an idle worker are killed")
            .play(
                stage -> {
                  Pool pool = stage.open(1);
                  stage.calls().submit(pool, Deed.NOTHING, 10);
                  stage.awaitAllEnded();
                  stage.workers().get(0).children().forEach(ProcessHandle::destroyForcibly);
                  stage.fault();
                  stage.calls().submit(pool, Deed.NOTHING, 10);
                  stage.awaitAllEnded();
                }));
  }
}
