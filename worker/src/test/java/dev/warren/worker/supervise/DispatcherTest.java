package dev.warren.worker.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import dev.warren.task.TaskOptions;
import dev.warren.worker.TaskSample;
import dev.warren.worker.config.KillReason;
import dev.warren.worker.config.RecycleReason;
import dev.warren.worker.meter.WorkerMeters;
import dev.warren.worker.supervise.calls.CallTimes;
import dev.warren.worker.supervise.calls.WaitingCalls;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which call goes to which child, and when. */
class DispatcherTest {
  private static final String SHORT = "a.B::c";

  private final Children children = new Children();
  private final CallTimes times = new CallTimes(WorkerMeters.detached());
  private final InitializerHealth initializers = new InitializerHealth();
  private Dispatcher dispatcher = slots(2);

  private Dispatcher slots(int slots) {
    return new Dispatcher(slots, children.registry, times, initializers, children.loop);
  }

  private FakeWork add(FakeWork work) {
    dispatcher.add(new WaitingCalls(work, 0, work.task().count(), false));
    return work;
  }

  private static FakeWork of(TaskSample task) {
    return new FakeWork(task);
  }

  private static FakeWork ofPool(int settings) {
    return of(TaskSample.of(1).settings(Children.settings(settings)));
  }

  private static String key(int settings) {
    return Children.settings(settings).key();
  }

  // ---- order

  @Test
  void calls_are_assigned_in_the_order_of_arrival() {
    FakeWork first = add(FakeWork.calls(1));
    FakeWork second = add(FakeWork.calls(1));
    FakeWork third = add(FakeWork.calls(1));
    Child one = children.ready();
    Child two = children.ready();
    dispatcher.dispatch();
    assertThat(one.calls.holds(first)).isTrue();
    assertThat(two.calls.holds(second)).isTrue();
    assertThat(dispatcher.takeAll()).containsExactly(new WaitingCalls(third, 0, 1, false));
    assertThat(dispatcher.isEmpty()).isTrue();
  }

  @Test
  void calls_that_run_again_go_before_all_others_and_behind_their_kind() {
    FakeWork ordinary = add(FakeWork.calls(1));
    FakeWork again = add(FakeWork.calls(1).requeued());
    FakeWork againToo = add(FakeWork.calls(1).requeued());
    assertThat(dispatcher.takeAll().stream().map(WaitingCalls::work))
        .containsExactly(again, againToo, ordinary);
  }

  @Test
  void returned_calls_go_to_the_front_in_order() {
    FakeWork waiting = add(FakeWork.calls(1));
    FakeWork a = FakeWork.calls(1);
    FakeWork b = FakeWork.calls(1);
    dispatcher.addFirst(
        List.of(new WaitingCalls(a, 0, 1, false), new WaitingCalls(b, 0, 1, false)));
    assertThat(dispatcher.takeAll().stream().map(WaitingCalls::work))
        .containsExactly(a, b, waiting);
  }

  @Test
  void blocked_calls_keep_their_order_and_do_not_block_calls_for_other_children() {
    Child child = children.ready(key(2));
    dispatcher = slots(4);
    for (int i = 0; i < 100; i++) {
      initializers.know(key(100 + i), Children.settings(100 + i));
      add(ofPool(100 + i));
    }
    FakeWork last = add(ofPool(2));
    dispatcher.dispatch();
    assertThat(child.idle()).as("the last one is beyond the look-ahead").isTrue();
    List<WaitingCalls> all = dispatcher.takeAll();
    assertThat(all).hasSize(101);
    assertThat(all.get(100).work()).isSameAs(last);
    all.stream().limit(3).forEach(waiting -> dispatcher.add(waiting));
    add(last);
    dispatcher.dispatch();
    assertThat(child.calls.holds(last)).isTrue();
    assertThat(dispatcher.callsWaiting()).isEqualTo(3);
  }

  // ---- to whom

  @Test
  void no_more_children_hold_calls_than_there_are_slots() {
    dispatcher = slots(1);
    children.ready();
    children.ready();
    add(FakeWork.calls(2));
    dispatcher.dispatch();
    assertThat(children.registry.busy()).isEqualTo(1);
    assertThat(dispatcher.callsWaiting()).isEqualTo(1);
  }

