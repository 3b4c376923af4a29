package dev.warren.worker.consume.redelivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.broker.BrokerException;
import dev.warren.task.FailureKind;
import dev.warren.task.TaskOptions;
import dev.warren.wire.CallRanges;
import dev.warren.wire.TaskMessage;
import dev.warren.wire.control.SupersededMessage;
import dev.warren.worker.TaskSample;
import dev.warren.worker.consume.EndsRig;
import dev.warren.worker.consume.ScriptedBroker;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What happens to tasks whose worker was lost. */
class HostLossRecoveryTest {
  private final EndsRig rig = new EndsRig();
  private final HostLossRecovery losses =
      new HostLossRecovery(rig.broker, rig.loop, rig.republisher);
  private int done;

  private static TaskSample lostBefore(int losses) {
    return TaskSample.of(20).options(TaskOptions.builder().hostLost(4)).counts(1, 0, losses);
  }

  private List<TaskMessage> tryAgain(TaskSample task) {
    rig.step(() -> losses.tryAgain(task.build(), () -> done++));
    return rig.takeAgain();
  }

  @Test
  void first_losses_are_charged_to_the_task_as_a_whole() {
    List<TaskMessage> again = tryAgain(lostBefore(0));
    assertThat(again).hasSize(1);
    assertThat(again.get(0).calls()).isEqualTo(CallRanges.of(0, 20));
    assertThat(again.get(0).counts()).isEqualTo(new TaskMessage.Counts(1, 0, 1));
    assertThat(done).isEqualTo(1);
  }

  @Test
  void last_attempts_are_parts_and_single_calls() {
    assertThat(tryAgain(lostBefore(1))).hasSize(1);
    List<TaskMessage> parts = tryAgain(lostBefore(2));
    assertThat(parts).hasSize(8);
    assertThat(parts.stream().mapToInt(TaskMessage::count).sum()).isEqualTo(20);
    assertThat(tryAgain(lostBefore(3))).hasSize(20);
  }

  @Test
  void owner_is_notified_once_all_parts_are_in_the_queue() {
    rig.broker.holdConfirms();
    TaskMessage task = lostBefore(2).build();
    rig.step(() -> losses.tryAgain(task, () -> done++));
    for (int i = 0; i < 8; i++) {
      assertThat(rig.broker.takeFrom(TaskSample.OWNER)).isEmpty();
      rig.broker.confirmOne();
      rig.loop.settle();
    }
    SupersededMessage moved = SupersededMessage.of(rig.broker.takeOne(TaskSample.OWNER));
    assertThat(moved.calls()).isEqualTo(task.calls());
    assertThat(moved.hostLosses()).isEqualTo(3);
    assertThat(done).isZero();
    rig.broker.confirmAll();
    rig.loop.settle();
    assertThat(done).isEqualTo(1);
  }

  @Test
  void owner_that_cannot_be_notified_delays_nothing() {
    rig.broker.holdConfirms();
    rig.step(() -> losses.tryAgain(lostBefore(0).build(), () -> done++));
    rig.broker.thenFails(new BrokerException("no permission"));
    rig.broker.confirmOne();
    rig.loop.settle();
    assertThat(done).isEqualTo(1);
  }

  @Test
  void foreign_owner_is_not_notified() {
    tryAgain(TaskSample.of(1).foreign("c"));
    assertThat(rig.broker.takeFrom(TaskSample.OWNER)).isEmpty();
    tryAgain(TaskSample.of(1).owner(null));
    assertThat(done).isEqualTo(2);
  }

  @Test
  void one_loss_too_many_ends_the_calls() {
    assertThat(HostLossRecovery.isOneTooMany(lostBefore(3).build())).isFalse();
    TaskMessage spent = lostBefore(4).build();
    assertThat(HostLossRecovery.isOneTooMany(spent)).isTrue();
    assertThat(HostLossRecovery.failure(spent).kind()).isEqualTo(FailureKind.HOST_LOST);
    assertThat(HostLossRecovery.failure(spent).message())
        .isEqualTo("the host that held it was lost 5 times");
    assertThat(HostLossRecovery.failure(spent).details()).containsEntry("lossCount", 5);
    TaskMessage once = TaskSample.of(1).options(TaskOptions.builder().atMostOnce(true)).build();
    assertThat(HostLossRecovery.isOneTooMany(once)).isTrue();
    assertThat(HostLossRecovery.failure(once).message())
        .isEqualTo("the host that held it was lost 1 time; it must not be started twice");
  }

  @Test
  void task_runs_in_isolation_for_its_last_two_attempts() {
    assertThat(HostLossRecovery.runsInIsolation(lostBefore(0).build())).isFalse();
    assertThat(HostLossRecovery.runsInIsolation(lostBefore(2).build())).isFalse();
    assertThat(HostLossRecovery.runsInIsolation(lostBefore(3).build())).isTrue();
    TaskMessage never = TaskSample.of(1).options(TaskOptions.builder().hostLost(0)).build();
    assertThat(HostLossRecovery.runsInIsolation(never)).isFalse();
  }

  @Test
  void deferred_tasks_come_back_one_after_another() {
    for (int i = 0; i < 2; i++) {
      rig.step(() -> losses.putOff(lostBefore(3).build(), () -> done++));
    }
    List<TaskMessage> waiting =
        rig.broker.takeFrom(EndsRig.NAMES.delay(200)).stream().map(TaskSample::read).toList();
    assertThat(waiting).extracting(task -> task.times().delayMillis()).containsExactly(100L, 130L);
    assertThat(waiting).extracting(task -> task.counts().hostLosses()).containsOnly(3);
    assertThat(done).isEqualTo(2);
  }

  @Test
  void tasks_are_never_put_off_for_longer_than_a_minute() {
    for (int i = 0; i < 2100; i++) {
      rig.loop.step(() -> losses.putOff(lostBefore(3).build(), () -> {}));
    }
    rig.loop.settle();
    ScriptedBroker.Sent last = rig.broker.sent.get(rig.broker.sent.size() - 1);
    assertThat(last.queue()).isEqualTo(EndsRig.NAMES.delay(51_200));
    assertThat(TaskSample.read(last.message()).times().delayMillis()).isEqualTo(60_000 - 51_200);
  }

  @Test
  void lost_task_starts_once_everything_put_back_is_confirmed() {
    boolean[] back = {false};
    rig.step(() -> losses.whenPutBack(lostBefore(1).build(), () -> back[0], () -> done++));
    rig.loop.advanceMillis(1000);
    assertThat(done).isZero();
    back[0] = true;
    rig.loop.advanceMillis(20);
    assertThat(done).as("acknowledgements are on their way").isZero();
    rig.loop.advanceMillis(20);
    assertThat(done).isEqualTo(1);
  }

  @Test
  void task_waits_two_seconds_at_most_and_an_isolated_one_without_limit() {
    rig.step(() -> losses.whenPutBack(lostBefore(1).build(), () -> false, () -> done++));
    rig.step(() -> losses.whenPutBack(lostBefore(3).build(), () -> false, () -> done += 100));
    rig.loop.advanceMillis(2100);
    assertThat(done).isEqualTo(1);
    rig.loop.advanceMillis(100_000);
    assertThat(done).isEqualTo(1);
  }
}
