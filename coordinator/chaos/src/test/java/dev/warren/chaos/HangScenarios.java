package dev.warren.chaos;

import static dev.warren.chaos.Scenario.named;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.chaos.Work.Deed;
import dev.warren.pool.Pool;
import dev.warren.pool.TaskFailedException;
import dev.warren.pool.TimeLimitExceededException;
import dev.warren.task.FailureKind;
import dev.warren.task.TaskOptions;
import java.time.Duration;
import java.util.List;

/** Children that do not return from a call, exhaust a resource, or leave something behind. */
final class HangScenarios {
  private HangScenarios() {}

  static List<Scenario> all() {
    return List.of(
        hangs("a call past its time limit of 1 s spins", Deed.SPIN),
        hangs("a call past its time limit of 1 s ignores interrupts", Deed.IGNORE_INTERRUPTS),
        hangs("a child stops (SIGSTOP) in a call with a time limit of 1 s", Deed.SIGNAL_STOP),
        cancelled(),
        fails("a call fills the heap of its child", Deed.FILL_HEAP, OutOfMemoryError.class),
        fails("a call overflows its stack", Deed.OVERFLOW_STACK, StackOverflowError.class),
        hostile(),
        harmless("a call floods stdout and stderr with 14 MB", Deed.FLOOD_OUTPUT),
        harmless("a call leaves daemons behind that hold its pipes", Deed.FORK_DAEMON));
  }

  private static Scenario hostile() {
    return named("calls throw exceptions whose own methods throw, return null and recurse")
        .ends(FailureKind.FAILED, 20)
        .play(
            stage -> {
              Pool pool = stage.open(1);
              stage.fault();
              stage.calls().submit(pool, Deed.THROW_HOSTILE, 20);
              stage.calls().submit(pool, Deed.SLEEP_20_MS, 50);
              stage.awaitAllEnded();
              assertThat(stage.calls().repeated()).as("calls begun again").isZero();
            });
  }

  private static Scenario hangs(String name, Deed deed) {
    return named(name)
        .ends(FailureKind.TIME_LIMIT, 1)
        .play(
            stage -> {
              Pool pool = stage.open(1);
              TaskOptions limits =
                  TaskOptions.builder()
                      .softTimeLimit(Duration.ofMillis(700))
                      .timeLimit(Duration.ofSeconds(1))
                      .build();
              stage.calls().submit(pool.with(limits), deed);
              stage.calls().submit(pool, Deed.SLEEP_20_MS, 50);
              stage.awaitAllEnded();
              TimeLimitExceededException late =
                  (TimeLimitExceededException) stage.calls().failure();
              assertThat(late.hard()).as("ended by the hard limit: %s", late).isTrue();
            });
  }

  private static Scenario cancelled() {
    return named("a call that ignores interrupts is cancelled")
        .ends(FailureKind.CANCELLED, 1)
        .play(
            stage -> {
              Pool pool = stage.open(1);
              var stubborn = stage.calls().submit(pool, Deed.IGNORE_INTERRUPTS);
              long child = stage.awaitDeed(0);
              stage.fault();
              assertThat(stubborn.cancel(true)).isTrue();
              stage.awaitThat("its child is gone", () -> ProcessHandle.of(child).isEmpty());
              stage.calls().submit(pool, Deed.SLEEP_20_MS, 50);
              stage.awaitAllEnded();
            });
  }

  /** The call's own failure; its child survives, or is replaced. */
  private static Scenario fails(String name, Deed deed, Class<? extends Throwable> type) {
    return named(name)
        .ends(FailureKind.FAILED, 1)
        .play(
            stage -> {
              Pool pool = stage.open(1, "--child-option", "-Xmx48m");
              stage.calls().submit(pool, deed);
              stage.calls().submit(pool, Deed.SLEEP_20_MS, 50);
              stage.awaitAllEnded();
              TaskFailedException failure = stage.calls().failure();
              assertThat(failure).hasCauseInstanceOf(type);
            });
  }

  private static Scenario harmless(String name, Deed deed) {
    return named(name)
        .play(
            stage -> {
              Pool pool = stage.open(1);
              stage.calls().submit(pool, deed);
              stage.calls().submit(pool, Deed.SLEEP_20_MS, 50);
              stage.awaitAllEnded();
            });
  }
}
