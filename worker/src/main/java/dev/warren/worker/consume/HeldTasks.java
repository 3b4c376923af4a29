package dev.warren.worker.consume;

import dev.warren.broker.Broker;
import dev.warren.broker.PoolNames;
import dev.warren.lifecycle.EventLoop;
import dev.warren.wire.TaskMessage;
import dev.warren.worker.config.WorkerConfig;
import dev.warren.worker.consume.redelivery.HostLossRecovery;
import dev.warren.worker.history.CallHistories;
import dev.warren.worker.history.HistoryAnswers;
import dev.warren.worker.supervise.Supervisor;
import dev.warren.worker.trace.CallTraces;
import dev.warren.worker.trace.TaskTrace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that this worker holds, by message id, and those that it has settled recently. Confined
 * to the loop.
 */
final class HeldTasks {
  private final Map<String, HeldTask> byId = new HashMap<>();
  private final Map<String, HeldTask> view = Collections.unmodifiableMap(byId);
  private final SettledTasks settled = new SettledTasks();
  private final CallHistories histories;
  // null without tracing
  private final @Nullable CallTraces traces;
  private long lastNumber;

  /**
   * Creates an empty registry.
   *
   * @param histories receives the histories of settled tasks
   * @param traces makes the spans of calls; null without tracing
   */
  HeldTasks(CallHistories histories, @Nullable CallTraces traces) {
    this.histories = histories;
    this.traces = traces;
  }

  /** Creates an empty registry of a worker. */
  static HeldTasks of(WorkerConfig config, Broker broker, EventLoop loop, Supervisor supervisor) {
    return new HeldTasks(
        new CallHistories(loop, supervisor::averageMicros),
        CallTraces.of(
            config.tracing(),
            broker.system(),
            new PoolNames(config.pool()),
            supervisor.id(),
            loop.time()));
  }

  /** Begins the trace of a message; null without tracing. */
  @Nullable TaskTrace trace(TaskMessage task, boolean again) {
    return traces == null ? null : traces.begin(task, again);
  }

  /** Returns the number of the next task that is held: they are held in the order of arrival. */
  long nextNumber() {
    return ++lastNumber;
  }

  void add(HeldTask held) {
    byId.put(held.task().id(), held);
  }

  /** A held task is settled, and no longer held. */
  void settle(HeldTask held) {
    byId.remove(held.task().id());
    settled.add(held.task().id());
    histories.settled(held.history());
  }

  /** The histories of calls that are no longer held. */
  CallHistories histories() {
    return histories;
  }

  /** Answers questions about calls of this worker. */
  HistoryAnswers answers(Broker broker, PoolNames names, EventLoop loop, Supervisor supervisor) {
    return new HistoryAnswers(
        broker,
        names,
        loop,
        new HistoryAnswers.Worker(supervisor.id(), supervisor.host()),
        histories,
        action -> byId.values().forEach(held -> action.accept(held.history())));
  }

  /** Records a task that was settled without being held, here or by another worker. */
  void addSettled(String id) {
    settled.add(id);
  }

  @Nullable HeldTask get(String id) {
    return byId.get(id);
  }

  boolean contains(String id) {
    return byId.containsKey(id);
  }

  boolean hasSettled(String id) {
    return settled.contains(id);
  }

  /** The held tasks; a live view. */
  Map<String, HeldTask> all() {
    return view;
  }

  boolean isEmpty() {
    return byId.isEmpty();
  }

  int count() {
    return byId.size();
  }

  /** Returns the message ids of at most {@code max} tasks. */
  List<String> ids(int max) {
    return new ArrayList<>(byId.keySet()).subList(0, Math.min(max, byId.size()));
  }

  /** Returns the tasks of this owner. */
  List<HeldTask> ownedBy(String owner) {
    return byId.values().stream().filter(held -> owner.equals(held.task().owner())).toList();
  }

  /** Returns the ids of the tasks whose delivery was lost with its connection. */
  List<String> withoutDelivery() {
    return byId.values().stream()
        .filter(held -> !held.delivery().live())
        .map(held -> held.task().id())
        .toList();
  }

  /** Whether a task is held that must run in isolation. */
  boolean anyIsolated() {
    return byId.values().stream().anyMatch(held -> HostLossRecovery.runsInIsolation(held.task()));
  }
}
