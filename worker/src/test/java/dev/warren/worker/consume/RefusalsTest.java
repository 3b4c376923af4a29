package dev.warren.worker.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.broker.Broker.QueueDepth;
import dev.warren.broker.BrokerException;
import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.TaskMessage;
import dev.warren.wire.control.RefusalMessage;
import dev.warren.wire.control.RefusalMessage.Says;
import dev.warren.worker.TaskSample;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Functions that this worker cannot run, while other workers may be able to. */
class RefusalsTest {
  private static final String FUNCTION = "a.B::c";

  private final EndsRig rig = new EndsRig();
  private final Refusals refusals = rig.ends.refusals();

  @BeforeEach
  void three_workers() {
    consumers(3);
  }

  private void consumers(int count) {
    rig.broker.depths.put(EndsRig.NAMES.tasks(), new QueueDepth(0, count));
  }

  private HeldTask refused() {
    return refused("no class a.B");
  }

  private HeldTask refused(String why) {
    HeldTask held = rig.run(TaskSample.of(1));
    rig.fails(held, 0, RemoteFailure.refusedHere(why, 1));
    return held;
  }

  private void hear(String worker, Says says, @Nullable String reason) {
    rig.step(() -> refusals.hear(new RefusalMessage(worker, 1, FUNCTION, says, reason), null));
  }

  private List<RefusalMessage> asked() {
    return rig.broker.takeFromExchange(EndsRig.NAMES.control()).stream()
        .map(RefusalMessage::of)
        .toList();
  }

  private RefusalMessage answeredTo(String worker) {
    return RefusalMessage.of(rig.broker.takeOne(EndsRig.NAMES.control(worker)));
  }

  @Test
  void answer_goes_to_the_queue_that_the_asker_names() {
    RefusalMessage question = new RefusalMessage("w-2", 1, FUNCTION, Says.ASKS, "no class");
    String usual = EndsRig.NAMES.control("w-2");
    rig.step(() -> refusals.hear(question, usual + ".x"));
    assertThat(answeredTo("w-2.x").says()).isEqualTo(Says.MAY);
    rig.step(() -> refusals.hear(question, "warren.results.somebody"));
    assertThat(answeredTo("w-2").says()).isEqualTo(Says.MAY);
  }

  @Test
  void call_goes_to_the_first_worker_that_may_run_it() {
    refused();
    assertThat(asked())
        .singleElement()
        .satisfies(
            question -> {
              assertThat(question.says()).isEqualTo(Says.ASKS);
              assertThat(question.reason()).isEqualTo("no class a.B");
            });
    hear("w-2", Says.REFUSES, "another build");
    assertThat(rig.takeAgain()).isEmpty();
    hear("w-3", Says.MAY, null);
    assertThat(rig.takeAgain()).hasSize(1);
  }

  @Test
  void call_is_rejected_with_all_reasons_once_every_worker_has_refused_it() {
    HeldTask held = refused();
    hear("w-2", Says.REFUSES, "another build");
    hear("w-3", Says.REFUSES, "no class a.B");
    RemoteFailure failure = rig.takeFailure();
    assertThat(failure.kind()).isEqualTo(FailureKind.REJECTED);
    assertThat(failure.message()).isEqualTo("no class a.B; another worker: another build");
    assertThat(failure.details())
        .containsEntry("refusals", Map.of("w-2", "another build", "w-3", "no class a.B"));
    assertThat(EndsRig.acked(held)).isTrue();
  }

  @Test
  void call_is_rejected_after_a_second_without_answers() {
    refused();
    rig.loop.advanceMillis(999);
    assertThat(rig.takeResults()).isEmpty();
    rig.loop.advanceMillis(1);
    assertThat(rig.takeFailure().message()).isEqualTo("no class a.B");
  }

  @Test
  void only_worker_decides_at_once() {
    consumers(1);
    refused();
    assertThat(rig.takeFailure().kind()).isEqualTo(FailureKind.REJECTED);
  }

