package dev.warren.worker.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.broker.Broker.QueueDepth;
import dev.warren.broker.BrokerException;
import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import dev.warren.task.TaskOptions;
import dev.warren.wire.CallRanges;
import dev.warren.wire.TaskMessage;
import dev.warren.wire.control.CancelMessage;
import dev.warren.worker.TaskSample;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls that a worker hands back: because it stops, or because others are free. */
class TaskConsumerDrainTest {
  private ConsumerRig rig = new ConsumerRig(1);

  @AfterEach
  void close() throws IOException {
    rig.close();
  }

  private void slots(int slots) throws IOException {
    rig.close();
    rig = new ConsumerRig(slots);
  }

  // ---- stopping

  @Test
  void draining_worker_hands_back_waiting_calls_and_finishes_running_ones() {
    FakeDelivery delivery = rig.held(TaskSample.of(3));
    rig.loop.step(rig.consumer::drain);
    rig.settle();
    TaskMessage back = rig.takeAgain().get(0);
    assertThat(back.calls()).isEqualTo(CallRanges.of(1, 2));
    assertThat(back.counts()).isEqualTo(TaskMessage.Counts.FIRST);
    assertThat(rig.broker.subscriptions.get(ConsumerRig.NAMES.tasks()).cancelled).isTrue();
    assertThat(delivery.acked()).isFalse();
    rig.answerAll(10);
    assertThat(delivery.acked()).isTrue();
    assertThat(rig.consumer.idle()).isTrue();
    rig.consumer.end();
    assertThat(rig.broker.subscriptions.get(ConsumerRig.CONTROL).cancelled).isTrue();
  }

  @Test
  void ended_calls_are_not_handed_back() {
    rig.held(TaskSample.of(5));
    rig.control(new CancelMessage("c", TaskSample.OWNER, CallRanges.of(3, 1), 1000).toMessage());
    rig.loop.step(rig.consumer::drain);
    rig.settle();
    assertThat(rig.takeAgain())
        .extracting(TaskMessage::calls)
        .containsExactly(CallRanges.of(1, 2), CallRanges.of(4, 1));
  }

  @Test
  void deliveries_in_transit_to_a_draining_worker_are_put_back() {
    rig.loop.step(rig.consumer::drain);
    FakeDelivery fresh = rig.deliver(TaskSample.of(2));
    assertThat(rig.takeAgain().get(0).count()).isEqualTo(2);
    assertThat(fresh.acked()).isTrue();
    FakeDelivery suspect =
        rig.deliver(new FakeDelivery(TaskSample.of(1).id("s").message()).again());
    assertThat(rig.broker.takeOne(ConsumerRig.NAMES.delay(100)).id()).isEqualTo("s");
    assertThat(suspect.acked()).isTrue();
  }

  @Test
  void lost_task_that_waits_to_start_is_put_back_when_the_worker_drains() {
    FakeDelivery delivery = rig.deliver(TaskSample.of(1).counts(1, 0, 1));
    rig.loop.step(rig.consumer::drain);
    rig.loop.advanceMillis(100);
    assertThat(rig.takeAgain()).hasSize(1);
    assertThat(delivery.acked()).isTrue();
  }

  @Test
  void suspect_is_deferred_when_the_worker_drains() throws IOException {
    slots(4);
    rig.broker.holdConfirms();
    FakeDelivery delivery =
        rig.deliver(new FakeDelivery(TaskSample.of(1).id("t").message()).again());
    rig.loop.step(rig.consumer::drain);
    rig.settle();
    assertThat(rig.broker.takeOne(ConsumerRig.NAMES.delay(100)).id()).isEqualTo("t");
    assertThat(delivery.acked()).as("not before that is confirmed").isFalse();
    assertThat(rig.consumer.idle()).isFalse();
    rig.broker.confirmAll();
    rig.settle();
    assertThat(delivery.acked()).isTrue();
    assertThat(rig.consumer.idle()).isTrue();
  }

  @Test
  void verdict_on_a_delivery_of_a_lost_connection_does_nothing() throws IOException {
    slots(4);
    FakeDelivery delivery =
        rig.deliver(new FakeDelivery(TaskSample.of(1).id("t").message()).again());
    delivery.loseConnection();
    rig.loop.advanceMillis(2000);
    assertThat(rig.takeAgain()).isEmpty();
  }

  @Test
  void worker_without_a_connection_waits_for_no_delivery() {
    rig.loop.step(rig.consumer::drain);
    rig.broker.subscriptions.get(ConsumerRig.NAMES.tasks()).ended = false;
    assertThat(rig.consumer.idle()).isFalse();
    rig.broker.connected = false;
    assertThat(rig.consumer.idle()).isTrue();
  }

  @Test
  void lost_child_costs_its_call_and_nothing_else() {
    rig.held(TaskSample.of(1));
    rig.answerAll(100);
    FakeDelivery delivery = rig.held(TaskSample.of(3));
    rig.child(0).exits(137);
    rig.settle();
    rig.startChildren();
    rig.answerAll(100);
    rig.answerAll(100);
    rig.answerAll(100);
    assertThat(delivery.acked()).isTrue();
    assertThat(rig.takeAgain()).isEmpty();
  }

