package dev.warren.worker.consume;

import dev.warren.broker.PoolNames;
import dev.warren.json.Lines;
import dev.warren.meter.Meters;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.testkit.DirectExecutor;
import dev.warren.testkit.ManualLoop;
import dev.warren.wire.Message;
import dev.warren.wire.OutcomeLine;
import dev.warren.wire.ResultMessage;
import dev.warren.wire.TaskMessage;
import dev.warren.wire.child.ChildState;
import dev.warren.worker.TaskSample;
import dev.warren.worker.consume.send.DeadLetterer;
import dev.warren.worker.consume.send.ReplyQueues;
import dev.warren.worker.consume.send.Republisher;
import dev.warren.worker.history.CallHistories;
import dev.warren.worker.meter.WorkerMeters;
import dev.warren.worker.supervise.calls.CallRun;
import java.util.ArrayList;
import java.util.List;

/** The settlement of calls over a broker played by the test; its runs have no children. */
public final class EndsRig {
  public static final PoolNames NAMES = new PoolNames("p");

  public final ManualLoop loop = new ManualLoop();
  public final ScriptedBroker broker = new ScriptedBroker();
  final DirectExecutor helper = new DirectExecutor();
  final List<String> gone = new ArrayList<>();
  final List<HeldTask> measured = new ArrayList<>();
  final List<HeldTask> finished = new ArrayList<>();
  final Meters shown = new Meters();
  final WorkerMeters meters = new WorkerMeters(shown);
  final ResultSender results =
      new ResultSender(broker, TaskSample.CODECS.results(), loop, "w-1", helper, gone::add);
  public final Republisher republisher =
      new Republisher(broker, TaskSample.CODECS.tasks(), NAMES, loop, "w-1", helper);
  public final DeadLetterer deadLetterer =
      new DeadLetterer(
          broker,
          TaskSample.CODECS.results(),
          NAMES,
          republisher,
          "w-1",
          new ReplyQueues(List.of()),
          meters);
  boolean consumes = true;
  final CallSettlement ends;
  private final OwnerClocks clocks = new OwnerClocks(loop.time());
  private final HeldTasks tasks = new HeldTasks(new CallHistories(loop, function -> 0), null);

  public EndsRig() {
    this(false);
  }

  /**
   * Creates a rig.
   *
   * @param keepFailures whether every failed call is dead-lettered
   */
  EndsRig(boolean keepFailures) {
    ends =
        new CallSettlement(
            loop,
            results,
            republisher,
            deadLetterer,
            keepFailures,
            meters,
            fate -> new Refusals(broker, NAMES, loop, "w-1", helper, () -> consumes, fate));
  }

  HeldTask run(TaskSample sample) {
    TaskMessage task = sample.build();
    return run(task, new FakeDelivery(TaskSample.message(task)));
  }

  HeldTask run(TaskMessage task, FakeDelivery delivery) {
    return new HeldTask(
        tasks,
        task,
        false,
        delivery,
        ends,
        clocks,
        new HeldTask.Stages() {
          @Override
          public void measured(HeldTask held) {
            measured.add(held);
          }

          @Override
          public void finished(HeldTask held) {
            finished.add(held);
          }
        });
  }

  static boolean acked(HeldTask held) {
    return ((FakeDelivery) held.delivery()).acked();
  }

  /** Returns outcome lines with values, for this many calls. */
  static Lines values(int count) {
    String value = "{\"value\":1}";
    return Lines.split(Payload.of((value + "\n").repeat(count - 1) + value));
  }

  static Lines failure(RemoteFailure failure) {
    return Lines.single(OutcomeLine.of(failure));
  }

  /** Fails a call of the run with an exception, in a separate round. */
  void fails(HeldTask held, int index, RemoteFailure failure) {
    step(() -> held.outcomes(index, failure(failure), took(10)));
  }

  public void step(Runnable action) {
    loop.step(action);
    loop.settle();
  }

  public List<TaskMessage> takeAgain() {
    return broker.takeFrom(NAMES.again()).stream().map(TaskSample::read).toList();
  }

  public List<Message> takeDead() {
    return broker.takeFrom(NAMES.dead());
  }

  /** Result messages of the owner of sample tasks that the test has not taken. */
  public List<ResultMessage> takeResults() {
    return broker.takeFrom(TaskSample.OWNER).stream()
        .map(message -> TaskSample.CODECS.results().read(TaskSample.OWNER, message))
        .toList();
  }

  /** The failure in the owner's only result message, which is of one call. */
  RemoteFailure takeFailure() {
    List<ResultMessage> all = takeResults();
    if (all.size() != 1) {
      throw new AssertionError("not one result but " + all);
    }
    return OutcomeLine.failure(all.get(0).outcomes().get(0));
  }

  /** Calls that took this long, in a child of which nothing is known. */
  static CallRun took(long micros) {
    return new CallRun(micros, ChildState.UNKNOWN);
  }
}
