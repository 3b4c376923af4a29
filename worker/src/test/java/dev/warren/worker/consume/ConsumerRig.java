package dev.warren.worker.consume;

import dev.warren.broker.PoolNames;
import dev.warren.testkit.DirectExecutor;
import dev.warren.testkit.ManualLoop;
import dev.warren.wire.Message;
import dev.warren.wire.TaskMessage;
import dev.warren.worker.TaskSample;
import dev.warren.worker.config.WorkerConfig;
import dev.warren.worker.consume.send.ReplyQueues;
import dev.warren.worker.supervise.FakeChild;
import dev.warren.worker.supervise.SupervisorRig;
import java.io.IOException;
import java.util.List;

/**
 * A whole worker between a broker and children that the test plays, on a loop that it steps: no
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

  ConsumerRig(int slots) {
    this(SupervisorRig.slots(slots), slots);
  }

  ConsumerRig(WorkerConfig.Builder config, int slots) {
    this.children = new SupervisorRig(config, loop);
    this.consumer =
        new TaskConsumer(
            broker,
            NAMES,
            loop,
            children.supervisor,
            slots,
            new ReplyQueues(List.of()),
            helper,
            () -> hellos++);
    loop.post(() -> consumer.begin(CONTROL));
    loop.settle();
  }

  String id() {
    return children.supervisor.id();
  }

  FakeDelivery deliver(TaskSample task) {
    return deliver(task.build());
  }

  FakeDelivery deliver(TaskMessage task) {
    return deliver(task.toMessage());
  }

  FakeDelivery deliver(Message message) {
    return deliver(new FakeDelivery(message));
  }

  FakeDelivery deliver(FakeDelivery delivery) {
    broker.deliver(NAMES.tasks(), delivery);
    children.settle();
    return delivery;
  }

  /** A message to this worker's control queue. */
  void control(Message message) {
    broker.deliver(CONTROL, message);
    children.settle();
  }

  void settle() {
    children.settle();
  }

  /** Has children become ready for what waits. */
  ConsumerRig startChildren() {
    children.startChildren();
    return this;
  }

  FakeChild child(int number) {
    return children.child(number);
  }

  /** All calls that children hold are answered, each after this time. */
  void answerAll(long microsEach) {
    children.children().stream()
        .filter(child -> !child.exit().isDone())
        .forEach(child -> child.answerAll(microsEach));
    settle();
  }

  /** Tasks that were put back to be begun next, and are not taken out yet. */
  List<TaskMessage> takeAgain() {
    return broker.takeFrom(NAMES.again()).stream().map(TaskMessage::of).toList();
  }

  /** Messages in the dead queue that are not taken out yet. */
  List<Message> takeDead() {
    return broker.takeFrom(NAMES.dead());
  }

  /** Messages to the owner of sample tasks that are not taken out yet. */
  List<Message> takeOutcomes() {
    return broker.takeFrom(TaskSample.OWNER);
  }

  @Override
  public void close() throws IOException {
    children.close();
  }
}