  @Test
  void call_of_an_unmeasured_function_is_given_alone() {
    Child child = children.ready();
    add(FakeWork.calls(10));
    dispatcher.dispatch();
    assertThat(child.calls.count()).isEqualTo(1);
  }

  @Test
  void short_calls_are_given_ahead_and_an_idle_child_is_given_calls_first() {
    times.measured(SHORT, 1, 1000); // three may wait in a child that cannot return them
    Child one = children.ready();
    add(FakeWork.calls(2));
    dispatcher.dispatch();
    assertThat(one.calls.count()).isEqualTo(2);
    Child two = children.ready();
    add(FakeWork.calls(1));
    dispatcher.dispatch();
    assertThat(two.calls.count()).isEqualTo(1);
  }

  @Test
  void busy_child_is_refilled_once_half_is_done() {
    times.measured(SHORT, 1, 500); // six
    dispatcher = slots(1);
    Child child = children.ready();
    add(FakeWork.calls(20));
    dispatcher.dispatch();
    assertThat(child.calls.count()).isEqualTo(6);
    for (int left = 5; left > 3; left--) {
      children.answerFirst(child);
      dispatcher.dispatch();
      assertThat(child.calls.count()).isEqualTo(left);
    }
    children.answerFirst(child);
    dispatcher.dispatch();
    assertThat(child.calls.count()).isEqualTo(6);
  }

  @Test
  void least_loaded_child_is_refilled_first() {
    times.measured(SHORT, 1, 300); // ten
    Child one = children.ready();
    Child two = children.ready();
    FakeWork held = FakeWork.calls(5);
    one.give(held, 0, 4, false, 0);
    two.give(held, 4, 5, false, 0);
    FakeWork next = add(FakeWork.calls(1));
    dispatcher.dispatch();
    assertThat(two.calls.holds(next)).isTrue();
  }

  @Test
  void nothing_waits_behind_a_long_call() {
    times.measured(SHORT, 1, 10);
    Child child = children.ready();
    children.inLongCall(child);
    add(FakeWork.calls(1));
    dispatcher.dispatch();
    assertThat(dispatcher.callsWaiting()).isEqualTo(1);
  }

  @Test
  void suspected_call_runs_alone_in_its_child() {
    times.measured(SHORT, 1, 10);
    dispatcher = slots(1);
    Child child = children.ready();
    FakeWork suspected = FakeWork.calls(3);
    dispatcher.addFirst(List.of(new WaitingCalls(suspected, 0, 3, true)));
    add(FakeWork.calls(5));
    dispatcher.dispatch();
    assertThat(child.calls.count()).isEqualTo(1);
    assertThat(child.calls.holdsAlone()).isTrue();
    assertThat(dispatcher.callsWaiting()).isEqualTo(7);
  }

  @Test
  void at_most_once_call_waits_behind_no_other() {
    times.measured(SHORT, 1, 10);
    Child child = children.ready();
    add(of(TaskSample.of(5).options(TaskOptions.builder().atMostOnce(true))));
    dispatcher.dispatch();
    assertThat(child.calls.count()).isEqualTo(1);
  }

  @Test
  void calls_of_a_serial_task_go_to_one_child() {
    times.measured(SHORT, 1, 1000);
    Child one = children.ready();
    Child two = children.ready();
    FakeWork serial = add(of(TaskSample.of(5).serial()));
    dispatcher.dispatch();
    assertThat(one.calls.count()).isEqualTo(3);
    assertThat(two.idle()).isTrue();
    children.answerFirst(one);
    children.answerFirst(one);
    dispatcher.dispatch();
    assertThat(one.calls.count()).isEqualTo(3);
    assertThat(two.calls.holds(serial)).isFalse();
  }

  @Test
  void child_is_given_at_most_its_remaining_calls() {
    times.measured(SHORT, 1, 10);
    Child child = children.ready(Children.KEY, Children.calls(2));
    add(FakeWork.calls(5));
    dispatcher.dispatch();
    assertThat(child.calls.count()).isEqualTo(2);
    assertThat(child.recycling()).isEqualTo(RecyclePolicy.ran(2));
  }

