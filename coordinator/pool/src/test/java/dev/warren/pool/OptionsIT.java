package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.warren.task.Backoff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Conformance: limits, attempts, budgets, order. */
class OptionsIT extends OnEverySite {

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void a_call_past_its_hard_limit_is_ended_with_its_child() throws Exception {
    Path file = folder.resolve("stubborn");
    Pool limited = pool().with(options().timeLimit(Duration.ofSeconds(2)).build());
    AsyncResult<Integer> result = limited.applyAsync(Functions::stubborn, file.toString());
    awaitLines(file, 1);
    assertThatThrownBy(() -> result.get(BOUND))
        .cause()
        .isExactlyInstanceOf(TimeLimitExceededException.class)
        .satisfies(e -> assertThat(((TimeLimitExceededException) e).hard()).isTrue())
        .satisfies(
            e ->
                assertThat(((TimeLimitExceededException) e).remoteStack())
                    .get()
                    .asString()
                    .contains("Functions.stubborn("));
    long pid = Long.parseLong(Files.readAllLines(file).get(0));
    await().atMost(BOUND).until(() -> ProcessHandle.of(pid).isEmpty());
  }

  @Test
  void a_call_past_its_soft_limit_is_interrupted_and_its_child_lives_on() {
    Pool limited = pool().with(options().softTimeLimit(Duration.ofMillis(200)).build());
    assertThatThrownBy(() -> limited.apply(Functions::sleep, 30_000))
        .isExactlyInstanceOf(TimeLimitExceededException.class)
        .satisfies(e -> assertThat(((TimeLimitExceededException) e).hard()).isFalse());
  }

  @Test
  void a_call_not_started_before_its_expiry_never_is() {
    int slots = pool().processes();
    List<AsyncResult<Integer>> busy = new ArrayList<>();
    Path begun = folder.resolve("begun");
    for (int i = 0; i < slots * 3; i++) {
      busy.add(pool().applyAsync(Functions::mark, begun.toString(), 500));
    }
    // no slot is free, even if some of these calls are still in transit
    await().atMost(BOUND).until(() -> lines(begun) >= slots);
    Path file = folder.resolve("expired");
    Pool hurried = pool().with(options().expires(Duration.ofMillis(100)).build());
    assertThatThrownBy(() -> hurried.apply(Functions::mark, file.toString(), 1))
        .isExactlyInstanceOf(TaskExpiredException.class);
    assertThat(file).doesNotExist();
    busy.forEach(result -> assertThat(result.await(SOON)).isTrue());
  }

