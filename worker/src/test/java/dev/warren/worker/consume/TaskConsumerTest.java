package dev.warren.worker.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.broker.Broker.QueueDepth;
import dev.warren.broker.BrokerException;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.task.TaskOptions;
import dev.warren.wire.CallRanges;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import dev.warren.wire.OutcomeLine;
import dev.warren.wire.ResultMessage;
import dev.warren.wire.TaskMessage;
import dev.warren.wire.control.CancelMessage;
import dev.warren.wire.control.ClockMessage;
import dev.warren.wire.control.HelloMessage;
import dev.warren.wire.control.OwnershipQuery;
import dev.warren.wire.control.RefusalMessage;
import dev.warren.worker.TaskSample;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The whole path of a delivery to its acknowledgement, with children played by the test. */
class TaskConsumerTest {
  private ConsumerRig rig = new ConsumerRig(1);

  @AfterEach
  void close() throws IOException {
    rig.close();
  }

  private void slots(int slots) throws IOException {
    rig.close();
    rig = new ConsumerRig(slots);
  }

  /** Delivers a task that a child then holds. */
  private FakeDelivery held(TaskSample task) {
    FakeDelivery delivery = rig.deliver(task);
    rig.startChildren();
    assertThat(rig.children.supervisor.callsRunning()).isPositive();
    return delivery;
  }

  private List<RemoteFailure> failures() {
    return rig.takeOutcomes().stream()
        .map(message -> ResultMessage.of(TaskSample.OWNER, message))
        .flatMap(
            result ->
                IntStream.range(0, result.outcomes().count())
                    .mapToObj(i -> OutcomeLine.failure(result.outcomes().get(i))))
        .toList();
  }

  private void holders(List<String> asked, List<String> held, List<String> settled) {
    rig.control(new OwnershipQuery("w-2", 1, asked, held, settled).toMessage());
  }

  private List<OwnershipQuery> told() {
    return rig.broker.takeFromExchange(ConsumerRig.NAMES.control()).stream()
        .map(OwnershipQuery::of)
        .toList();
  }

  // ---- the usual walk

  @Test
  void delivery_is_run_answered_and_acknowledged() {
    FakeDelivery delivery = held(TaskSample.of(3));
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
    held(TaskSample.of(1));
    rig.deliver(TaskSample.of(1).id("ordinary"));
    rig.broker.deliver(ConsumerRig.NAMES.again(), TaskSample.of(1).id("again").build().toMessage());
    rig.answerAll(200_000);
    rig.answerAll(200_000);
    assertThat(rig.consumer.held(10)).containsExactly("ordinary");
  }

  @Test
  void ids_of_held_tasks_are_reported_up_to_a_bound() {
    held(TaskSample.of(1).id("a"));
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
    FakeDelivery first = held(TaskSample.of(1).id("t"));
    FakeDelivery second = rig.deliver(TaskSample.of(1).id("t"));
    assertThat(second.acked()).isTrue();
    assertThat(first.acked()).isFalse();
  }

  @Test
  void held_task_redelivered_after_a_reconnect_is_not_run_again() {
    FakeDelivery first = held(TaskSample.of(1).id("t"));
    first.loseConnection();
    FakeDelivery second =
        rig.deliver(new FakeDelivery(TaskSample.of(1).id("t").build().toMessage()).again());
    assertThat(rig.children.supervisor.callsRunning()).isEqualTo(1);
    rig.answerAll(10);
    assertThat(second.acked()).isTrue();
    assertThat(first.acked()).isFalse();
  }

  @Test
  void redelivered_settled_task_is_acknowledged_and_not_run() {
    held(TaskSample.of(1).id("t"));
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
    assertThat(TaskMessage.of(waiting).times().delayMillis()).isEqualTo(200);
    assertThat(delivery.acked()).isTrue();
  }

  @Test
  void expired_calls_end_by_their_owners_clock() {
    long now = rig.loop.time().steadyMillis();
    rig.deliver(TaskSample.of(1).times(TaskMessage.Times.until(now + 1000, now)));
    rig.loop.advanceMillis(1001);
    rig.startChildren();
    assertThat(failures()).extracting(RemoteFailure::kind).containsExactly(FailureKind.EXPIRED);
  }

  @Test
  void clock_message_of_an_owner_is_used() {
    long now = rig.loop.time().steadyMillis();
    rig.control(new ClockMessage("c", TaskSample.OWNER, now + 5000).toMessage());
    rig.deliver(TaskSample.of(1).times(TaskMessage.Times.until(now + 4000, now - 90_000)));
    rig.startChildren();
    assertThat(failures()).extracting(RemoteFailure::kind).containsExactly(FailureKind.EXPIRED);
  }

