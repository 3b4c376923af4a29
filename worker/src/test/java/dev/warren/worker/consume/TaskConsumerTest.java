package dev.warren.worker.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.CallRanges;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import dev.warren.wire.TaskMessage;
import dev.warren.wire.control.CancelMessage;
import dev.warren.wire.control.ClockMessage;
import dev.warren.wire.control.DrainMessage;
import dev.warren.wire.control.HelloMessage;
import dev.warren.wire.control.RefusalMessage;
import dev.warren.wire.control.WatchMessage;
import dev.warren.worker.TaskSample;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The whole path of a delivery to its acknowledgement, with children played by the test. */
class TaskConsumerTest {
  private ConsumerRig rig = new ConsumerRig(1);

  @AfterEach
  void close() throws IOException {
    rig.close();
  }

  // ---- the usual path

  @Test
  void delivery_is_run_answered_and_acknowledged() {
    FakeDelivery delivery = rig.held(TaskSample.of(3));
    rig.answerAll(100);
    rig.answerAll(100);
    assertThat(delivery.acked()).isTrue();
    assertThat(rig.takeOutcomes()).isNotEmpty();
    assertThat(rig.consumer.callsEnded()).isEqualTo(3);
    assertThat(rig.consumer.callsFailed()).isZero();
    assertThat(rig.consumer.heldCount()).isZero();
  }

  @Test
  void tasks_come_from_both_queues_and_repeated_ones_run_first() {
    rig.held(TaskSample.of(1));
    rig.deliver(TaskSample.of(1).id("ordinary"));
    rig.broker.deliver(ConsumerRig.NAMES.again(), TaskSample.of(1).id("again").message());
    rig.answerAll(200_000);
    rig.answerAll(200_000);
    assertThat(rig.consumer.held(10)).containsExactly("ordinary");
  }

  @Test
  void ids_of_held_tasks_are_reported_up_to_a_bound() {
    rig.held(TaskSample.of(1).id("a"));
    rig.deliver(TaskSample.of(1).id("b"));
    assertThat(rig.consumer.held(10)).containsExactlyInAnyOrder("a", "b");
    assertThat(rig.consumer.held(1)).hasSize(1);
    assertThat(rig.consumer).hasToString("2 deliveries unsettled, prefetch 1");
    assertThat(rig.consumer.idle()).isFalse();
  }

  // ---- messages that are no task

  @Test
  void malformed_task_is_dead_lettered() {
    FakeDelivery delivery =
        rig.deliver(new Message("m", "t", null, null, 4, Map.of(), Payload.of("x")));
    assertThat(delivery.acked()).isTrue();
    assertThat(rig.takeDead().get(0).headers().get(Headers.CAUSE).toString())
        .contains("warren-version is missing");
  }

  @Test
  void task_with_a_forbidden_reply_queue_is_dead_lettered() {
    rig.deliver(TaskSample.of(1).owner("payroll.commands"));
    assertThat(rig.takeDead()).hasSize(1);
    assertThat(rig.broker.takeFrom("payroll.commands")).isEmpty();
  }

  @Test
  void task_to_start_in_more_than_a_year_is_dead_lettered() {
    long soon = rig.loop.time().steadyMillis();
    rig.deliver(
        TaskSample.of(1)
            .times(new TaskMessage.Times(0, soon + 2 * TaskMessage.LONGEST_DELAY_MS, soon, 0)));
    assertThat(rig.takeDead().get(0).headers().get(Headers.CAUSE).toString())
        .contains("must be within a year");
  }

  // ---- deliveries that come again

  @Test
  void second_copy_of_a_held_task_is_acknowledged() {
    FakeDelivery first = rig.held(TaskSample.of(1).id("t"));
    FakeDelivery second = rig.deliver(TaskSample.of(1).id("t"));
    assertThat(second.acked()).isTrue();
    assertThat(first.acked()).isFalse();
  }

