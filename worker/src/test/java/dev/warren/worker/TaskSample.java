package dev.warren.worker;

import dev.warren.broker.PoolNames;
import dev.warren.json.Lines;
import dev.warren.task.Payload;
import dev.warren.task.TaskOptions;
import dev.warren.wire.CallRanges;
import dev.warren.wire.FunctionRef;
import dev.warren.wire.Message;
import dev.warren.wire.PoolSettings;
import dev.warren.wire.TaskMessage;
import dev.warren.wire.WireCodecs;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Builds tasks for tests; each has an id of its own unless one is given. Not thread-safe. */
public final class TaskSample {
  /** The results queue of the owner of sample tasks. */
  public static final String OWNER = PoolNames.results("owner");

  /** Convert the tests' tasks and outcomes. */
  public static final WireCodecs CODECS = WireCodecs.create();

  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final int calls;
  private String id = "task-" + NUMBER.incrementAndGet();
  private @Nullable String owner = OWNER;
  private @Nullable String correlation;
  private boolean numbered = true;
  private String function = "a.B::c";
  private PoolSettings settings = PoolSettings.DEFAULTS;
  private TaskOptions options = TaskOptions.DEFAULTS;
  private TaskMessage.Counts counts = TaskMessage.Counts.FIRST;
  private TaskMessage.Times times = TaskMessage.Times.ANY;
  private boolean serial;

  private TaskSample(int calls) {
    this.calls = calls;
  }

  /** The message of a task. */
  public static Message message(TaskMessage task) {
    return CODECS.tasks().write(task);
  }

  /** The task of a message. */
  public static TaskMessage read(Message message) {
    return CODECS.tasks().read(message);
  }

  /** A task of this many calls, numbered from 0. */
  public static TaskSample of(int calls) {
    return new TaskSample(calls);
  }

  public TaskSample id(String newId) {
    id = newId;
    return this;
  }

  public TaskSample owner(@Nullable String queue) {
    owner = queue;
    return this;
  }

  /** From another program than Warren: one result message with this correlation id. */
  public TaskSample foreign(@Nullable String correlationId) {
    numbered = false;
    correlation = correlationId;
    return this;
  }

  public TaskSample function(String name) {
    function = name;
    return this;
  }

  public TaskSample settings(PoolSettings newSettings) {
    settings = newSettings;
    return this;
  }

  public TaskSample options(TaskOptions.Builder newOptions) {
    options = newOptions.build();
    return this;
  }

  public TaskSample counts(int attempt, int childLosses, int hostLosses) {
    counts = new TaskMessage.Counts(attempt, childLosses, hostLosses);
    return this;
  }

  public TaskSample times(TaskMessage.Times newTimes) {
    times = newTimes;
    return this;
  }

  /** Not to be run before this wait has passed. */
  public TaskSample delayMillis(long wait) {
    return times(new TaskMessage.Times(0, 0, 0, wait));
  }

  public TaskSample serial() {
    serial = true;
    return this;
  }

  public Message message() {
    return message(build());
  }

  public TaskMessage build() {
    Lines args = Lines.split(Payload.of("[0]\n".repeat(calls - 1) + "[0]"));
    return new TaskMessage(
        id,
        owner,
        correlation,
        numbered,
        "job",
        FunctionRef.parse(function, null),
        CallRanges.of(0, calls),
        settings,
        null,
        args,
        options,
        counts,
        times,
        serial);
  }
}
