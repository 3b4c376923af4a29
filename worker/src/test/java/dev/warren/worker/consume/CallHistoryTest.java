package dev.warren.worker.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.task.Backoff;
import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import dev.warren.task.TaskOptions;
import dev.warren.wire.TaskMessage;
import dev.warren.wire.control.CancelMessage;
import dev.warren.wire.control.ExplainAnswer;
import dev.warren.wire.control.ExplainMessage;
import dev.warren.worker.TaskSample;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a worker tells about calls, with children played by the test. */
class CallHistoryTest {
  private static final String REPLIES = ConsumerRig.NAMES.explain() + "test";

  private ConsumerRig rig = new ConsumerRig(1);

  @AfterEach
  void close() throws IOException {
    rig.close();
  }

  @Test
  void killed_child_and_second_attempt_are_told_in_order() {
    rig.held(TaskSample.of(1).id("t"));
    rig.loop.advanceMillis(30);
    rig.children.runs(0, 0, 20_000);
    rig.loop.advanceMillis(1000);
    rig.child(0).exits(128 + 9, "last line");
    rig.settle();
    rig.startChildren();
    TaskMessage second = rig.takeAgain().get(0);
    rig.deliver(second);
    rig.loop.advanceMillis(50);
    rig.children.runs(1, 0, 20_000);
    List<ExplainAnswer.Task> tasks = ask("job", 0, null).tasks();
    assertThat(tasks).extracting(ExplainAnswer.Task::held).containsExactly(false, true);
    assertThat(labels(tasks.get(0)))
        .containsExactly("delivered", "given", "running", "child_died", "retry", "confirmed");
    assertThat(labels(tasks.get(1))).containsExactly("delivered", "given", "running");
    assertThat(text(tasks.get(0), "child_died"))
        .contains("process", "SIGKILL", "last words: last line");
    assertThat(text(tasks.get(0), "retry"))
        .isEqualTo("attempt 1 published after 1 lost child, without delay");
    assertThat(text(tasks.get(1), "delivered")).isEqualTo("attempt 1, after 1 lost child");
    ExplainAnswer.Event running = tasks.get(0).events().get(2);
    assertThat(running.atMillis() - tasks.get(0).events().get(0).atMillis()).isEqualTo(10);
  }

  @Test
  void a_call_that_throws_is_told_about_with_its_delay_and_its_outcome() {
    TaskOptions.Builder twice =
        TaskOptions.builder().maxAttempts(2).backoff(Backoff.fixed(Duration.ofMillis(400)));
    rig.held(TaskSample.of(1).options(twice));
    rig.child(0)
        .failAll(
            new RemoteFailure(
                FailureKind.FAILED, "x.Y", "no", null, List.of("x.Y"), true, null, 1, Map.of()));
    rig.settle();
    ExplainAnswer.Task task = ask("job", 0, null).tasks().get(0);
    assertThat(labels(task)).containsExactly("delivered", "given", "failed", "retry", "confirmed");
    assertThat(text(task, "retry")).isEqualTo("attempt 2 published, delayed by 400 ms");
  }

  @Test
  void a_call_of_many_is_told_apart_and_ended_ones_are_forgotten() {
    rig.held(TaskSample.of(3).id("t"));
    rig.answerAll(10);
    rig.child(0).failAll(RemoteFailure.of(FailureKind.FAILED, "bad", 1));
    rig.settle();
    assertThat(rig.consumer.heldCount()).isZero();
    assertThat(ask("job", 0, null).tasks()).isEmpty();
    ExplainAnswer.Task second = ask("job", 1, null).tasks().get(0);
    assertThat(labels(second))
        .containsExactly("delivered", "given", "failed", "outcome_sent", "confirmed");
    assertThat(text(second, "delivered")).isEqualTo("attempt 1, 3 calls in the message");
    assertThat(text(second, "given")).endsWith(", with 1 other");
    assertThat(text(ask(null, 0, "t~part").tasks().get(0), "given"))
        .startsWith("[calls 1 to 2] to child ");
  }

  @Test
  void waiting_calls_are_said_to_wait() {
    rig.deliver(TaskSample.of(1).id("t"));
    ExplainAnswer.Task task = ask(null, 0, "t").tasks().get(0);
    assertThat(task.held()).isTrue();
    assertThat(labels(task)).containsExactly("delivered", "waiting");
  }

  @Test
  void a_call_that_was_much_slower_than_usual_is_remembered() {
    rig.held(TaskSample.of(1).id("usual"));
    rig.answerAll(2_000_000);
    rig.deliver(TaskSample.of(1).id("same"));
    rig.answerAll(2_000_000);
    rig.deliver(TaskSample.of(1).id("slow"));
    rig.answerAll(30_000_000);
    assertThat(ask(null, 0, "same").tasks()).isEmpty();
    ExplainAnswer.Task slow = ask(null, 0, "slow").tasks().get(0);
    assertThat(text(slow, "slow")).isEqualTo("took 30000 ms");
  }

