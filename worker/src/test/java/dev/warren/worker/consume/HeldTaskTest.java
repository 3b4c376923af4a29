package dev.warren.worker.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.json.Lines;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.OutcomeLine;
import dev.warren.wire.ResultMessage;
import dev.warren.worker.TaskSample;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When a call is ended, when it is settled, and when its delivery is acknowledged. */
class HeldTaskTest {
  private final EndsRig rig = new EndsRig();

  @Test
  void delivery_is_acknowledged_once_all_outcomes_are_confirmed() {
    HeldTask run = rig.run(TaskSample.of(2));
    rig.broker.holdConfirms();
    rig.step(() -> run.outcomes(0, EndsRig.values(1), 10));
    rig.step(() -> run.outcomes(1, EndsRig.values(1), 20));
    assertThat(run.allEnded()).isTrue();
    assertThat(EndsRig.acked(run)).isFalse();
    rig.broker.confirmOne();
    rig.loop.settle();
    assertThat(EndsRig.acked(run)).isFalse();
    rig.broker.confirmOne();
    rig.loop.settle();
    assertThat(EndsRig.acked(run)).isTrue();
    assertThat(rig.finished).containsExactly(run);
    assertThat(run.busyMicros()).isEqualTo(30);
  }

  @Test
  void busy_time_is_reported_after_the_last_end_and_before_settlement() {
    HeldTask run = rig.run(TaskSample.of(2));
    rig.broker.holdConfirms();
    rig.step(() -> run.outcomes(0, EndsRig.values(1), 10));
    assertThat(rig.measured).isEmpty();
    rig.step(() -> run.outcomes(1, EndsRig.values(1), 10));
    assertThat(rig.measured).containsExactly(run);
    assertThat(run.isMeasured()).isTrue();
    assertThat(rig.finished).isEmpty();
  }

  @Test
  void first_end_of_a_call_counts() {
    HeldTask run = rig.run(TaskSample.of(3));
    RemoteFailure cancelled = RemoteFailure.of(FailureKind.CANCELLED, "cancelled", 1);
    rig.step(
        () -> {
          run.fail(1, cancelled);
          run.fail(1, RemoteFailure.of(FailureKind.TIME_LIMIT, "late", 1));
          run.childLost(1, RemoteFailure.of(FailureKind.CHILD_LOST, "late", 1));
          run.outcomes(0, EndsRig.values(3), 30);
        });
    List<ResultMessage> results = rig.takeResults();
    assertThat(results.stream().mapToInt(result -> result.outcomes().count()).sum()).isEqualTo(3);
    assertThat(EndsRig.acked(run)).isTrue();
    assertThat(((FakeDelivery) run.delivery()).acks()).isEqualTo(1);
    assertThat(run.end(0)).isFalse();
  }

  @Test
  void values_and_failures_of_one_frame_are_handled_separately() {
    HeldTask run = rig.run(TaskSample.of(3));
    Payload failed = OutcomeLine.of(RemoteFailure.of(FailureKind.FAILED, "no", 1));
    rig.step(
        () ->
            run.outcomes(
                0, Lines.split(Payload.of("{\"value\":1}\n" + failed.text() + "\ngarbage")), 30));
    List<String> lines =
        rig.takeResults().stream()
            .flatMap(
                result ->
                    IntStream.range(0, result.outcomes().count())
                        .mapToObj(i -> result.outcomes().get(i).text()))
            .toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).isEqualTo("{\"value\":1}");
    assertThat(lines.get(1)).contains("\"no\"");
    assertThat(lines.get(2)).contains("result_not_serializable", "garbage");
  }

  @Test
  void unreadable_failure_is_reported_as_such() {
    HeldTask run = rig.run(TaskSample.of(1));
    rig.step(() -> run.outcomes(0, Lines.single(Payload.of("{\"error\":{\"attempt\":\"x\"}}")), 5));
    assertThat(rig.takeFailure().kind()).isEqualTo(FailureKind.RESULT_NOT_SERIALIZABLE);
  }

  @Test
  void latest_delivery_is_the_one_acknowledged() {
    HeldTask run = rig.run(TaskSample.of(1));
    FakeDelivery first = (FakeDelivery) run.delivery();
    FakeDelivery second = new FakeDelivery(run.task().toMessage()).again();
    run.redelivered(second);
    run.heldSince(77);
    rig.step(() -> run.outcomes(0, EndsRig.values(1), 5));
    assertThat(first.acked()).isFalse();
    assertThat(second.acked()).isTrue();
    assertThat(run.heldSince()).isEqualTo(77);
  }

  @Test
  void run_knows_its_task() {
    HeldTask run = rig.run(TaskSample.of(1));
    assertThat(run.functionName()).isEqualTo("a.B::c");
    assertThat(run.settingsKey()).isEqualTo(run.task().settings().key());
    assertThat(run.isRequeued()).isFalse();
    assertThat(run.hasExpired()).isFalse();
    assertThat(run.number()).isPositive();
    run.givesBack();
    assertThat(run.isPartlyGivenBack()).isTrue();
  }
}
