package dev.warren.worker.consume.redelivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.broker.BrokerException;
import dev.warren.broker.Delivery;
import dev.warren.broker.PoolNames;
import dev.warren.testkit.ManualLoop;
import dev.warren.wire.TaskMessage;
import dev.warren.wire.control.OwnershipQuery;
import dev.warren.worker.TaskSample;
import dev.warren.worker.consume.FakeDelivery;
import dev.warren.worker.consume.ScriptedBroker;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Redelivered tasks: which worker holds them? */
class RedeliveryArbiterTest {
  private static final PoolNames NAMES = new PoolNames("p");
  private static final int ROOM = 10;

  private final ManualLoop loop = new ManualLoop();
  private final ScriptedBroker broker = new ScriptedBroker();
  private final List<String> decisions = new ArrayList<>();
  private final RedeliveryArbiter arbiter =
      new RedeliveryArbiter(
          broker,
          NAMES,
          loop,
          "w-1",
          new RedeliveryArbiter.Decisions() {
            @Override
            public void lost(TaskMessage task, Delivery delivery) {
              decisions.add("lost " + task.id());
            }

            @Override
            public void later(Delivery delivery) {
              decisions.add("later " + delivery.message().id());
            }

            @Override
            public void redeliveryBacklog(boolean much) {
              decisions.add("crowd " + much);
            }

            @Override
            public void settledElsewhere(Delivery delivery) {
              decisions.add("settled " + delivery.message().id());
            }
          });

  private FakeDelivery add(String id) {
    return add(id, ROOM);
  }

  private FakeDelivery add(String id, int room) {
    TaskMessage task = TaskSample.of(1).id(id).build();
    FakeDelivery delivery = new FakeDelivery(TaskSample.message(task)).again();
    loop.step(() -> arbiter.add(task, delivery, room));
    return delivery;
  }

  private void hear(List<String> asked, List<String> held, List<String> settled) {
    OwnershipQuery message = new OwnershipQuery("w-2", 1, asked, held, settled);
    loop.step(() -> arbiter.hear(message, "mine"::equals, "done"::equals));
  }

  private List<OwnershipQuery> told() {
    return broker.takeFromExchange(NAMES.control()).stream().map(OwnershipQuery::of).toList();
  }

  @Test
  void task_that_no_worker_claims_within_two_seconds_is_lost() {
    add("t");
    assertThat(told().get(0).asked()).containsExactly("t");
    loop.advanceMillis(1999);
    assertThat(decisions).isEmpty();
    loop.advanceMillis(1);
    assertThat(decisions).containsExactly("lost t");
    assertThat(arbiter.isEmpty()).isTrue();
    assertThat(loop.nextWait()).isEmpty();
  }

  @Test
  void question_is_repeated_without_answers() {
    add("t");
    loop.advanceMillis(1900);
    assertThat(told()).hasSize(4).allMatch(message -> message.asked().equals(List.of("t")));
  }

  @Test
  void task_that_another_worker_holds_is_deferred() {
    add("t");
    hear(List.of(), List.of("t"), List.of());
    assertThat(decisions).containsExactly("later t");
    loop.advanceMillis(5000);
    assertThat(decisions).hasSize(1);
  }

  @Test
  void task_that_another_worker_has_settled_is_acknowledged() {
    add("t");
    hear(List.of(), List.of(), List.of("t"));
    assertThat(decisions).containsExactly("settled t");
  }

  @Test
  void second_copy_of_a_suspect_is_acknowledged() {
    FakeDelivery first = add("t");
    FakeDelivery second = add("t");
    assertThat(second.acked()).isTrue();
    assertThat(first.acked()).isFalse();
    first.loseConnection();
    FakeDelivery third = add("t");
    assertThat(third.acked()).as("the first is void").isFalse();
  }

  @Test
  void others_have_eight_seconds_after_a_reconnect() {
    loop.step(() -> arbiter.reconnected(List.of()));
    add("t");
    loop.advanceMillis(7900);
    assertThat(decisions).isEmpty();
    loop.advanceMillis(200);
    assertThat(decisions).containsExactly("lost t");
  }