  @Test
  void time_limits_and_cancels_are_told_with_what_they_did_to_the_child() {
    rig.held(TaskSample.of(1).id("a").options(limit(Duration.ofMillis(100))));
    rig.children.runs(0, 0, 0);
    rig.loop.advanceMillis(200);
    ExplainAnswer.Task limited = ask(null, 0, "a").tasks().get(0);
    assertThat(labels(limited)).containsSubsequence("running", "failed", "killed");
    assertThat(text(limited, "killed")).endsWith(", for time_limit");
    rig.child(0).exits(137);
    rig.settle();
    rig.held(TaskSample.of(1).id("b"));
    rig.control(new CancelMessage("c", TaskSample.OWNER, null, 0).toMessage());
    assertThat(labels(ask(null, 0, "b").tasks().get(0))).contains("cancelled");
  }

  private static TaskOptions.Builder limit(Duration limit) {
    return TaskOptions.builder().timeLimit(limit);
  }

  @Test
  void lost_hosts_and_handed_back_calls_are_told() throws IOException {
    rig.close();
    rig = new ConsumerRig(4);
    rig.broker.deliver(
        ConsumerRig.NAMES.tasks(), new FakeDelivery(TaskSample.of(1).id("t").message()).again());
    rig.settle();
    rig.loop.advanceMillis(3000);
    assertThat(labels(ask(null, 0, "t").tasks().get(0))).containsExactly("delivered", "host_lost");
    rig.broker.holdConfirms();
    rig.deliver(TaskSample.of(1).id("later"));
    rig.loop.step(() -> rig.consumer.drain());
    ExplainAnswer.Task later = ask(null, 0, "later").tasks().get(0);
    assertThat(labels(later)).contains("handed_back").doesNotContain("confirmed");
  }

  @Test
  void a_message_has_a_bounded_number_of_events_and_keeps_those_of_unfinished_calls() {
    rig.held(TaskSample.of(1000).id("t"));
    for (int i = 0; i < 300; i++) {
      rig.answerAll(200_000);
    }
    ExplainAnswer.Task task = ask(null, 0, "t").tasks().get(0);
    assertThat(task.events()).hasSizeLessThanOrEqualTo(66);
    assertThat(task.omitted()).isPositive();
    assertThat(labels(ask("job", 300, null).tasks().get(0))).containsExactly("delivered", "given");
    assertThat(labels(ask("job", 999, null).tasks().get(0)))
        .containsExactly("delivered", "waiting");
  }

  @Test
  void a_running_call_is_remembered_while_many_others_of_its_message_fail() throws IOException {
    rig.close();
    rig = new ConsumerRig(2);
    rig.held(TaskSample.of(300).id("t"));
    rig.loop.advanceMillis(30);
    rig.children.runs(0, 0, 20_000);
    for (int i = 0; i < 200; i++) {
      rig.child(1).failAll(RemoteFailure.of(FailureKind.FAILED, "bad " + i, 1));
      rig.settle();
    }
    assertThat(labels(ask("job", 0, null).tasks().get(0)))
        .containsExactly("delivered", "given", "running");
    assertThat(ask(null, 0, "t").tasks().get(0).omitted()).isPositive();
  }

  @Test
  void a_message_that_is_delivered_again_says_so() {
    FakeDelivery first = rig.held(TaskSample.of(1).id("t"));
    first.loseConnection();
    rig.deliver(new FakeDelivery(first.message()).again());
    assertThat(labels(ask(null, 0, "t").tasks().get(0)))
        .containsExactly("delivered", "given", "delivered");
  }

  @Test
  void unknown_calls_are_answered_and_other_queues_are_not() {
    ExplainAnswer answer = ask("job", 0, null);
    assertThat(answer.supervisor()).isEqualTo(rig.id());
    assertThat(answer.tasks()).isEmpty();
    rig.control(new ExplainMessage("q", "payroll", "job", List.of(0L), null).toMessage());
    assertThat(rig.broker.takeFrom("payroll")).isEmpty();
  }

  private ExplainAnswer ask(@Nullable String job, long call, @Nullable String message) {
    rig.control(new ExplainMessage("q", REPLIES, job, List.of(call), message).toMessage());
    return ExplainAnswer.of(rig.broker.takeOne(REPLIES));
  }

  private static List<String> labels(ExplainAnswer.Task task) {
    return task.events().stream().map(ExplainAnswer.Event::event).toList();
  }

  private static String text(ExplainAnswer.Task task, String label) {
    return task.events().stream()
        .filter(event -> event.event().equals(label))
        .findFirst()
        .orElseThrow()
        .text();
  }
}
