package dev.warren.pool.engine.submit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.broker.Broker;
import dev.warren.broker.Delivery;
import dev.warren.broker.PoolNames;
import dev.warren.broker.memory.InMemoryBroker;
import dev.warren.cluster.OwnerIdentity;
import dev.warren.cluster.WorkerRegistry;
import dev.warren.json.Lines;
import dev.warren.json.Values;
import dev.warren.pool.engine.Heard;
import dev.warren.pool.engine.collect.Backlog;
import dev.warren.pool.engine.function.ArgumentWriter;
import dev.warren.pool.engine.function.Input;
import dev.warren.pool.engine.meter.PoolMeters;
import dev.warren.pool.engine.pending.JobReceiver;
import dev.warren.pool.engine.pending.LocalOutcome;
import dev.warren.pool.engine.pending.PendingTask;
import dev.warren.pool.engine.pending.SingleReceiver;
import dev.warren.pool.engine.threads.EngineThreads;
import dev.warren.pool.engine.trace.JobTrace;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.TaskOptions;
import dev.warren.testkit.ManualTime;
import dev.warren.testkit.trace.SpanRecorder;
import dev.warren.trace.NoTracing;
import dev.warren.trace.SpanStart;
import dev.warren.trace.TraceContext;
import dev.warren.trace.Tracing;
import dev.warren.wire.CallRanges;
import dev.warren.wire.FunctionRef;
import dev.warren.wire.OutcomeLine;
import dev.warren.wire.PoolSettings;
import dev.warren.wire.TaskCodec;
import dev.warren.wire.TaskId;
import dev.warren.wire.TaskMessage;
import dev.warren.wire.control.CancelMessage;
import dev.warren.wire.control.ClockMessage;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SubmissionTest {
  private static final PoolNames NAMES = new PoolNames("p");
  private static final String CONTROL = "control of one worker";

  private final InMemoryBroker broker = InMemoryBroker.open();
  private final OwnerIdentity owner = OwnerIdentity.create(NAMES);
  private final EngineThreads threads = new EngineThreads();
  private final ManualTime time = new ManualTime();
  private final Queue<Delivery> control = new ConcurrentLinkedQueue<>();
  private final Queue<TaskMessage> tasks = new ConcurrentLinkedQueue<>();
  private volatile boolean terminated;
  private volatile @Nullable Throwable publishFails;
  private final TaskCodec codec = new TaskCodec();
  private Tracing tracing = NoTracing.OFF;
  private Submission submission = submission(0);

  private Submission submission(int limit) {
    SubmissionConfig config =
        new SubmissionConfig(
            failing(),
            owner,
            codec,
            PoolSettings.DEFAULTS,
            limit,
            Duration.ofSeconds(2),
            false,
            PoolMeters.detached(),
            tracing);
    Capacity capacity = new Capacity(broker, new WorkerRegistry(new Heard()), 2, limit);
    return new Submission(
        config, capacity, Backlog.ofThisProcess(), threads, time, () -> terminated);
  }

  /** The broker, whose publish throws {@link #publishFails}. */
  private Broker failing() {
    return (Broker)
        Proxy.newProxyInstance(
            Broker.class.getClassLoader(),
            new Class<?>[] {Broker.class},
            (proxy, method, args) -> {
              Throwable failure = publishFails;
              if (failure != null && method.getName().equals("publish")) {
                throw failure;
              }
              return method.invoke(broker, args);
            });
  }

  @BeforeEach
  void subscribe() {
    broker.declare(NAMES.topology().and(PoolNames.privateTopology(CONTROL, NAMES.control(), "")));
    broker.subscribe(NAMES.tasks(), 1000, delivery -> tasks.add(codec.read(delivery.message())));
    broker.subscribe(CONTROL, 1000, control::add);
  }

  @AfterEach
  void close() {
    threads.shutdown();
    broker.close();
  }

  private static CallSpec spec(TaskOptions options) {
    return new CallSpec(FunctionRef.parse("a.B::c", null), null, options);
  }

  private Single submit(TaskOptions options) {
    Single single = new Single();
    submission.submit(spec(options), Payload.of("[1]"), single);
    return single;
  }

  private TaskMessage nextTask() {
    await().until(() -> !tasks.isEmpty());
    return tasks.remove();
  }

  private CancelMessage nextCancel() {
    await().until(() -> !control.isEmpty());
    return CancelMessage.of(control.remove().message());
  }

  private void end(TaskMessage task) {
    task.calls()
        .forEach(
            number -> {
              PendingTask pending = submission.table().find(number);
              assertThat(pending).isNotNull();
              submission
                  .table()
                  .endOne(pending, (int) (number - pending.first), Payload.of("{\"v\":1}"));
            });
  }

  @Test
  void a_single_call_travels_at_once_and_alone() {
    submit(TaskOptions.DEFAULTS);
    TaskMessage sent = nextTask();
    assertThat(sent.count()).isEqualTo(1);
    assertThat(sent.args().get(0)).hasToString("[1]");
    assertThat(sent.job()).isEqualTo(sent.id());
    assertThat(submission.table().openCalls()).isEqualTo(1);
  }

  @Test
  void calls_share_messages_once_the_workers_have_plenty() {
    IntStream.range(0, 1000).forEach(i -> submit(TaskOptions.DEFAULTS));
    submission.flush();
    await().until(() -> tasks.stream().mapToInt(TaskMessage::count).sum() == 1000);
    assertThat(tasks.size()).isLessThan(500);
    assertThat(tasks.stream().flatMapToLong(SubmissionTest::numbers))
        .as("each number once")
        .doesNotHaveDuplicates()
        .hasSize(1000);
  }

  private static LongStream numbers(TaskMessage task) {
    LongStream.Builder all = LongStream.builder();
    task.calls().forEach(all::add);
    return all.build();
  }

  @Test
  void a_pool_with_a_limit_keeps_the_rest_until_a_task_ends_highest_priority_first() {
    submission = submission(1);
    submit(TaskOptions.DEFAULTS);
    submit(TaskOptions.builder().priority(1).build());
    submit(TaskOptions.builder().priority(8).build());
    TaskMessage first = nextTask();
    assertThat(tasks).isEmpty();
    end(first);
    TaskMessage second = nextTask();
    assertThat(second.options().priority()).isEqualTo(8);
    end(second);
    assertThat(nextTask().options().priority()).isEqualTo(1);
  }

  /** A worker that has settled the first message drops others of its id. */
  @Test
  void the_open_calls_of_a_lost_task_are_sent_again_under_other_ids() {
    NumberedCalls numbered =
        submission.numbered(spec(TaskOptions.DEFAULTS), "job", 0, new Single());
    Lines args = Lines.split(Payload.of("[1]\n[2]"), 2);
    PendingTask task = numbered.enter(7, 2);
    numbered.send(task, args);
    TaskMessage first = nextTask();
    submission.table().endOne(task, 0, Payload.of("{\"v\":1}"));
    numbered.sendAgain(task, args);
    numbered.sendAgain(task, args);
    List<TaskMessage> all = List.of(first, nextTask(), nextTask());
    assertThat(all).extracting(TaskMessage::id).doesNotHaveDuplicates();
    assertThat(all).extracting(sent -> TaskId.rootOf(sent.id())).containsOnly(first.id());
    assertThat(all.get(2).calls()).isEqualTo(CallRanges.of(8, 1));
  }

  @Test
  void the_cancel_of_a_call_that_was_sent_tells_the_workers_its_number() {
    Single single = submit(TaskOptions.DEFAULTS);
    TaskMessage sent = nextTask();
    assertThat(submission.canceller().cancelled(single.task, 0, true)).isTrue();
    CancelMessage cancel = nextCancel();
    assertThat(cancel.calls()).isEqualTo(sent.calls());
    assertThat(cancel.graceMillis()).isEqualTo(2000);
    assertThat(submission.table().openCalls()).as("its outcome is awaited").isEqualTo(1);
  }

  @Test
  void the_cancel_of_a_call_that_is_kept_back_drops_it_without_a_message() {
    submission = submission(1);
    submit(TaskOptions.DEFAULTS);
    Single kept = submit(TaskOptions.DEFAULTS);
    assertThat(submission.canceller().cancelled(kept.task, 0, true)).isFalse();
    assertThat(submission.table().openCalls()).isEqualTo(1);
    end(nextTask());
    assertThat(tasks).isEmpty();
    assertThat(control).isEmpty();
  }

  @Test
  void after_the_termination_a_call_ends_at_once() {
    terminated = true;
    Single late = submit(TaskOptions.DEFAULTS);
    assertThat(late.outcome).isEqualTo(LocalOutcome.TERMINATED);
    assertThat(tasks).isEmpty();
  }

  @Test
  void the_first_call_that_expires_has_the_owners_clock_published_once() {
    TaskOptions expires = TaskOptions.builder().expires(Duration.ofSeconds(3)).build();
    submit(expires);
    submit(expires);
    TaskMessage.Times times = nextTask().times();
    assertThat(times.expiresAtMillis() - times.sentAtMillis()).isEqualTo(3000);
    await().until(() -> !control.isEmpty());
    assertThat(control).hasSize(1);
    assertThat(ClockMessage.of(control.remove().message()).owner()).isEqualTo(owner.resultsQueue());
  }

  private SpanRecorder traced() {
    SpanRecorder spans = new SpanRecorder();
    tracing = spans;
    submission = submission(0);
    return spans;
  }

  @Test
  void a_call_is_sent_in_the_trace_of_the_thread_that_submits_it() {
    SpanRecorder spans = traced();
    TraceContext here = SpanRecorder.context(5, true);
    spans.enter(here);
    submit(TaskOptions.DEFAULTS);
    TaskMessage sent = nextTask();
    await().until(() -> spans.ended().size() == 1);
    SpanRecorder.Recorded span = spans.ended().get(0);
    assertThat(sent.trace()).isEqualTo(span.context());
    assertThat(span.start().parent()).isEqualTo(here);
    assertThat(span.start().kind()).isEqualTo(SpanStart.Kind.PRODUCER);
    assertThat(span.start().attributes())
        .containsEntry("messaging.destination.name", NAMES.tasks())
        .containsEntry("messaging.message.id", sent.id());
    assertThat(span.failure()).isNull();
  }

  @Test
  void a_message_with_calls_of_several_contexts_is_linked_to_each() {
    SpanRecorder spans = traced();
    for (int i = 0; i < 1000; i++) {
      spans.enter(SpanRecorder.context(1 + i % 2, true));
      submit(TaskOptions.DEFAULTS);
    }
    submission.flush();
    await().until(() -> tasks.stream().mapToInt(TaskMessage::count).sum() == 1000);
    await().until(() -> spans.ended().size() == tasks.size());
    assertThat(spans.ended())
        .filteredOn(span -> span.start().attributes().containsKey("messaging.batch.message_count"))
        .isNotEmpty()
        .allSatisfy(
            span -> {
              assertThat(span.start().parent()).isNull();
              assertThat(span.start().links())
                  .containsExactlyInAnyOrder(
                      SpanRecorder.context(1, true), SpanRecorder.context(2, true));
            });
  }

  @Test
  void a_job_has_spans_of_its_first_messages_and_of_a_share_of_the_others() {
    SpanRecorder spans = traced();
    JobTrace trace = JobTrace.start(spans, "p", FunctionRef.parse("a.B::c", null), "nightly");
    assertThat(trace).isNotNull();
    CallSpec spec =
        new CallSpec(FunctionRef.parse("a.B::c", null), null, TaskOptions.DEFAULTS, trace);
    NumberedCalls numbered = submission.numbered(spec, "job", 0, new Single());
    for (int i = 0; i < 600; i++) {
      numbered.send(numbered.enter(i, 1), Lines.split(Payload.of("[1]")));
    }
    await().until(() -> tasks.size() == 600 && spans.ended().size() == 105);
    trace.end(false);
    SpanRecorder.Recorded root = spans.ended().get(105);
    assertThat(root.start().name()).isEqualTo("job nightly");
    assertThat(spans.ended().subList(0, 105))
        .allMatch(span -> root.context().equals(span.start().parent()));
    assertThat(tasks)
        .filteredOn(task -> !task.trace().isSampled())
        .hasSize(495)
        .allMatch(task -> task.trace().equals(root.context().sampled(false)));
  }

  @Test
  void without_tracing_messages_have_no_context() {
    submit(TaskOptions.DEFAULTS);
    assertThat(nextTask().trace()).isNull();
  }

  @Test
  void a_feed_sends_its_input_in_messages_of_the_chunk_size_and_reports_the_end() {
    Job job = new Job();
    feed(List.of(1, 2, 3, 4, 5).iterator(), 5, 2, job).start();
    assertThat(tasks).extracting(TaskMessage::count).containsExactly(2, 2, 1);
    assertThat(tasks).extracting(TaskMessage::job).containsOnly(tasks.element().job());
    assertThat(job.calls).isEqualTo(5);
  }

  @Test
  void an_item_that_cannot_be_written_ends_its_own_call_only() {
    Job job = new Job();
    feed(List.<Object>of(1, new Object(), 3).iterator(), 3, 3, job).start();
    assertThat(job.failed).containsExactly(1L);
    assertThat(OutcomeLine.failure(job.lines.element()).kind()).isEqualTo(FailureKind.REJECTED);
    assertThat(tasks).extracting(TaskMessage::count).containsExactly(1, 1);
  }

  @Test
  void an_abandoned_feed_reads_no_more_and_cancels_what_it_sent() {
    Job job = new Job();
    Iterator<Integer> endless = IntStream.iterate(0, i -> i + 1).iterator();
    InputFeed<Object> feed = feed(endless, Integer.MAX_VALUE, 1, job);
    feed.start();
    TaskMessage sent = nextTask();
    Abandoned abandoned = feed.abandon(LocalOutcome.RELEASED, true);
    assertThat(abandoned.unsent()).isZero();
    assertThat(abandoned.calls()).isEqualTo(feed.read());
    NavigableSet<Long> cancelled = new TreeSet<>();
    while (cancelled.size() < abandoned.calls()) { // those being sent meanwhile come separately
      CancelMessage cancel = nextCancel();
      assertThat(cancel.calls()).isNotNull();
      cancel.calls().forEach(cancelled::add);
    }
    assertThat(cancelled.first()).isEqualTo(sent.calls().get(0));
  }

  @Test
  void a_call_that_could_not_be_sent_for_want_of_memory_ends_and_others_are_sent() {
    publishFails = new OutOfMemoryError("on purpose");
    Single unlucky = submit(TaskOptions.DEFAULTS);
    assertThat(unlucky.outcome).isEqualTo(LocalOutcome.NOT_SENT);
    assertThat(submission.table().isEmpty()).isTrue();
    publishFails = null;
    submit(TaskOptions.DEFAULTS);
    assertThat(nextTask().count()).isEqualTo(1);
  }

  @Test
  void a_refusal_of_the_broker_ends_the_call_with_its_reason() {
    publishFails = new IllegalStateException("the vhost is gone");
    Single refused = submit(TaskOptions.DEFAULTS);
    assertThat(OutcomeLine.failure(requireNonNull(refused.outcome)).message())
        .contains("the vhost is gone");
  }

  @Test
  void a_feed_whose_calls_cannot_be_sent_for_want_of_memory_ends_them_and_its_job() {
    publishFails = new OutOfMemoryError("on purpose");
    Job job = new Job();
    job.mayFail = true;
    feed(List.of(1, 2, 3).iterator(), -1, 1, job).start();
    await().until(() -> job.calls >= 0);
    assertThat(job.failed).hasSize((int) job.calls);
    assertThat(job.lines).containsOnly(LocalOutcome.NOT_SENT);
    assertThat(submission.table().isEmpty()).isTrue();
  }

  @Test
  void a_job_whose_end_cannot_be_reported_for_want_of_memory_is_told_again() {
    publishFails = new OutOfMemoryError("on purpose");
    Job job = new Job();
    job.mayFail = true;
    job.outOfMemory.set(2);
    feed(List.of(1).iterator(), -1, 1, job).start();
    await().until(() -> job.calls == 1);
    assertThat(job.outOfMemory).hasValue(-1);
  }

  private InputFeed<Object> feed(
      Iterator<?> items, long size, int chunkSize, JobReceiver receiver) {
    ArgumentWriter writer =
        new ArgumentWriter(1 << 20, "B::c", Values.standard(), List.of(Object.class), true);
    Input<Object> input = new Input<>(items, size, writer, ArgumentWriter::writeOne, () -> {});
    return submission.feed(spec(TaskOptions.DEFAULTS), input, chunkSize, false, receiver);
  }

  private static final class Single implements SingleReceiver {
    private @Nullable PendingTask task;
    private @Nullable Payload outcome;

    @Override
    public boolean placed(PendingTask where, int position) {
      task = where;
      return true;
    }

    @Override
    public void outcome(long index, Payload line) {
      outcome = line;
    }
  }

  private static final class Job implements JobReceiver {
    private final Queue<Long> failed = new ConcurrentLinkedQueue<>();
    private final Queue<Payload> lines = new ConcurrentLinkedQueue<>();
    private volatile long calls = -1;
    private final AtomicInteger outOfMemory = new AtomicInteger();
    private boolean mayFail;

    @Override
    public void outcome(long index, Payload line) {
      failed.add(index);
      lines.add(line);
    }

    @Override
    public void inputEnded(long count) {
      calls = count;
    }

    @Override
    public void inputFailed(long count, Throwable failure) {
      if (!mayFail) {
        throw new AssertionError(failure);
      }
      if (outOfMemory.getAndDecrement() > 0) {
        throw new OutOfMemoryError("on purpose");
      }
      calls = count;
    }
  }
}