  @Test
  void worker_that_does_not_consume_now_counts_all_consumers_as_others() {
    consumers(1);
    rig.consumes = false;
    refused();
    assertThat(rig.takeResults()).isEmpty();
  }

  @Test
  void answers_are_awaited_if_the_broker_does_not_report_the_number_of_workers() {
    rig.broker.depthFails(new BrokerException("away"));
    refused();
    assertThat(rig.takeResults()).isEmpty();
    hear("w-2", Says.REFUSES, null);
    assertThat(rig.takeAgain()).as("a refusal without a reason is taken for leave").hasSize(1);
  }

  @Test
  void later_calls_are_passed_on_without_a_question_for_thirty_seconds() {
    refused();
    asked();
    hear("w-2", Says.MAY, null);
    TaskMessage next = TaskSample.of(1).build();
    assertThat(refusals.passesOn(next)).isTrue();
    refused();
    assertThat(asked()).isEmpty();
    assertThat(rig.takeAgain()).hasSize(2);
    rig.loop.advanceMillis(30_001);
    assertThat(refusals.passesOn(next)).as("its class path may have changed").isFalse();
    refused();
    assertThat(asked()).hasSize(1);
  }

  @Test
  void function_that_every_worker_refuses_is_asked_about_again_with_its_next_call() {
    consumers(1);
    refused();
    assertThat(refusals.passesOn(TaskSample.of(1).build())).isFalse();
    asked();
    refused();
    assertThat(asked()).as("another worker may have come").hasSize(1);
  }

  @Test
  void passed_on_task_is_held_for_a_short_wait() {
    HeldTask held = rig.run(TaskSample.of(3));
    held.tryEnd(1);
    rig.step(() -> refusals.passOnSoon(held));
    rig.loop.advanceMillis(299);
    assertThat(rig.takeAgain()).isEmpty();
    rig.loop.advanceMillis(1);
    assertThat(rig.takeAgain()).hasSize(2);
  }

  @Test
  void worker_answers_what_it_knows_of_a_function() {
    hear("w-2", Says.ASKS, "no class");
    assertThat(answeredTo("w-2").says()).isEqualTo(Says.MAY);
    refused();
    hear("w-2", Says.ASKS, "no class");
    assertThat(answeredTo("w-2").says()).isEqualTo(Says.REFUSES);
    rig.loop.advanceMillis(31_000);
    hear("w-2", Says.ASKS, "no class");
    assertThat(answeredTo("w-2").says()).isEqualTo(Says.MAY);
  }

  @Test
  void stopping_worker_refuses_every_function() {
    rig.step(refusals::leave);
    hear("w-2", Says.ASKS, "no class");
    assertThat(answeredTo("w-2").reason()).isEqualTo("it is stopping");
  }

  @Test
  void question_of_another_worker_counts_as_an_answer() {
    consumers(2);
    refused();
    hear("w-2", Says.ASKS, "no class either");
    assertThat(rig.takeFailure().message()).contains("no class either");
  }

  @Test
  void its_own_messages_are_ignored() {
    refused();
    hear("w-1", Says.MAY, null);
    assertThat(rig.takeAgain()).isEmpty();
  }

  @Test
  void question_that_cannot_be_sent_harms_nothing() {
    rig.broker.thenFails(new BrokerException("no permission"));
    refused();
    rig.loop.advanceMillis(1000);
    assertThat(rig.takeFailure().kind()).isEqualTo(FailureKind.REJECTED);
  }

  @Test
  void refusal_without_a_message_is_reported_by_its_type() {
    consumers(1);
    RemoteFailure silent =
        new RemoteFailure(
            FailureKind.REJECTED,
            "java.lang.NoClassDefFoundError",
            null,
            null,
            List.of(),
            false,
            null,
            1,
            Map.of("elsewhere", true));
    HeldTask held = rig.run(TaskSample.of(1));
    rig.fails(held, 0, silent);
    assertThat(asked().get(0).reason()).isEqualTo("java.lang.NoClassDefFoundError");
  }
}