  @Test
  void tasks_of_a_gone_owner_are_dropped_for_five_seconds() {
    held(TaskSample.of(1));
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
    RemoteFailure failure = failures().get(0);
    assertThat(failure.kind()).isEqualTo(FailureKind.CANCELLED);
    assertThat(failure.neverStarted()).isTrue();
    assertThat(rig.consumer.heldCount()).as("the others are").isEqualTo(1);
  }

  @Test
  void task_cancelled_before_its_arrival_ends_without_a_child() {
    rig.control(new CancelMessage("c", TaskSample.OWNER, CallRanges.of(0, 9), 1000).toMessage());
    FakeDelivery delivery = rig.deliver(TaskSample.of(2));
    assertThat(failures()).hasSize(2).allMatch(RemoteFailure::neverStarted);
    assertThat(delivery.acked()).isTrue();
    assertThat(rig.children.supervisor.callsWaiting()).isZero();
  }

  @Test
  void waiting_call_that_is_cancelled_ends_and_a_running_one_is_interrupted() {
    held(TaskSample.of(2));
    rig.control(new CancelMessage("c", TaskSample.OWNER, CallRanges.of(0, 2), 500).toMessage());
    assertThat(failures()).hasSize(1);
    rig.loop.advanceMillis(600);
    assertThat(rig.child(0).kills()).isEqualTo(1);
    assertThat(failures()).extracting(RemoteFailure::neverStarted).containsExactly(false);
  }

  @Test
  void owner_that_has_cancelled_everything_has_its_tasks_dropped() {
    held(TaskSample.of(1));
    rig.deliver(TaskSample.of(1));
    rig.control(
        new CancelMessage("c", TaskSample.OWNER, null, CancelMessage.LEAVE_RUNNING).toMessage());
    assertThat(failures()).hasSize(1);
    assertThat(rig.deliver(TaskSample.of(1)).acked()).isTrue();
    rig.loop.advanceMillis(60_000);
    assertThat(rig.child(0).kills()).isZero();
  }

  // ---- tasks of lost workers

  @Test
  void redelivered_task_is_run_again_if_no_worker_claims_it() throws IOException {
    slots(4);
    FakeDelivery delivery =
        rig.deliver(new FakeDelivery(TaskSample.of(1).id("t").build().toMessage()).again());
    assertThat(told().get(0).asked()).containsExactly("t");
    assertThat(rig.consumer.idle()).isFalse();
    rig.loop.advanceMillis(2000);
    assertThat(rig.takeAgain().get(0).counts().hostLosses()).isEqualTo(1);
    assertThat(delivery.acked()).isTrue();
  }

  @Test
  void redelivered_task_that_another_worker_holds_is_deferred() throws IOException {
    slots(4);
    FakeDelivery delivery =
        rig.deliver(new FakeDelivery(TaskSample.of(1).id("t").build().toMessage()).again());
    holders(List.of(), List.of("t"), List.of());
    assertThat(rig.broker.takeOne(ConsumerRig.NAMES.delay(3200)).id()).isEqualTo("t");
    assertThat(delivery.acked()).isTrue();
  }

  @Test
  void redelivered_task_that_another_worker_has_settled_is_acknowledged_here_too()
      throws IOException {
    slots(4);
    FakeDelivery delivery =
        rig.deliver(new FakeDelivery(TaskSample.of(1).id("t").build().toMessage()).again());
    holders(List.of(), List.of(), List.of("t"));
    assertThat(delivery.acked()).isTrue();
    assertThat(rig.deliver(TaskSample.of(1).id("t")).acked()).as("remembered").isTrue();
  }

  @Test
  void redelivered_task_of_short_calls_is_run_again_without_a_question() {
    held(TaskSample.of(1));
    rig.answerAll(1000);
    told();
    rig.deliver(new FakeDelivery(TaskSample.of(5).build().toMessage()).again());
    assertThat(told()).isEmpty();
    assertThat(rig.takeAgain().get(0).counts().hostLosses()).isEqualTo(1);
  }

  @Test
  void task_lost_once_too_often_is_dead_lettered_and_its_calls_end() throws IOException {
    slots(4);
    rig.deliver(new FakeDelivery(TaskSample.of(2).counts(1, 0, 3).build().toMessage()).again());
    rig.loop.advanceMillis(2000);
    assertThat(rig.takeDead()).hasSize(2);
    assertThat(failures()).hasSize(2).allMatch(failure -> failure.kind() == FailureKind.HOST_LOST);
  }

  @Test
  void previously_lost_task_starts_once_everything_put_back_is_confirmed() {
    rig.deliver(TaskSample.of(1).counts(1, 0, 1));
    rig.startChildren();
    assertThat(rig.children.supervisor.callsRunning()).isZero();
    rig.loop.advanceMillis(40);
    rig.startChildren();
    assertThat(rig.children.supervisor.callsRunning()).isEqualTo(1);
  }