  @Test
  void deliveries_of_the_old_connection_are_forgotten_and_held_tasks_are_reported() {
    FakeDelivery delivery = add("t");
    told();
    delivery.loseConnection();
    loop.step(() -> arbiter.reconnected(List.of("mine")));
    assertThat(arbiter.isEmpty()).isTrue();
    assertThat(told().get(0).held()).containsExactly("mine");
  }

  @Test
  void worker_reports_held_and_settled_tasks_on_request() {
    hear(List.of("mine", "done", "unknown"), List.of(), List.of());
    OwnershipQuery answer = told().get(0);
    assertThat(answer.held()).containsExactly("mine");
    assertThat(answer.settled()).containsExactly("done");
    assertThat(answer.asked()).isEmpty();
  }

  @Test
  void its_own_questions_are_not_answered() {
    OwnershipQuery own = new OwnershipQuery("w-1", 1, List.of("mine"), List.of(), List.of());
    loop.step(() -> arbiter.hear(own, "mine"::equals, "done"::equals));
    assertThat(told()).isEmpty();
  }

  @Test
  void time_of_another_workers_question_counts_when_the_task_arrives() {
    hear(List.of("t"), List.of(), List.of());
    loop.advanceMillis(2000);
    add("t");
    assertThat(decisions).containsExactly("lost t");
  }

  @Test
  void task_settled_or_held_elsewhere_is_asked_about_again() {
    hear(List.of("t", "u"), List.of(), List.of());
    hear(List.of(), List.of("t"), List.of("u"));
    loop.advanceMillis(2000);
    add("t");
    add("u");
    assertThat(decisions).isEmpty();
  }

  @Test
  void suspects_without_room_are_deferred_and_decided_when_they_come_back() {
    add("a", 1);
    add("b", 1);
    assertThat(decisions).containsExactly("crowd true", "later b");
    assertThat(told().stream().flatMap(message -> message.asked().stream())).contains("a", "b");
    loop.advanceMillis(3200);
    assertThat(decisions).contains("lost a");
    add("b", 1);
    assertThat(decisions).contains("lost b");
    loop.advanceMillis(5000);
    assertThat(decisions).endsWith("crowd false");
    assertThat(loop.nextWait()).isEmpty();
  }

  @Test
  void hundreds_of_lost_tasks_are_decided_when_they_first_come_back() {
    List<String> ids = IntStream.range(0, 800).mapToObj(i -> "t" + i).toList();
    ids.forEach(id -> add(id, 2));
    loop.advanceMillis(3200);
    ids.subList(2, 800).forEach(id -> add(id, 2));
    assertThat(decisions.stream().filter(verdict -> verdict.startsWith("lost"))).hasSize(800);
  }

  @Test
  void draining_worker_decides_nothing() {
    add("t");
    loop.step(arbiter::giveUp);
    assertThat(decisions).containsExactly("later t");
    assertThat(arbiter.isEmpty()).isTrue();
  }

  @Test
  void settled_task_whose_delivery_went_to_others_is_reported() {
    loop.step(() -> arbiter.settled("t"));
    assertThat(told().get(0).settled()).containsExactly("t");
  }

  @Test
  void long_lists_are_sent_in_several_messages() {
    List<String> ids = IntStream.range(0, 1000).mapToObj(i -> "task-" + i).toList();
    loop.step(() -> arbiter.reconnected(ids));
    List<OwnershipQuery> told = told();
    assertThat(told.size()).isGreaterThan(1);
    assertThat(told.stream().flatMap(message -> message.held().stream()))
        .containsExactlyElementsOf(ids);
    assertThat(told).extracting(OwnershipQuery::sequence).doesNotHaveDuplicates();
  }

  @Test
  void question_that_cannot_be_sent_harms_nothing() {
    broker.thenFails(new BrokerException("no permission"));
    add("t");
    loop.advanceMillis(2000);
    assertThat(decisions).containsExactly("lost t");
  }
}
