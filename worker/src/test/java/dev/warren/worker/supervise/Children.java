package dev.warren.worker.supervise;

import dev.warren.json.Lines;
import dev.warren.task.Payload;
import dev.warren.testkit.ManualLoop;
import dev.warren.wire.PoolSettings;
import dev.warren.worker.link.CallMark;
import dev.warren.worker.link.OutcomesHeader;
import dev.warren.worker.link.Setup;
import dev.warren.worker.meter.WorkerMeters;
import java.util.Collections;
import java.util.List;

/** Children of a roster with neither process nor link, for rules that need neither. */
public final class Children {
  static final long MEMORY_LIMIT = 100 << 20;
  static final String KEY = PoolSettings.DEFAULTS.key();

  private static final Setup SETUP =
      new Setup(
          1, "w-1-1", "host", null, null, null, null, List.of(), List.of(), 1000, null, null,
          "w-1");

  /** Settings of another pool; the same number returns the same settings. */
  public static PoolSettings settings(int number) {
    return new PoolSettings(null, Payload.of("[]"), 100 + number);
  }

  final ManualLoop loop = new ManualLoop();
  final ChildRegistry registry;
  private int number;

  Children() {
    this(4);
  }

  Children(int slots) {
    registry =
        new ChildRegistry(
            loop, event -> {}, new ChildSlots(slots, MEMORY_LIMIT), WorkerMeters.detached());
  }

  /** A child that has not sent HELLO. */
  Child starting() {
    Child child = new Child("w-1-" + ++number, "token-" + number, loop.now(), true);
    registry.add(child);
    return child;
  }

  Child blank() {
    Child child = starting();
    child.linked(null, loop.now());
    return child;
  }

  Child initialising(String key) {
    Child child = blank();
    child.setUp(key, SETUP, unbounded(), loop.now());
    return child;
  }

  Child ready() {
    return ready(KEY);
  }

  Child ready(String key) {
    return ready(key, unbounded());
  }

  Child ready(String key, RecyclePolicy policy) {
    Child child = blank();
    child.setUp(key, SETUP, policy, loop.now());
    child.ready(loop.now());
    return child;
  }

  static RecyclePolicy unbounded() {
    return calls(Integer.MAX_VALUE);
  }

  static RecyclePolicy calls(int max) {
    return new RecyclePolicy(max, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
  }

  /** Gives a child a call that is known to run for long. */
  FakeWork inLongCall(Child child) {
    return inLongCall(child, "long::call");
  }

  FakeWork inLongCall(Child child, String function) {
    FakeWork work = FakeWork.calls(1, function);
    child.give(work, 0, 1, false, loop.now());
    child.calls.running(new CallMark(work.number(), 0, 5000), loop.now());
    return work;
  }

  /** Answers its first call. */
  void answerFirst(Child child) {
    CallMark first = child.calls.first();
    child.calls.answered(
        new OutcomesHeader(first.task(), first.index(), 1, 10),
        Lines.split(Payload.of(String.join("\n", Collections.nCopies(1, "{\"value\":0}")))),
        loop.now());
  }
}
