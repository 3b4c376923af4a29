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
    HeldTask held = rig.run(TaskSample.of(2));
    rig.broker.holdConfirms();
    rig.step(() -> held.outcomes(0, EndsRig.values(1), EndsRig.took(10)));
    rig.step(() -> held.outcomes(1, EndsRig.values(1), EndsRig.took(20)));
    assertThat(held.allEnded()).isTrue();
    assertThat(EndsRig.acked(held)).isFalse();
    rig.broker.confirmOne();
    rig.loop.settle();
    assertThat(EndsRig.acked(held)).isFalse();
    rig.broker.confirmOne();
    rig.loop.settle();
    assertThat(EndsRig.acked(held)).isTrue();
    assertThat(rig.finished).containsExactly(held);
    assertThat(held.busyMicros()).isEqualTo(30);
  }

  @Test
  void busy_time_is_reported_after_the_last_end_and_before_settlement() {
    HeldTask held = rig.run(TaskSample.of(2));
    rig.broker.holdConfirms();
    rig.step(() -> held.outcomes(0, EndsRig.values(1), EndsRig.took(10)));
    assertThat(rig.measured).isEmpty();
    rig.step(() -> held.outcomes(1, EndsRig.values(1), EndsRig.took(10)));
    assertThat(rig.measured).containsExactly(held);
    assertThat(held.isMeasured()).isTrue();
    assertThat(rig.finished).isEmpty();
  }

  @Test
  void first_end_of_a_call_counts() {
    HeldTask held = rig.run(TaskSample.of(3));
    RemoteFailure cancelled = RemoteFailure.of(FailureKind.CANCELLED, "cancelled", 1);
    rig.step(
        () -> {
          held.fail(1, cancelled);
          held.fail(1, RemoteFailure.of(FailureKind.TIME_LIMIT, "late", 1));
          held.childLost(1, RemoteFailure.of(FailureKind.CHILD_LOST, "late", 1));
          held.outcomes(0, EndsRig.values(3), EndsRig.took(30));
        });
    List<ResultMessage> results = rig.takeResults();
    assertThat(results.stream().mapToInt(result -> result.outcomes().count()).sum()).isEqualTo(3);
    assertThat(EndsRig.acked(held)).isTrue();
    assertThat(((FakeDelivery) held.delivery()).acks()).isEqualTo(1);
    assertThat(held.tryEnd(0)).isFalse();
  }

  @Test
  void values_and_failures_of_one_frame_are_handled_separately() {
    HeldTask held = rig.run(TaskSample.of(3));
    Payload failed = OutcomeLine.of(RemoteFailure.of(FailureKind.FAILED, "no", 1));
    rig.step(
        () ->
            held.outcomes(
                0,
                Lines.split(Payload.of("{\"value\":1}\n" + failed.text() + "\ngarbage")),
                EndsRig.took(30)));
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
    HeldTask held = rig.run(TaskSample.of(1));
    rig.step(
        () ->
            held.outcomes(
                0, Lines.single(Payload.of("{\"error\":{\"attempt\":\"x\"}}")), EndsRig.took(5)));
    assertThat(rig.takeFailure().kind()).isEqualTo(FailureKind.RESULT_NOT_SERIALIZABLE);
  }

  @Test
  void latest_delivery_is_the_one_acknowledged() {
    HeldTask held = rig.run(TaskSample.of(1));
    FakeDelivery first = (FakeDelivery) held.delivery();
    FakeDelivery second = new FakeDelivery(TaskSample.message(held.task())).again();
    held.redelivered(second);
    held.heldSince(77);
    rig.step(() -> held.outcomes(0, EndsRig.values(1), EndsRig.took(5)));
    assertThat(first.acked()).isFalse();
    assertThat(second.acked()).isTrue();
    assertThat(held.heldSince()).isEqualTo(77);
  }

  @Test
  void run_knows_its_task() {
    HeldTask held = rig.run(TaskSample.of(1));
    assertThat(held.functionName()).isEqualTo("a.B::c");
    assertThat(held.settingsKey()).isEqualTo(held.task().settings().key());
    assertThat(held.isRequeued()).isFalse();
    assertThat(held.hasExpired()).isFalse();
    assertThat(held.number()).isPositive();
    held.givesBack();
    assertThat(held.isPartlyGivenBack()).isTrue();
  }
}
