package dev.warren.worker.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.broker.PoolNames;
import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import dev.warren.testkit.ManualTime;
import dev.warren.testkit.trace.SpanRecorder;
import dev.warren.testkit.trace.SpanRecorder.Recorded;
import dev.warren.trace.NoTracing;
import dev.warren.trace.TraceContext;
import dev.warren.wire.TaskMessage;
import dev.warren.worker.TaskSample;
import dev.warren.worker.history.HistoryEvent;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which spans the calls of a message have. */
class TaskTraceTest {
  private static final TraceContext SENDER = SpanRecorder.context(7, true);
  private static final RemoteFailure THROWN = RemoteFailure.of(FailureKind.FAILED, "no", 1);

  private final SpanRecorder spans = new SpanRecorder();
  private final ManualTime time = new ManualTime();
  private final CallTraces traces =
      CallTraces.of(spans, "rabbitmq", new PoolNames("p"), "w-1", time);

  private TaskTrace begin(int calls, @Nullable TraceContext sender) {
    TaskMessage task = TaskSample.of(calls).build();
    return traces.begin(sender == null ? task : task.traced(sender), false);
  }

  private TaskTrace given(int calls, @Nullable TraceContext sender) {
    TaskTrace trace = begin(calls, sender);
    var unused = trace.given(0, calls, time.nanos());
    trace.read(HistoryEvent.GIVEN, 0, calls, time.nanos(), "child-1");
    return trace;
  }

  private Recorded only() {
    assertThat(spans.ended()).hasSize(1);
    return spans.ended().get(0);
  }

  @Test
  void without_tracing_there_is_nothing() {
    assertThat(CallTraces.of(NoTracing.OFF, "rabbitmq", new PoolNames("p"), "w-1", time)).isNull();
  }

  @Test
  void a_call_has_a_span_from_its_child_until_its_outcome() {
    TaskTrace trace = begin(2, SENDER);
    long start = time.nanos();
    String told = trace.given(0, 2, start);
    trace.read(HistoryEvent.GIVEN, 0, 2, start, "child-1");
    time.pass(Duration.ofMillis(10));
    trace.ended(0, 2, 4000);
    assertThat(spans.ended()).hasSize(2);
    Recorded first = spans.ended().get(0);
    Recorded second = spans.ended().get(1);
    assertThat(told).isEqualTo(first.context().parent() + "," + second.context().parent());
    assertThat(first.start().parent()).isEqualTo(SENDER);
    assertThat(first.start().attributes())
        .containsEntry("messaging.system", "rabbitmq")
        .containsEntry("messaging.destination.name", "warren.p.tasks")
        .containsEntry("messaging.batch.message_count", 2L)
        .containsEntry("warren.call", 0L)
        .containsEntry("warren.attempt", 1L);
    assertThat(first.attributes()).containsEntry("warren.child", "child-1");
    assertThat(first.failure()).isNull();
    assertThat(second.endNanos() - second.start().epochNanos()).isEqualTo(10_000_000);
    assertThat(first.endNanos() - first.start().epochNanos()).isEqualTo(8_000_000);
  }

  @Test
  void a_message_without_context_begins_traces() {
    given(1, null).ended(0, 1, 10);
    assertThat(only().start().parent()).isNull();
  }

  @Test
  void an_unrecorded_message_has_spans_of_its_failures_only() {
    TaskTrace trace = begin(3, SENDER.sampled(false));
    assertThat(trace.given(0, 3, time.nanos())).isEqualTo(SENDER.sampled(false).parent());
    trace.read(HistoryEvent.GIVEN, 0, 3, time.nanos(), "child-1");
    trace.ended(0, 1, 10);
    time.pass(Duration.ofMillis(3));
    trace.failed(1, THROWN);
    trace.ended(1, 2, 10);
    trace.ended(2, 3, 10);
    assertThat(only().failure()).isEqualTo("failed");
    assertThat(only().start().parent()).isEqualTo(SENDER);
    assertThat(only().attributes()).containsEntry("warren.child", "child-1");
    assertThat(only().endNanos() - only().start().epochNanos()).isEqualTo(3_000_000);
  }

  @Test
  void what_happens_to_a_call_is_an_event_of_its_span() {
    TaskTrace trace = given(1, SENDER);
    trace.read(HistoryEvent.RUNNING, 0, 1, time.nanos(), "in child-1");
    trace.read(HistoryEvent.SOFT_LIMIT, 0, 1, time.nanos(), null);
    trace.childRecycles(0, "10 calls");
    trace.read(HistoryEvent.KILLED, 0, 1, time.nanos(), "for memory");
    trace.read(HistoryEvent.CHILD_DIED, 0, 1, time.nanos(), "signal 9");
    trace.failed(0, RemoteFailure.of(FailureKind.CHILD_LOST, "its child died", 1));
    trace.read(HistoryEvent.RETRY, 0, 1, time.nanos(), "attempt 2");
    trace.ended(0, 1, 0);
    trace.read(HistoryEvent.DEAD_LETTERED, 0, 1, time.nanos(), "child_lost");
    assertThat(only().events())
        .isEqualTo(List.of("running", "limit", "recycle", "kill", "loss", "retry"));
    assertThat(only().failure()).isEqualTo("child_lost");
  }

  @Test
  void a_call_that_its_child_did_not_start_has_a_span_of_the_next_child_only() {
    TaskTrace trace = given(1, SENDER);
    trace.read(HistoryEvent.RETURNED, 0, 1, time.nanos(), "given back");
    time.pass(Duration.ofMillis(5));
    String told = trace.given(0, 1, time.nanos());
    trace.ended(0, 1, 10);
    assertThat(only().context().parent()).isEqualTo(told);
  }

  @Test
  void a_cancelled_call_that_never_started_has_no_span() {
    TaskTrace trace = begin(1, SENDER);
    trace.failed(0, RemoteFailure.of(FailureKind.CANCELLED, "cancelled", 1));
    trace.ended(0, 1, 0);
    assertThat(spans.ended()).isEmpty();
  }

  @Test
  void a_message_of_many_calls_has_spans_of_the_first_ones_and_of_failures() {
    int calls = TaskTrace.SPANS + 100;
    TaskTrace trace = begin(calls, SENDER);
    String[] told = trace.given(0, calls, time.nanos()).split(",");
    assertThat(told).hasSize(calls);
    assertThat(told[calls - 1]).isEqualTo(SENDER.sampled(false).parent());
    trace.failed(calls - 1, THROWN);
    trace.ended(0, calls, 100);
    assertThat(spans.ended()).hasSize(TaskTrace.SPANS + 1);
  }
}