  @Test
  void fail_fast_cancels_what_has_not_ended() {
    Pool fast = pool().with(options().failFast(true).build());
    List<Integer> items = new ArrayList<>(Collections.nCopies(200, 100_000));
    items.set(0, -1);
    long start = System.nanoTime();
    assertThatThrownBy(() -> fast.map(Functions::sleep, items, 1))
        .isInstanceOf(TaskFailedException.class)
        .hasMessageContaining("IllegalArgumentException");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUND);
  }

  @Test
  void a_call_knows_its_context() {
    Pool limited = pool().with(options().timeLimit(Duration.ofSeconds(30)).build());
    List<String> context = limited.apply(Functions::context, 1);
    assertThat(context.get(0)).isNotEmpty();
    assertThat(context.subList(2, 5)).containsExactly("1", "true", "false");
  }

  @Test
  void a_call_that_throws_is_tried_again_as_often_as_allowed() {
    Pool patient = pool().with(options().maxAttempts(3).build());
    assertThat(patient.apply(Functions::succeedAt, file("a"), 3)).isEqualTo(3);
    assertThatThrownBy(() -> patient.apply(Functions::succeedAt, file("b"), 5))
        .isInstanceOf(TaskFailedException.class)
        .satisfies(e -> assertThat(((TaskFailedException) e).attempt()).isEqualTo(3));
  }

  @Test
  void only_exceptions_of_the_named_classes_are_worth_another_attempt() {
    // succeedAt throws IllegalStateException, a RuntimeException
    Pool kin = pool().with(options().maxAttempts(3).retryOn(RuntimeException.class).build());
    assertThat(kin.apply(Functions::succeedAt, file("kin"), 2)).isEqualTo(2);
    Pool both =
        pool()
            .with(
                options()
                    .maxAttempts(3)
                    .retryOn(IOException.class)
                    .retryOn(IllegalStateException.class)
                    .build());
    assertThat(both.apply(Functions::succeedAt, file("both"), 2)).isEqualTo(2);
    Pool other =
        pool().with(options().maxAttempts(3).retryOn(IllegalArgumentException.class).build());
    assertThatThrownBy(() -> other.apply(Functions::succeedAt, file("other"), 2))
        .satisfies(e -> assertThat(((TaskFailedException) e).attempt()).isEqualTo(1));
  }

  @Test
  void what_can_never_succeed_is_not_tried_again() throws Exception {
    Pool patient = pool().with(options().maxAttempts(5).build());
    assertThatThrownBy(() -> patient.apply(Functions::unwritable, 1))
        .isExactlyInstanceOf(ResultNotSerializableException.class)
        .satisfies(e -> assertThat(((TaskFailedException) e).attempt()).isEqualTo(1));
    Pool limited = pool().with(options().maxAttempts(5).timeLimit(Duration.ofSeconds(1)).build());
    Path file = folder.resolve("limited");
    assertThatThrownBy(() -> limited.apply(Functions::mark, file.toString(), 60_000))
        .isExactlyInstanceOf(TimeLimitExceededException.class);
    // a child may be killed before it leaves its mark, but it never runs a second time
    assertThat(lines(file)).isLessThanOrEqualTo(1);
  }

  @Test
  void attempts_are_no_closer_than_their_backoff_says() throws Exception {
    Pool fixed =
        pool()
            .with(options().maxAttempts(3).backoff(Backoff.fixed(Duration.ofMillis(400))).build());
    Path even = folder.resolve("even");
    assertThat(fixed.apply(Functions::succeedAtTime, even.toString(), 3)).isEqualTo(3);
    List<Long> times = Files.readAllLines(even).stream().map(Long::valueOf).toList();
    assertThat(times.get(1) - times.get(0)).isGreaterThanOrEqualTo(350L);
    assertThat(times.get(2) - times.get(1)).isGreaterThanOrEqualTo(350L);
    Backoff growing =
        Backoff.exponential(Duration.ofMillis(200), Duration.ofSeconds(1)).withJitter(0);
    Pool patient = pool().with(options().maxAttempts(3).backoff(growing).build());
    Path grown = folder.resolve("grown");
    assertThat(patient.apply(Functions::succeedAtTime, grown.toString(), 3)).isEqualTo(3);
    times = Files.readAllLines(grown).stream().map(Long::valueOf).toList();
    assertThat(times.get(1) - times.get(0)).isGreaterThanOrEqualTo(150L);
    assertThat(times.get(2) - times.get(1)).isGreaterThanOrEqualTo(350L);
  }

  @Test
  void a_call_survives_as_many_deaths_of_its_child_as_its_budget_allows() throws Exception {
    Path file = folder.resolve("deaths");
    Pool two = pool().with(options().childLost(2).build());
    assertThat(two.apply(Functions::dieUntil, file.toString(), 3)).isEqualTo(3);
    Path other = folder.resolve("more deaths");
    assertThatThrownBy(() -> two.apply(Functions::dieUntil, other.toString(), 9))
        .isExactlyInstanceOf(ChildLostException.class)
        .satisfies(
            e ->
                assertThat(((TaskFailedException) e).failure().details())
                    .containsEntry("lossCount", 3));
    assertThat(lines(other)).isEqualTo(3);
  }

  @Test
  void a_call_that_must_not_start_twice_does_not() throws Exception {
    Path file = folder.resolve("once");
    Pool careful = pool().with(options().atMostOnce(true).build());
    assertThatThrownBy(() -> careful.apply(Functions::dieUntil, file.toString(), 2))
        .isExactlyInstanceOf(ChildLostException.class);
    assertThat(lines(file)).isEqualTo(1);
  }

  @Test
  void a_call_of_higher_priority_passes_those_that_wait() throws Exception {
    Pool one = open(builder().processes(1));
    Path file = folder.resolve("order");
    AsyncResult<Integer> first = one.applyAsync(Functions::note, file.toString(), "first", 500);
    awaitLines(file, 1);
    List<AsyncResult<Integer>> all = new ArrayList<>(List.of(first));
    for (int i = 0; i < 10; i++) {
      all.add(one.applyAsync(Functions::note, file.toString(), "low", 10));
    }
    all.add(
        one.with(options().priority(9).build())
            .applyAsync(Functions::note, file.toString(), "high", 10));
    for (AsyncResult<Integer> each : all) {
      each.get();
    }
    // a worker may hold a message or two ahead of its slots; of the others the higher priority
    // comes first
    assertThat(Files.readAllLines(file).indexOf("high")).isLessThan(6);
  }

  @Test
  void a_context_shows_the_attempt_the_cancel_and_takes_log_and_progress() throws Exception {
    Path file;
    AsyncResult.CancelEffect effect = AsyncResult.CancelEffect.STOPPED;
    int attempt = 0;
    do { // on a busy machine the grace may expire before a call sees its cancel
      file = folder.resolve("watched" + ++attempt);
      AsyncResult<Integer> watching = pool().applyAsync(Functions::untilCancelled, file.toString());
      awaitLines(file, 1);
      assertThat(watching.cancel(true)).isTrue();
      effect = watching.cancelEffect().get(180, TimeUnit.SECONDS);
    } while (effect == AsyncResult.CancelEffect.STOPPED && attempt < 20);
    assertThat(effect).isEqualTo(AsyncResult.CancelEffect.FINISHED);
    assertThat(lines(file)).as("saw its cancel").isEqualTo(2);
  }
}