  @Test
  void call_that_kills_its_child_is_run_again_until_its_budget_is_used_up() {
    TaskSample killer = TaskSample.of(1).options(TaskOptions.builder().childLost(1));
    FakeDelivery first = rig.held(killer);
    rig.child(0).exits(137);
    rig.settle();
    TaskMessage again = rig.takeAgain().get(0);
    assertThat(first.acked()).isTrue();
    rig.deliver(again);
    rig.startChildren();
    rig.child(1).exits(137);
    rig.settle();
    assertThat(rig.failures())
        .extracting(RemoteFailure::kind)
        .containsExactly(FailureKind.CHILD_LOST);
    assertThat(rig.takeDead()).hasSize(1);
    assertThat(rig.consumer.callsFailed()).isEqualTo(2);
  }

  // ---- rebalancing

  @Test
  void calls_that_would_wait_long_are_handed_back_in_parts_while_others_may_be_idle()
      throws IOException {
    slots(1);
    rig.held(TaskSample.of(1));
    rig.answerAll(100_000);
    rig.held(TaskSample.of(1).function("long::one"));
    rig.deliver(TaskSample.of(200));
    others(2);
    rig.loop.advanceMillis(200);
    ScriptedBroker.FakeSubscription tasks = rig.broker.subscriptions.get(ConsumerRig.NAMES.tasks());
    assertThat(tasks.paused).as("so that what it gives back does not come back").isNotNull();
    pausedNow();
    List<TaskMessage> parts = rig.takeAgain();
    assertThat(parts).hasSize(64);
    assertThat(parts.stream().mapToInt(TaskMessage::count).sum()).isEqualTo(200);
    assertThat(parts.get(0).counts()).isEqualTo(TaskMessage.Counts.FIRST);
    rig.answerAll(500_000);
    assertThat(tasks.paused).as("consumes again with a free slot").isNull();
  }

  private void others(int consumers) {
    for (String queue : List.of(ConsumerRig.NAMES.tasks(), ConsumerRig.NAMES.again())) {
      rig.broker.depths.put(queue, new QueueDepth(0, consumers));
    }
  }

  private void pausedNow() {
    rig.broker.subscriptions.get(ConsumerRig.NAMES.again()).paused.run();
    rig.broker.subscriptions.get(ConsumerRig.NAMES.tasks()).paused.run();
    rig.settle();
  }

  @Test
  void nothing_is_handed_back_without_another_consumer() {
    rig.held(TaskSample.of(1));
    rig.answerAll(100_000);
    rig.held(TaskSample.of(1).function("long::one"));
    rig.deliver(TaskSample.of(200));
    others(1);
    rig.loop.advanceMillis(5000);
    assertThat(rig.broker.subscriptions.get(ConsumerRig.NAMES.tasks()).paused).isNull();
    rig.broker.depthFails(new BrokerException("away"));
    rig.loop.advanceMillis(5000);
    assertThat(rig.broker.subscriptions.get(ConsumerRig.NAMES.tasks()).paused).isNull();
  }

  @Test
  void late_answer_of_the_broker_hands_nothing_back() {
    rig.deliver(TaskSample.of(10));
    others(2);
    rig.helper.hold();
    rig.loop.advanceMillis(3000);
    rig.loop.step(rig.consumer::drain);
    rig.settle();
    rig.takeAgain();
    rig.helper.release();
    rig.loop.advanceMillis(1000);
    assertThat(rig.broker.subscriptions.get(ConsumerRig.NAMES.tasks()).paused).isNull();
    assertThat(rig.takeAgain()).isEmpty();
  }

  @Test
  void nothing_is_handed_back_while_the_queue_holds_messages() {
    rig.deliver(TaskSample.of(10));
    for (String queue : List.of(ConsumerRig.NAMES.tasks(), ConsumerRig.NAMES.again())) {
      rig.broker.depths.put(queue, new QueueDepth(1, 5));
    }
    rig.loop.advanceMillis(10_000);
    assertThat(rig.broker.subscriptions.get(ConsumerRig.NAMES.tasks()).paused).isNull();
  }

  @Test
  void worker_without_children_hands_back_everything_and_resumes_later() {
    rig.deliver(TaskSample.of(10));
    others(2);
    rig.loop.advanceMillis(1900);
    assertThat(rig.broker.subscriptions.get(ConsumerRig.NAMES.tasks()).paused)
        .as("one may start soon")
        .isNull();
    rig.loop.advanceMillis(400);
    pausedNow();
    assertThat(rig.takeAgain().stream().mapToInt(TaskMessage::count).sum()).isEqualTo(10);
    rig.loop.advanceMillis(2200);
    assertThat(rig.broker.subscriptions.get(ConsumerRig.NAMES.tasks()).paused).isNull();
  }

  @Test
  void calls_behind_a_long_one_are_withdrawn_and_handed_to_others() throws IOException {
    slots(1);
    rig.held(TaskSample.of(1));
    rig.answerAll(100);
    rig.held(TaskSample.of(10));
    assertThat(rig.child(0).callsGiven()).isEqualTo(10);
    rig.children.runs(0, 0, 5000);
    others(2);
    rig.loop.advanceMillis(500);
    pausedNow();
    rig.children.givesBack(0, 1, 9);
    rig.loop.advanceMillis(400);
    pausedNow();
    assertThat(rig.takeAgain().stream().mapToInt(TaskMessage::count).sum()).isEqualTo(9);
  }

  @Test
  void pause_ends_without_a_hand_back_if_the_wait_has_become_short() {
    rig.deliver(TaskSample.of(10));
    others(2);
    rig.loop.advanceMillis(2300);
    rig.startChildren();
    rig.answerAll(10);
    for (int i = 0; i < 10; i++) {
      rig.answerAll(10);
    }
    assertThat(rig.takeAgain()).isEmpty();
    assertThat(rig.consumer.heldCount()).isZero();
  }
}