  @Test
  void one_isolated_task_is_held_at_a_time() {
    rig.deliver(TaskSample.of(1).counts(1, 0, 3));
    FakeDelivery second = rig.deliver(TaskSample.of(1).id("second").counts(1, 0, 3));
    TaskMessage putOff = TaskMessage.of(rig.broker.takeOne(ConsumerRig.NAMES.delay(200)));
    assertThat(putOff.id()).startsWith("second~");
    assertThat(putOff.counts().hostLosses()).isEqualTo(3);
    assertThat(second.acked()).isTrue();
  }

  @Test
  void worker_answers_others_and_reports_held_tasks_after_a_reconnect() {
    FakeDelivery delivery = held(TaskSample.of(1).id("t"));
    holders(List.of("t"), List.of(), List.of());
    assertThat(told().get(0).held()).containsExactly("t");
    delivery.loseConnection();
    rig.broker.listeners.get(0).reconnected();
    rig.settle();
    assertThat(told().get(0).held()).containsExactly("t");
    assertThat(rig.hellos).isEqualTo(1);
    rig.broker.deliver(ConsumerRig.NAMES.tasks(), TaskSample.of(1).id("live").build().toMessage());
    rig.settle();
    rig.broker.listeners.get(0).reconnected();
    rig.settle();
    assertThat(told().get(0).held()).as("live ones have not gone to others").containsExactly("t");
    rig.answerAll(10);
    assertThat(told().get(0).settled()).containsExactly("t");
  }

  @Test
  void crowd_of_redelivered_tasks_raises_the_prefetch() {
    FakeDelivery one =
        rig.deliver(new FakeDelivery(TaskSample.of(1).id("a").build().toMessage()).again());
    assertThat(rig.broker.subscriptions.get(ConsumerRig.NAMES.tasks()).prefetch).isEqualTo(64);
    assertThat(one.acked()).as("it goes around").isTrue();
  }

  // ---- functions that this worker cannot run

  @Test
  void refused_function_is_passed_on_without_another_try() {
    held(TaskSample.of(1));
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
  void odd_control_message_is_dropped() {
    rig.control(new Message("m", "odd", null, null, 4, Map.of(), Payload.EMPTY));
    rig.control(new Message("m", null, null, null, 4, Map.of(), Payload.EMPTY));
    FakeDelivery delivery = held(TaskSample.of(1));
    rig.answerAll(10);
    assertThat(delivery.acked()).isTrue();
  }

  // ---- how much is held ahead

  @Test
  void prefetch_grows_once_calls_are_known_to_be_short() {
    held(TaskSample.of(1));
    rig.answerAll(100);
    assertThat(rig.broker.subscriptions.get(ConsumerRig.NAMES.tasks()).prefetch).isEqualTo(201);
    assertThat(rig.broker.subscriptions.get(ConsumerRig.NAMES.again()).prefetch).isEqualTo(201);
  }

  @Test
  void time_of_a_partly_handed_back_task_is_not_measured() {
    held(TaskSample.of(3));
    rig.loop.step(() -> rig.consumer.giveBack(rig.children.supervisor.withdraw()));
    rig.settle();
    rig.answerAll(100);
    assertThat(rig.broker.subscriptions.get(ConsumerRig.NAMES.tasks()).prefetch).isEqualTo(1);
  }

  // ---- stopping

  @Test
  void draining_worker_hands_back_waiting_calls_and_finishes_running_ones() {
    FakeDelivery delivery = held(TaskSample.of(3));
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
    held(TaskSample.of(5));
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
        rig.deliver(new FakeDelivery(TaskSample.of(1).id("s").build().toMessage()).again());
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
        rig.deliver(new FakeDelivery(TaskSample.of(1).id("t").build().toMessage()).again());
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
        rig.deliver(new FakeDelivery(TaskSample.of(1).id("t").build().toMessage()).again());
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
    held(TaskSample.of(1));
    rig.answerAll(100);
    FakeDelivery delivery = held(TaskSample.of(3));
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
    FakeDelivery first = held(killer);
    rig.child(0).exits(137);
    rig.settle();
    TaskMessage again = rig.takeAgain().get(0);
    assertThat(first.acked()).isTrue();
    rig.deliver(again);
    rig.startChildren();
    rig.child(1).exits(137);
    rig.settle();
    assertThat(failures()).extracting(RemoteFailure::kind).containsExactly(FailureKind.CHILD_LOST);
    assertThat(rig.takeDead()).hasSize(1);
    assertThat(rig.consumer.callsFailed()).isEqualTo(2);
  }

  // ---- surplus

  @Test
  void calls_that_would_wait_long_are_handed_back_in_parts_while_others_may_be_idle()
      throws IOException {
    slots(1);
    held(TaskSample.of(1));
    rig.answerAll(100_000);
    held(TaskSample.of(1).function("long::one"));
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
    held(TaskSample.of(1));
    rig.answerAll(100_000);
    held(TaskSample.of(1).function("long::one"));
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
    held(TaskSample.of(1));
    rig.answerAll(100);
    held(TaskSample.of(10));
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
