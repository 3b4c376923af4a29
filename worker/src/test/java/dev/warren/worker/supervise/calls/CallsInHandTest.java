package dev.warren.worker.supervise.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.json.Lines;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.task.TaskOptions;
import dev.warren.testkit.ManualLoop;
import dev.warren.wire.CallRanges;
import dev.warren.wire.FunctionRef;
import dev.warren.wire.PoolSettings;
import dev.warren.wire.TaskMessage;
import dev.warren.worker.history.CallHistories;
import dev.warren.worker.history.CallHistory;
import dev.warren.worker.link.CallMark;
import dev.warren.worker.link.LinkException;
import dev.warren.worker.link.OutcomesHeader;
import dev.warren.worker.link.ReturnedHeader;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

class CallsInHandTest {
  private static final TaskCalls FIRST = new TenCalls(1);
  private static final TaskCalls SECOND = new TenCalls(2);

  private final CallsInHand calls = new CallsInHand(true);

  @Test
  void a_task_without_a_json_mode_uses_the_workers() {
    assertThat(calls.give(FIRST, 0, 1, false, 0).strictJson()).isTrue();
    assertThat(new CallsInHand(false).give(FIRST, 0, 1, false, 0).strictJson()).isFalse();
    TaskCalls lax = new TenCalls(3, TaskOptions.builder().strictJson(false).build());
    assertThat(calls.give(lax, 0, 1, false, 0).strictJson()).isFalse();
    TaskCalls strict = new TenCalls(4, TaskOptions.builder().strictJson(true).build());
    assertThat(new CallsInHand(false).give(strict, 0, 1, false, 0).strictJson()).isTrue();
  }

  @Test
  void returned_calls_run_elsewhere_and_the_others_stay() {
    calls.give(FIRST, 0, 10, false, 0);
    calls.give(SECOND, 0, 5, false, 0);
    assertThat(returned(2, 0, 5)).isEqualTo(new WaitingCalls(SECOND, 0, 5, false));
    assertThat(returned(1, 1, 9)).isEqualTo(new WaitingCalls(FIRST, 1, 10, false));
    assertThat(calls.count()).isEqualTo(1);
    calls.answered(new OutcomesHeader(1, 0, 1, 5), Lines.single(Payload.of("{}")), 0);
    assertThat(calls.isEmpty()).isTrue();
  }

  @Test
  void calls_given_before_the_child_reads_withdraw_stay() {
    calls.give(FIRST, 0, 10, false, 0);
    calls.give(SECOND, 0, 5, false, 0);
    assertThat(returned(1, 0, 10)).isEqualTo(new WaitingCalls(FIRST, 0, 10, false));
    assertThat(calls.count()).isEqualTo(5);
    assertThat(calls.isFirst(SECOND, 0)).isTrue();
  }

  @Test
  void calls_behind_a_long_one_are_withdrawn_once() {
    calls.give(FIRST, 0, 10, false, 0);
    assertThat(calls.waitBehind(200_000, 900_000_000)).as("none is known to run").isFalse();
    assertThat(calls.running(new CallMark(1, 0, 5_000), 5_000_000)).isPresent();
    assertThat(calls.waitBehind(200_000, 190_000_000)).isFalse();
    assertThat(calls.waitBehind(200_000, 210_000_000)).isTrue();
    calls.askedBack();
    assertThat(calls.waitBehind(200_000, 210_000_000)).isFalse();
    assertThat(returned(1, 1, 9)).isEqualTo(new WaitingCalls(FIRST, 1, 10, false));
    calls.give(SECOND, 0, 5, false, 0);
    assertThat(calls.waitBehind(200_000, 210_000_000)).isTrue();
  }

  @Test
  void a_call_cancelled_before_its_return_is_reported() {
    calls.give(FIRST, 0, 10, false, 0);
    calls.cancel(FIRST, 7);
    calls.cancel(FIRST, 0);
    assertThat(calls.returned(new ReturnedHeader(1, 1, 9)).cancelled()).containsExactly(7);
  }

  @Test
  void a_child_cannot_return_calls_that_it_does_not_hold() {
    calls.give(FIRST, 2, 8, false, 0);
    for (ReturnedHeader wrong :
        new ReturnedHeader[] {
          new ReturnedHeader(1, 0, 8),
          new ReturnedHeader(1, 3, 1),
          new ReturnedHeader(1, 8, 0),
          new ReturnedHeader(2, 3, 5)
        }) {
      assertThatThrownBy(() -> calls.returned(wrong)).isInstanceOf(LinkException.class);
    }
    assertThat(calls.count()).isEqualTo(6);
  }

