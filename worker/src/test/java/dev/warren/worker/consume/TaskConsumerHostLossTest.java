package dev.warren.worker.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.task.FailureKind;
import dev.warren.wire.TaskMessage;
import dev.warren.worker.TaskSample;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tasks that were held by a worker that is lost, or that may still be. */
class TaskConsumerHostLossTest {
  private ConsumerRig rig = new ConsumerRig(1);

  @AfterEach
  void close() throws IOException {
    rig.close();
  }

  private void slots(int slots) throws IOException {
    rig.close();
    rig = new ConsumerRig(slots);
  }

  @Test
  void redelivered_task_is_run_again_if_no_worker_claims_it() throws IOException {
    slots(4);
    FakeDelivery delivery =
        rig.deliver(new FakeDelivery(TaskSample.of(1).id("t").message()).again());
    assertThat(rig.told().get(0).asked()).containsExactly("t");
    assertThat(rig.consumer.idle()).isFalse();
    rig.loop.advanceMillis(2000);
    assertThat(rig.takeAgain().get(0).counts().hostLosses()).isEqualTo(1);
    assertThat(delivery.acked()).isTrue();
  }

  @Test
  void redelivered_task_that_another_worker_holds_is_deferred() throws IOException {
    slots(4);
    FakeDelivery delivery =
        rig.deliver(new FakeDelivery(TaskSample.of(1).id("t").message()).again());
    rig.holders(List.of(), List.of("t"), List.of());
    assertThat(rig.broker.takeOne(ConsumerRig.NAMES.delay(3200)).id()).isEqualTo("t");
    assertThat(delivery.acked()).isTrue();
  }

  @Test
  void redelivered_task_that_another_worker_has_settled_is_acknowledged_here_too()
      throws IOException {
    slots(4);
    FakeDelivery delivery =
        rig.deliver(new FakeDelivery(TaskSample.of(1).id("t").message()).again());
    rig.holders(List.of(), List.of(), List.of("t"));
    assertThat(delivery.acked()).isTrue();
    assertThat(rig.deliver(TaskSample.of(1).id("t")).acked()).as("remembered").isTrue();
  }

  @Test
  void redelivered_task_of_short_calls_is_run_again_without_a_question() {
    rig.held(TaskSample.of(1));
    rig.answerAll(1000);
    rig.told();
    rig.deliver(new FakeDelivery(TaskSample.of(5).message()).again());
    assertThat(rig.told()).isEmpty();
    assertThat(rig.takeAgain().get(0).counts().hostLosses()).isEqualTo(1);
  }

  @Test
  void task_lost_once_too_often_is_dead_lettered_and_its_calls_end() throws IOException {
    slots(4);
    rig.deliver(new FakeDelivery(TaskSample.of(2).counts(1, 0, 3).message()).again());
    rig.loop.advanceMillis(2000);
    assertThat(rig.takeDead()).hasSize(2);
    assertThat(rig.failures())
        .hasSize(2)
        .allMatch(failure -> failure.kind() == FailureKind.HOST_LOST);
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
    TaskMessage putOff = TaskSample.read(rig.broker.takeOne(ConsumerRig.NAMES.delay(200)));
    assertThat(putOff.id()).startsWith("second~");
    assertThat(putOff.counts().hostLosses()).isEqualTo(3);
    assertThat(second.acked()).isTrue();
  }

  @Test
  void worker_answers_others_and_reports_held_tasks_after_a_reconnect() {
    FakeDelivery delivery = rig.held(TaskSample.of(1).id("t"));
    rig.holders(List.of("t"), List.of(), List.of());
    assertThat(rig.told().get(0).held()).containsExactly("t");
    delivery.loseConnection();
    rig.broker.listeners.get(0).reconnected();
    rig.settle();
    assertThat(rig.told().get(0).held()).containsExactly("t");
    assertThat(rig.hellos).isEqualTo(1);
    rig.broker.deliver(ConsumerRig.NAMES.tasks(), TaskSample.of(1).id("live").message());
    rig.settle();
    rig.broker.listeners.get(0).reconnected();
    rig.settle();
    assertThat(rig.told().get(0).held())
        .as("live ones have not gone to others")
        .containsExactly("t");
    rig.answerAll(10);
    assertThat(rig.told().get(0).settled()).containsExactly("t");
  }

  @Test
  void crowd_of_redelivered_tasks_raises_the_prefetch() {
    FakeDelivery one = rig.deliver(new FakeDelivery(TaskSample.of(1).id("a").message()).again());
    assertThat(rig.broker.subscriptions.get(ConsumerRig.NAMES.tasks()).prefetch).isEqualTo(64);
    assertThat(one.acked()).as("it goes around").isTrue();
  }
}
