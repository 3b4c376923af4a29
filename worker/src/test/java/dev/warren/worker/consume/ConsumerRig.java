package dev.warren.worker.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.broker.PoolNames;
import dev.warren.task.RemoteFailure;
import dev.warren.testkit.DirectExecutor;
import dev.warren.testkit.ManualLoop;
import dev.warren.wire.Message;
import dev.warren.wire.OutcomeLine;
import dev.warren.wire.TaskMessage;
import dev.warren.wire.control.OwnershipQuery;
import dev.warren.wire.control.WorkerRequests;
import dev.warren.worker.TaskSample;
import dev.warren.worker.config.WorkerConfig;
import dev.warren.worker.supervise.FakeChild;
import dev.warren.worker.supervise.SupervisorRig;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A whole worker with a broker and children played by the test, on a loop that the test steps: no
 * process, no thread, no real time.
 */
final class ConsumerRig implements AutoCloseable {
  static final PoolNames NAMES = new PoolNames("p");
  static final String CONTROL = "control-queue";

  final ManualLoop loop = new ManualLoop();
  final ScriptedBroker broker = new ScriptedBroker();
  final DirectExecutor helper = new DirectExecutor();
  final SupervisorRig children;
  final TaskConsumer consumer;
  int hellos;
  int watchedSeconds;
  int drains;

  ConsumerRig(int slots) {
    this(SupervisorRig.slots(slots).pool(NAMES.pool()));
  }

  ConsumerRig(WorkerConfig.Builder config) {
    this.children = new SupervisorRig(config, loop);
    this.consumer =
        new TaskConsumer(config.build(), broker, loop, children.supervisor, helper, new Requests());
    loop.post(() -> consumer.begin(CONTROL));
    loop.settle();
  }

  private final class Requests implements WorkerRequests {
    @Override
    public void hello() {
      hellos++;
    }

    @Override
    public void watch(int seconds) {
      watchedSeconds += seconds;
    }

    @Override
    public void drain() {
      drains++;
    }
  }

  String id() {
    return children.supervisor.id();
  }

  FakeDelivery deliver(TaskSample task) {
    return deliver(task.build());
  }

  FakeDelivery deliver(TaskMessage task) {
    return deliver(TaskSample.message(task));
  }

  FakeDelivery deliver(Message message) {
    return deliver(new FakeDelivery(message));
  }

  FakeDelivery deliver(FakeDelivery delivery) {
    broker.deliver(NAMES.tasks(), delivery);
    children.settle();
    return delivery;
  }

  /** Delivers a message to this worker's control queue. */
  void control(Message message) {
    broker.deliver(CONTROL, message);
    children.settle();
  }

  void settle() {
    children.settle();
  }

  /** Makes children ready for the waiting calls. */
  ConsumerRig startChildren() {
    children.startChildren();
    return this;
  }

  FakeChild child(int number) {
    return children.child(number);
  }

  /** Answers all calls that children hold, each after this time. */
  void answerAll(long microsEach) {
    children.children().stream()
        .filter(child -> !child.exit().isDone())
        .forEach(child -> child.answerAll(microsEach));
    settle();
  }

  /** Tasks that were put back to the {@code again} queue and not taken by the test. */
  List<TaskMessage> takeAgain() {
    return broker.takeFrom(NAMES.again()).stream().map(TaskSample::read).toList();
  }

  /** Messages in the dead-letter queue that the test has not taken. */
  List<Message> takeDead() {
    return broker.takeFrom(NAMES.dead());
  }

  /** Messages to the owner of sample tasks that the test has not taken. */
  List<Message> takeOutcomes() {
    return broker.takeFrom(TaskSample.OWNER);
  }

  @Override
  public void close() throws IOException {
    children.close();
  }

  /** Delivers a task that a child then holds. */
  FakeDelivery held(TaskSample task) {
    FakeDelivery delivery = deliver(task);
    startChildren();
    assertThat(children.supervisor.callsRunning()).isPositive();
    return delivery;
  }

  /** Takes the failures that the owner has been sent. */
  List<RemoteFailure> failures() {
    return takeOutcomes().stream()
        .map(message -> TaskSample.CODECS.results().read(TaskSample.OWNER, message))
        .flatMap(
            result ->
                IntStream.range(0, result.outcomes().count())
                    .mapToObj(i -> OutcomeLine.failure(result.outcomes().get(i))))
        .toList();
  }

  /** Another worker says what it asks for, holds and has settled. */
  void holders(List<String> asked, List<String> held, List<String> settled) {
    control(new OwnershipQuery("w-2", 1, asked, held, settled).toMessage());
  }

  /** Takes what this worker has told the others about the tasks it holds. */
  List<OwnershipQuery> told() {
    return broker.takeFromExchange(NAMES.control()).stream().map(OwnershipQuery::of).toList();
  }
}