  @Test
  void a_child_killed_for_a_call_that_it_is_in_leaves_that_call_to_blame() {
    calls.give(FIRST, 0, 3, false, 0);
    assertThat(calls.running(new CallMark(1, 0, 0), 0)).isPresent();
    CallsInHand.Remains remains = calls.remains(calls.first());
    assertThat(remains.blamed()).isEqualTo(FIRST);
    assertThat(remains.index()).isZero();
    assertThat(remains.rest()).containsExactly(new WaitingCalls(FIRST, 1, 3, false));
  }

  @Test
  void a_child_killed_for_a_call_that_it_has_ended_meanwhile_leaves_none_to_blame() {
    calls.give(FIRST, 0, 3, false, 0);
    calls.answered(new OutcomesHeader(1, 0, 1, 5), Lines.single(Payload.of("{}")), 0);
    assertThat(calls.running(new CallMark(1, 1, 0), 0)).isPresent();
    CallsInHand.Remains remains = calls.remains(new CallMark(1, 0, 0));
    assertThat(remains.blamed()).isNull();
    assertThat(remains.rest()).containsExactly(new WaitingCalls(FIRST, 1, 3, false));
  }

  @Test
  void an_at_most_once_call_is_not_run_again_after_such_a_kill() {
    TenCalls once = new TenCalls(3, TaskOptions.builder().atMostOnce(true).build());
    calls.give(FIRST, 0, 1, false, 0);
    calls.give(once, 4, 5, false, 0);
    calls.answered(new OutcomesHeader(1, 0, 1, 5), Lines.single(Payload.of("{}")), 0);
    assertThat(calls.running(new CallMark(3, 4, 0), 0)).isPresent();
    CallsInHand.Remains remains = calls.remains(new CallMark(1, 0, 0));
    assertThat(remains.blamed()).isEqualTo(once);
    assertThat(remains.index()).isEqualTo(4);
    assertThat(remains.rest()).isEmpty();
  }

  @Test
  void outcomes_that_do_not_match_what_the_child_holds_break_its_link() {
    calls.give(FIRST, 0, 3, false, 0);
    Lines one = Lines.single(Payload.of("{}"));
    for (OutcomesHeader wrong :
        new OutcomesHeader[] {
          new OutcomesHeader(1, 0, 2, 5),
          new OutcomesHeader(1, 1, 1, 5),
          new OutcomesHeader(2, 0, 1, 5),
          new OutcomesHeader(1, 0, 0, 5)
        }) {
      assertThatThrownBy(() -> calls.answered(wrong, one, 0)).isInstanceOf(LinkException.class);
    }
  }

  private WaitingCalls returned(long task, int from, int count) {
    return calls.returned(new ReturnedHeader(task, from, count)).waiting();
  }

  /** A task of ten calls that ignores their ends. */
  private record TenCalls(long number, TaskOptions options) implements TaskCalls {
    TenCalls(long number) {
      this(number, TaskOptions.DEFAULTS);
    }

    @Override
    public CallHistory history() {
      return new CallHistories(new ManualLoop(), function -> 0)
          .begin(task(), false, false, new BitSet());
    }

    @Override
    public TaskMessage task() {
      Lines args = Lines.split(Payload.of("[0]\n".repeat(9) + "[0]"));
      return new TaskMessage(
          "task-" + number,
          "owner",
          null,
          true,
          "job",
          FunctionRef.parse("a.B::c", null),
          CallRanges.of(number * 100, 10),
          PoolSettings.DEFAULTS,
          null,
          args,
          options,
          TaskMessage.Counts.FIRST,
          TaskMessage.Times.ANY,
          false);
    }

    @Override
    public long arrived() {
      return 0;
    }

    @Override
    public String settingsKey() {
      return "";
    }

    @Override
    public String functionName() {
      return "a.B::c";
    }

    @Override
    public boolean isRequeued() {
      return false;
    }

    @Override
    public boolean hasExpired() {
      return false;
    }

    @Override
    public boolean ended(int index) {
      return false;
    }

    @Override
    public void outcomes(int from, Lines lines, CallRun run) {}

    @Override
    public void fail(int index, RemoteFailure failure) {}

    @Override
    public void childLost(int index, RemoteFailure evidence) {}
  }
}