  @Test
  void held_task_redelivered_after_a_reconnect_is_not_run_again() {
    FakeDelivery first = rig.held(TaskSample.of(1).id("t"));
    first.loseConnection();
    FakeDelivery second = rig.deliver(new FakeDelivery(TaskSample.of(1).id("t").message()).again());
    assertThat(rig.children.supervisor.callsRunning()).isEqualTo(1);
    rig.answerAll(10);
    assertThat(second.acked()).isTrue();
    assertThat(first.acked()).isFalse();
  }

  @Test
  void redelivered_settled_task_is_acknowledged_and_not_run() {
    rig.held(TaskSample.of(1).id("t"));
    rig.answerAll(10);
    FakeDelivery again = rig.deliver(TaskSample.of(1).id("t"));
    assertThat(again.acked()).isTrue();
    assertThat(rig.children.supervisor.callsRunning()).isZero();
  }

  // ---- tasks that wait, or that nobody wants

  @Test
  void task_with_a_delay_left_is_put_back() {
    FakeDelivery delivery = rig.deliver(TaskSample.of(2).delayMillis(1000));
    Message waiting = rig.broker.takeOne(ConsumerRig.NAMES.delay(800));
    assertThat(TaskSample.read(waiting).times().delayMillis()).isEqualTo(200);
    assertThat(delivery.acked()).isTrue();
  }

  @Test
  void expired_calls_end_by_their_owners_clock() {
    long now = rig.loop.time().steadyMillis();
    rig.deliver(TaskSample.of(1).times(TaskMessage.Times.until(now + 1000, now)));
    rig.loop.advanceMillis(1001);
    rig.startChildren();
    assertThat(rig.failures()).extracting(RemoteFailure::kind).containsExactly(FailureKind.EXPIRED);
  }

  @Test
  void clock_message_of_an_owner_is_used() {
    long now = rig.loop.time().steadyMillis();
    rig.control(new ClockMessage("c", TaskSample.OWNER, now + 5000).toMessage());
    rig.deliver(TaskSample.of(1).times(TaskMessage.Times.until(now + 4000, now - 90_000)));
    rig.startChildren();
    assertThat(rig.failures()).extracting(RemoteFailure::kind).containsExactly(FailureKind.EXPIRED);
  }

  @Test
  void tasks_of_a_gone_owner_are_dropped_for_five_seconds() {
    rig.held(TaskSample.of(1));
    rig.deliver(TaskSample.of(2));
    rig.broker.thenUnroutable().thenUnroutable().thenUnroutable();
    rig.answerAll(10);
    rig.loop.advanceMillis(1500);
    assertThat(rig.children.supervisor.callsWaiting()).as("ended, and not to be run").isZero();
    FakeDelivery dropped = rig.deliver(TaskSample.of(1).id("t"));
    assertThat(dropped.acked()).isTrue();
    rig.loop.advanceMillis(5000);
    FakeDelivery taken = rig.deliver(TaskSample.of(1));
    assertThat(taken.acked()).as("it may have come back").isFalse();
  }

  // ---- cancelled calls

  @Test
  void call_cancelled_before_its_arrival_is_not_run() {
    rig.control(new CancelMessage("c", TaskSample.OWNER, CallRanges.of(1, 1), 1000).toMessage());
    rig.deliver(TaskSample.of(3));
    RemoteFailure failure = rig.failures().get(0);
    assertThat(failure.kind()).isEqualTo(FailureKind.CANCELLED);
    assertThat(failure.neverStarted()).isTrue();
    assertThat(rig.consumer.heldCount()).as("the others are").isEqualTo(1);
  }

  @Test
  void task_cancelled_before_its_arrival_ends_without_a_child() {
    rig.control(new CancelMessage("c", TaskSample.OWNER, CallRanges.of(0, 9), 1000).toMessage());
    FakeDelivery delivery = rig.deliver(TaskSample.of(2));
    assertThat(rig.failures()).hasSize(2).allMatch(RemoteFailure::neverStarted);
    assertThat(delivery.acked()).isTrue();
    assertThat(rig.children.supervisor.callsWaiting()).isZero();
  }

