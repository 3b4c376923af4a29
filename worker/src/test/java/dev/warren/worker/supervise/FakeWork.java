package dev.warren.worker.supervise;

import dev.warren.json.Lines;
import dev.warren.task.RemoteFailure;
import dev.warren.testkit.ManualLoop;
import dev.warren.wire.TaskMessage;
import dev.warren.worker.TaskSample;
import dev.warren.worker.history.CallHistories;
import dev.warren.worker.history.CallHistory;
import dev.warren.worker.supervise.calls.CallRun;
import dev.warren.worker.supervise.calls.TaskCalls;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** A task that records, by position, what happened to each of its calls. */
public final class FakeWork implements TaskCalls {
  private static final AtomicLong NUMBER = new AtomicLong();

  final Map<Integer, String> values = new TreeMap<>();
  final Map<Integer, RemoteFailure> failures = new TreeMap<>();
  final Map<Integer, RemoteFailure> losses = new TreeMap<>();
  final List<CallRun> runs = new ArrayList<>();
  boolean requeued;
  boolean expired;
  long busyMicros;
  private final long number = NUMBER.incrementAndGet();
  private final TaskMessage task;
  private final CallHistory history;

  public FakeWork(TaskSample task) {
    this.task = task.build();
    this.history =
        new CallHistories(new ManualLoop(), function -> 0)
            .begin(this.task, false, false, new BitSet());
  }

  public static FakeWork calls(int count) {
    return new FakeWork(TaskSample.of(count));
  }

  public static FakeWork calls(int count, String function) {
    return new FakeWork(TaskSample.of(count).function(function));
  }

  FakeWork requeued() {
    requeued = true;
    return this;
  }

  @Override
  public long number() {
    return number;
  }

  @Override
  public TaskMessage task() {
    return task;
  }

  @Override
  public long arrived() {
    return 0;
  }

  @Override
  public String settingsKey() {
    return task.settings().key();
  }

  @Override
  public String functionName() {
    return task.function().toString();
  }

  @Override
  public boolean isRequeued() {
    return requeued;
  }

  @Override
  public boolean hasExpired() {
    return expired;
  }

  @Override
  public boolean ended(int index) {
    return values.containsKey(index) || failures.containsKey(index) || losses.containsKey(index);
  }

  @Override
  public CallHistory history() {
    return history;
  }

  @Override
  public void outcomes(int from, Lines lines, CallRun run) {
    for (int i = 0; i < lines.count(); i++) {
      values.putIfAbsent(from + i, lines.get(i).text());
    }
    busyMicros += run.busyMicros();
    runs.add(run);
  }

  @Override
  public void fail(int index, RemoteFailure failure) {
    failures.putIfAbsent(index, failure);
  }

  @Override
  public void childLost(int index, RemoteFailure evidence) {
    losses.putIfAbsent(index, evidence);
  }
}
