package dev.warren.worker.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.wire.CallRanges;
import dev.warren.wire.WireFormatException;
import dev.warren.wire.control.ControlLimits;
import dev.warren.worker.consume.send.ReplyQueues;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tables that messages fill have bounds, and outcomes go only to allowed queues. */
class HostileBoundsTest {

  @Test
  void cancels_of_any_number_of_owners_stay_within_a_bound_in_bytes() {
    Cancellations cancellations = new Cancellations();
    CallRanges.Builder ranges = new CallRanges.Builder();
    for (long i = 0; i < ControlLimits.RANGES; i++) {
      ranges.add(2L * i);
    }
    CallRanges all = ranges.build();
    for (int owner = 0; owner < 1000; owner++) {
      cancellations.add("owner " + owner, all);
      cancellations.add("over " + owner, null);
    }
    assertThat(cancellations.bytes())
        .isLessThanOrEqualTo(Cancellations.BYTES + Cancellations.OVER_BYTES);
    assertThat(cancellations.contains("owner 999", 2)).isTrue();
    assertThat(cancellations.any("owner 0")).isFalse();
    assertThat(cancellations.wholly("over 999")).isTrue();
  }

  @Test
  void one_owner_with_endless_cancels_keeps_its_newest_calls() {
    Cancellations cancellations = new Cancellations();
    long last = 0;
    for (int message = 0; message < 100; message++) {
      CallRanges.Builder ranges = new CallRanges.Builder();
      for (int i = 0; i < ControlLimits.RANGES; i++) {
        last += 2;
        ranges.add(last);
      }
      cancellations.add("owner", ranges.build());
    }
    assertThat(cancellations.bytes()).isLessThanOrEqualTo(Cancellations.BYTES);
    assertThat(cancellations.contains("owner", last)).isTrue();
    assertThat(cancellations.contains("owner", 2)).isFalse();
  }

  @Test
  void settled_ids_of_any_length_stay_within_a_bound_in_bytes() {
    SettledTasks settled = new SettledTasks();
    String tail = "x".repeat(ControlLimits.NAME - 10);
    for (int i = 0; i < 200_000; i++) {
      settled.add(i + tail);
    }
    assertThat(settled.bytes()).isLessThanOrEqualTo(SettledTasks.BYTES);
    assertThat(settled.contains(199_999 + tail)).isTrue();
  }

  @Test
  void large_tasks_are_held_within_a_bound_in_bytes() {
    PrefetchPolicy policy = new PrefetchPolicy(4, () -> Duration.ZERO);
    policy.measured(20);
    assertThat(policy.current()).isEqualTo(PrefetchPolicy.MAX);
    assertThat(policy.came(1000)).isFalse();
    int large = (int) (PrefetchPolicy.AHEAD_BYTES / 10);
    assertThat(policy.came(large)).isTrue();
    assertThat(policy.current()).isEqualTo(10);
    policy.came((int) (PrefetchPolicy.AHEAD_BYTES * 2));
    assertThat(policy.current()).isEqualTo(1);
    int came = 0;
    while (policy.current() < PrefetchPolicy.MAX && came < 10_000) {
      policy.came(100);
      came++;
    }
    assertThat(policy.current()).as("after %d small ones", came).isEqualTo(PrefetchPolicy.MAX);
  }

  @Test
  void outcomes_go_to_results_queues_direct_reply_to_and_queues_the_operator_allows() {
    ReplyQueues queues = new ReplyQueues(List.of("acme.replies.*", "exactly.this"));
    for (String allowed :
        new String[] {
          "warren.results.x", "amq.rabbitmq.reply-to.g1h2", "acme.replies.7", "exactly.this"
        }) {
      assertThatCode(() -> queues.check(allowed)).doesNotThrowAnyException();
    }
    for (String other :
        new String[] {
          "payroll.commands",
          "",
          "warren.p.tasks",
          "warren.p.dead",
          "Xwarren.results.x",
          "warren_results_x",
          "exactly.this.not",
          "acme.replies",
          "amq.rabbitmq.reply-to"
        }) {
      assertThatThrownBy(() -> queues.check(other))
          .isInstanceOf(WireFormatException.class)
          .hasMessageContaining("property reply_to is '" + other + "'")
          .hasMessageContaining("--reply-to");
    }
    assertThat(queues.allows(null)).isTrue();
  }
}