  @Test
  void ended_calls_are_skipped() {
    times.measured(SHORT, 1, 10);
    Child child = children.ready();
    FakeWork work = add(FakeWork.calls(4));
    work.fail(0, RemoteFailure.of(FailureKind.CANCELLED, "x", 1));
    work.fail(2, RemoteFailure.of(FailureKind.CANCELLED, "x", 1));
    dispatcher.dispatch();
    assertThat(child.calls.holds(work, 1)).isTrue();
    assertThat(child.calls.holds(work, 2)).isFalse();
    assertThat(child.calls.holds(work, 3)).isTrue();
    assertThat(dispatcher.isEmpty()).isTrue();
  }

  // ---- calls that must not start

  @Test
  void expired_calls_end_instead_of_being_started() {
    children.ready();
    FakeWork work = add(FakeWork.calls(2));
    work.expired = true;
    dispatcher.dispatch();
    assertThat(work.failures.get(1).kind()).isEqualTo(FailureKind.EXPIRED);
    assertThat(children.registry.busy()).isZero();
    assertThat(dispatcher.isEmpty()).isTrue();
  }

  @Test
  void calls_end_when_no_child_can_be_initialised_for_them() {
    initializers.know(Children.KEY, Children.settings(0));
    for (int i = 0; i < InitializerHealth.TRIES; i++) {
      initializers.failed(
          Children.KEY,
          RemoteFailure.of(FailureKind.FAILED, "no database", 1),
          children.loop.now());
    }
    FakeWork work = add(FakeWork.calls(2));
    work.fail(0, RemoteFailure.of(FailureKind.CANCELLED, "x", 1));
    dispatcher.dispatch();
    assertThat(work.failures.get(0).kind()).isEqualTo(FailureKind.CANCELLED);
    assertThat(work.failures.get(1).kind()).isEqualTo(FailureKind.INITIALIZER_FAILED);
    assertThat(work.failures.get(1).message()).contains("no database");
  }

  // ---- settings of several pools

  @Test
  void settings_are_wanted_in_the_order_of_calls_until_each_has_a_child_for_every_slot() {
    assertThat(dispatcher.wantedSettings()).isNull();
    add(ofPool(1));
    add(ofPool(1));
    add(ofPool(2));
    assertThat(dispatcher.wantedSettings()).isEqualTo(key(1));
    children.ready(key(1));
    children.initialising(key(1));
    assertThat(dispatcher.wantedSettings()).isEqualTo(key(2));
  }

  @Test
  void failing_settings_are_not_wanted_until_their_back_off_ends() {
    initializers.know(key(1), Children.settings(1));
    initializers.failed(key(1), RemoteFailure.of(FailureKind.FAILED, "x", 1), children.loop.now());
    add(ofPool(1));
    assertThat(dispatcher.wantedSettings()).isNull();
    children.loop.advanceMillis(1000);
    assertThat(dispatcher.wantedSettings()).isEqualTo(key(1));
  }

  @Test
  void idle_child_of_another_pool_leaves_for_calls_that_have_less_than_their_share() {
    Child one = children.ready(key(1));
    Child two = children.ready(key(1));
    children.inLongCall(two);
    add(ofPool(2));
    dispatcher.dispatch();
    assertThat(one.state()).isEqualTo(Child.State.LEAVING);
    assertThat(two.recycling()).isNull();
  }

  @Test
  void pool_within_its_share_keeps_its_children_for_a_second() {
    Child one = children.ready(key(1));
    Child two = children.ready(key(2));
    children.inLongCall(one);
    children.inLongCall(two);
    dispatcher = slots(2);
    add(ofPool(1));
    add(ofPool(2));
    add(ofPool(3));
    dispatcher.dispatch();
    assertThat(one.recycling()).isNull();
    assertThat(two.recycling()).isNull();
    children.loop.advanceMillis(1001);
    dispatcher.dispatch();
    assertThat(List.of(one, two))
        .filteredOn(child -> child.recycling() != null)
        .singleElement()
        .satisfies(
            child ->
                assertThat(child.recycling().reason()).isEqualTo(RecycleReason.OTHER_SETTINGS));
  }

  @Test
  void child_whose_initializer_hangs_is_killed_for_another_pool() {
    Child hangs = children.initialising(key(1));
    Child hangsToo = children.initialising(key(1));
    add(ofPool(2));
    dispatcher.dispatch();
    assertThat(List.of(hangs, hangsToo))
        .filteredOn(child -> child.killing() != null)
        .singleElement()
        .satisfies(
            child -> assertThat(child.killing().reason()).isEqualTo(KillReason.OTHER_SETTINGS));
  }

