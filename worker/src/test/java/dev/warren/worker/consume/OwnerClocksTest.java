package dev.warren.worker.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.broker.PoolNames;
import dev.warren.task.Payload;
import dev.warren.testkit.ManualTime;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import dev.warren.wire.TaskMessage;
import dev.warren.worker.TaskSample;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When a task has expired, with any difference of two clocks. */
class OwnerClocksTest {
  private static final long HOUR = 3_600_000;
  private static final String OWNER = PoolNames.results("o");

  private final ManualTime time = new ManualTime();
  private final OwnerClocks clocks = new OwnerClocks(time);

  /** A task sent {@code agoMillis} ago by an owner with this clock difference. */
  private TaskMessage sent(long agoMillis, long differenceMillis, long expiresAfterMillis) {
    return sent(OWNER, agoMillis, differenceMillis, expiresAfterMillis);
  }

  private TaskMessage sent(
      @Nullable String owner, long agoMillis, long differenceMillis, long expiresAfterMillis) {
    long sentAt = time.steadyMillis() - agoMillis + differenceMillis;
    Map<String, Object> headers = new HashMap<>();
    headers.put(Headers.WARREN_VERSION, 1);
    headers.put(Headers.FUNCTION, "a.B::c");
    headers.put(Headers.SENT_AT_MS, sentAt);
    headers.put(Headers.EXPIRES_AT_MS, sentAt + expiresAfterMillis);
    TaskMessage task =
        TaskSample.read(
            new Message("t", TaskMessage.TYPE, owner, null, 4, headers, Payload.of("[1]")));
    clocks.came(task);
    return task;
  }

  @Test
  void a_task_that_has_just_come_is_fresh_however_far_its_owners_clock_is_away() {
    for (long difference : new long[] {-HOUR, -600_000, 0, 600_000, HOUR}) {
      TaskMessage task = sent(OWNER + difference, 20, difference, 60_000);
      assertThat(clocks.hasExpired(task)).as("%s ms away", difference).isFalse();
      time.pass(Duration.ofSeconds(59));
      assertThat(clocks.hasExpired(task)).isFalse();
      time.pass(Duration.ofSeconds(2));
      assertThat(clocks.hasExpired(task)).isTrue();
    }
  }

  @Test
  void a_step_of_the_wall_clock_changes_nothing() {
    TaskMessage task = sent(0, 0, 60_000);
    time.step(Duration.ofMillis(HOUR));
    assertThat(clocks.hasExpired(task)).isFalse();
    time.step(Duration.ofMillis(-2 * HOUR));
    time.pass(Duration.ofSeconds(61));
    assertThat(clocks.hasExpired(task)).isTrue();
  }

  @Test
  void a_clock_offset_is_learned_from_a_fresh_task_or_a_clock_message() {
    TaskMessage waited = sent(90_000, HOUR, 60_000);
    assertThat(clocks.hasExpired(waited)).as("nothing else is known").isFalse();
    sent(5, HOUR, 60_000);
    assertThat(clocks.hasExpired(waited)).isTrue();
    TaskMessage others = sent("warren.results.p", 90_000, -HOUR, 60_000);
    assertThat(clocks.hasExpired(others)).isFalse();
    clocks.heard("warren.results.p", time.steadyMillis() - HOUR - 3);
    assertThat(clocks.hasExpired(others)).isTrue();
  }

  @Test
  void for_a_task_without_an_owner_its_own_time_stamp_counts() {
    TaskMessage task = sent(null, 0, -HOUR, 60_000);
    assertThat(clocks.hasExpired(task)).isFalse();
    time.pass(Duration.ofMinutes(1));
    assertThat(clocks.hasExpired(task)).isTrue();
  }

  @Test
  void the_rest_of_a_delay_does_not_depend_on_a_clock() {
    TaskMessage task = sent(0, HOUR, 60_000).delayed(5000);
    time.step(Duration.ofMillis(HOUR));
    assertThat(clocks.delayMillis(task)).isEqualTo(5000);
  }

  @Test
  void not_before_is_a_time_of_the_owners_clock() {
    long theirs = time.steadyMillis() + HOUR;
    Map<String, Object> headers = new HashMap<>();
    headers.put(Headers.WARREN_VERSION, 1);
    headers.put(Headers.FUNCTION, "a.B::c");
    headers.put(Headers.SENT_AT_MS, theirs);
    headers.put(Headers.NOT_BEFORE_MS, theirs + 7000);
    TaskMessage task =
        TaskSample.read(
            new Message("t", TaskMessage.TYPE, OWNER, null, 4, headers, Payload.of("[1]")));
    clocks.came(task);
    assertThat(clocks.delayMillis(task)).isEqualTo(7000);
    time.pass(Duration.ofSeconds(6));
    assertThat(clocks.delayMillis(task)).isEqualTo(1000);
  }
}