  @Test
  void waiting_call_that_is_cancelled_ends_and_a_running_one_is_interrupted() {
    rig.held(TaskSample.of(2));
    rig.control(new CancelMessage("c", TaskSample.OWNER, CallRanges.of(0, 2), 500).toMessage());
    assertThat(rig.failures()).hasSize(1);
    rig.loop.advanceMillis(600);
    assertThat(rig.child(0).kills()).isEqualTo(1);
    assertThat(rig.failures()).extracting(RemoteFailure::neverStarted).containsExactly(false);
  }

  @Test
  void owner_that_has_cancelled_everything_has_its_tasks_dropped() {
    rig.held(TaskSample.of(1));
    rig.deliver(TaskSample.of(1));
    rig.control(
        new CancelMessage("c", TaskSample.OWNER, null, CancelMessage.LEAVE_RUNNING).toMessage());
    assertThat(rig.failures()).hasSize(1);
    assertThat(rig.deliver(TaskSample.of(1)).acked()).isTrue();
    rig.loop.advanceMillis(60_000);
    assertThat(rig.child(0).kills()).isZero();
  }

  // ---- functions that this worker cannot run

  @Test
  void refused_function_is_passed_on_without_another_try() {
    rig.held(TaskSample.of(1));
    rig.child(0).failAll(RemoteFailure.refusedHere("no class", 1));
    rig.settle();
    rig.control(new RefusalMessage("w-2", 1, "a.B::c", RefusalMessage.Says.MAY, null).toMessage());
    assertThat(rig.takeAgain()).hasSize(1);
    FakeDelivery next = rig.deliver(TaskSample.of(2));
    assertThat(rig.children.supervisor.callsRunning()).isZero();
    rig.loop.advanceMillis(300);
    assertThat(rig.takeAgain()).hasSize(2);
    assertThat(next.acked()).isTrue();
  }

  // ---- control messages

  @Test
  void hello_is_answered_by_a_heartbeat() {
    rig.control(new HelloMessage("h").toMessage());
    assertThat(rig.hellos).isEqualTo(1);
  }

  @Test
  void watch_message_asks_for_reports() {
    rig.control(new WatchMessage("w", 30).toMessage());
    assertThat(rig.watchedSeconds).isEqualTo(30);
  }

  @Test
  void drain_message_is_for_one_worker() {
    rig.control(new DrainMessage("d", "another").toMessage());
    assertThat(rig.drains).isZero();
    rig.control(new DrainMessage("d", rig.id()).toMessage());
    assertThat(rig.drains).isEqualTo(1);
  }

  @Test
  void odd_control_message_is_dropped() {
    rig.control(new Message("m", "odd", null, null, 4, Map.of(), Payload.EMPTY));
    rig.control(new Message("m", null, null, null, 4, Map.of(), Payload.EMPTY));
    FakeDelivery delivery = rig.held(TaskSample.of(1));
    rig.answerAll(10);
    assertThat(delivery.acked()).isTrue();
  }

  // ---- how much is held ahead

  @Test
  void prefetch_grows_once_calls_are_known_to_be_short() {
    rig.held(TaskSample.of(1));
    rig.answerAll(100);
    assertThat(rig.broker.subscriptions.get(ConsumerRig.NAMES.tasks()).prefetch).isEqualTo(201);
    assertThat(rig.broker.subscriptions.get(ConsumerRig.NAMES.again()).prefetch).isEqualTo(201);
  }

  @Test
  void time_of_a_partly_handed_back_task_is_not_measured() {
    rig.held(TaskSample.of(3));
    rig.loop.step(() -> rig.consumer.giveBack(rig.children.supervisor.withdraw()));
    rig.settle();
    rig.answerAll(100);
    assertThat(rig.broker.subscriptions.get(ConsumerRig.NAMES.tasks()).prefetch).isEqualTo(1);
  }
}