  @Test
  void unbound_child_counts_for_the_calls_that_found_none() {
    Child other = children.ready(key(1));
    children.inLongCall(other);
    children.blank();
    add(ofPool(1));
    add(ofPool(2));
    dispatcher.dispatch();
    assertThat(other.recycling()).as("the blank one will be theirs").isNull();
  }

  @Test
  void hanging_initializer_within_its_pools_share_is_left_alone() {
    Child hangs = children.initialising(key(1));
    add(ofPool(1));
    add(ofPool(2));
    dispatcher.dispatch();
    assertThat(hangs.killing()).isNull();
  }

  @Test
  void child_that_holds_a_serial_task_and_leaves_is_given_no_more_of_it() {
    times.measured(SHORT, 1, 1000);
    Child one = children.ready();
    Child two = children.ready();
    add(of(TaskSample.of(5).serial()));
    dispatcher.dispatch();
    one.recycleAfterCalls(new Recycling(RecycleReason.AGE, "old"));
    dispatcher.dispatch();
    assertThat(one.calls.count()).isEqualTo(3);
    assertThat(two.idle()).isTrue();
    assertThat(dispatcher.callsWaiting()).isEqualTo(2);
  }

  @Test
  void calls_with_their_share_of_children_take_over_no_others() {
    children.inLongCall(children.ready(key(1)));
    Child other = children.ready(key(2));
    children.inLongCall(other);
    add(ofPool(1));
    add(ofPool(2));
    dispatcher.dispatch();
    assertThat(other.recycling()).isNull();
  }

  @Test
  void child_is_free_if_it_is_idle_and_a_slot_is() {
    assertThat(dispatcher.anyFree(Children.KEY)).isFalse();
    children.ready();
    assertThat(dispatcher.anyFree(Children.KEY)).isTrue();
    assertThat(dispatcher.anyFree("other")).isFalse();
    children.inLongCall(children.ready());
    children.inLongCall(children.ready());
    assertThat(dispatcher.anyFree(Children.KEY)).isFalse();
  }

  // ---- what waits

  @Test
  void waiting_time_is_estimated_from_past_calls() {
    assertThat(dispatcher.stalledMicros()).isZero();
    times.measured(SHORT, 1, 1000);
    add(FakeWork.calls(10));
    assertThat(dispatcher.backlogMicros()).isEqualTo(5000);
    children.loop.advanceMillis(7);
    assertThat(dispatcher.stalledMicros()).isEqualTo(7000);
    children.ready();
    dispatcher.dispatch();
    assertThat(dispatcher.stalledMicros()).isZero();
    dispatcher.takeAll();
    children.loop.advanceMillis(7);
    dispatcher.addFirst(List.of(new WaitingCalls(FakeWork.calls(1), 0, 1, false)));
    assertThat(dispatcher.stalledMicros()).isZero();
  }

  @Test
  void calls_beyond_a_bound_are_removed_from_the_end() {
    times.measured(SHORT, 1, 1000);
    FakeWork first = add(FakeWork.calls(3));
    FakeWork second = add(FakeWork.calls(3));
    FakeWork third = add(FakeWork.calls(1));
    assertThat(dispatcher.takeBeyond(2000))
        .containsExactly(
            new WaitingCalls(second, 1, 3, false), new WaitingCalls(third, 0, 1, false));
    assertThat(dispatcher.takeAll())
        .containsExactly(
            new WaitingCalls(first, 0, 3, false), new WaitingCalls(second, 0, 1, false));
  }

  @Test
  void serial_task_is_removed_whole_or_not_at_all() {
    times.measured(SHORT, 1, 1000);
    FakeWork kept = add(of(TaskSample.of(6).serial()));
    FakeWork taken = add(of(TaskSample.of(2).serial()));
    dispatcher.add(new WaitingCalls(of(TaskSample.of(3).serial()), 1, 3, false));
    assertThat(dispatcher.takeBeyond(1000)).containsExactly(new WaitingCalls(taken, 0, 2, false));
    assertThat(dispatcher.takeAll().get(0)).isEqualTo(new WaitingCalls(kept, 0, 6, false));
  }
}
