package dev.warren.worker;

import dev.warren.broker.Broker;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Route;
import dev.warren.json.Json;
import dev.warren.json.Lines;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.task.TaskOptions;
import dev.warren.wire.CallRanges;
import dev.warren.wire.FunctionRef;
import dev.warren.wire.JsonOutcome;
import dev.warren.wire.OutcomeLine;
import dev.warren.wire.PoolSettings;
import dev.warren.wire.ResultMessage;
import dev.warren.wire.TaskMessage;
import dev.warren.wire.control.SupersededMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A minimal owner of calls: publishes tasks, collects outcomes and counts duplicates. */
public final class TestOwner {
  private final Broker broker;
  private final PoolNames names;
  private final String queue;
  private final AtomicLong next = new AtomicLong();
  private final Map<Long, JsonOutcome> outcomes = new ConcurrentHashMap<>();
  private final List<Long> order = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger repeats = new AtomicInteger();
  private final AtomicInteger moves = new AtomicInteger();

  public TestOwner(Broker broker, String pool) {
    this.broker = broker;
    this.names = new PoolNames(pool);
    String client = UUID.randomUUID().toString();
    this.queue = PoolNames.results(client);
    broker.declare(names.topology().and(PoolNames.resultsTopology(client)));
    broker.subscribe(
        queue,
        100,
        delivery -> {
          if (SupersededMessage.is(delivery.message())) {
            moves.incrementAndGet();
          } else {
            take(TaskSample.CODECS.results().read(queue, delivery.message()));
          }
          delivery.ack();
        });
  }

  private void take(ResultMessage result) {
    for (int i = 0; i < result.calls().count(); i++) {
      JsonOutcome outcome = OutcomeLine.read(result.outcomes().get(i));
      if (outcomes.putIfAbsent(result.calls().get(i), outcome) == null) {
        order.add(result.calls().get(i));
      } else {
        repeats.incrementAndGet();
      }
    }
  }

  /** Publishes calls of a test function in tasks of {@code chunk}; returns the first number. */
  public long submit(
      String method, List<?> args, int chunk, TaskOptions options, PoolSettings settings) {
    long first = next.getAndAdd(args.size());
    for (int from = 0; from < args.size(); from += chunk) {
      int to = Math.min(args.size(), from + chunk);
      TaskMessage task =
          task(method, args.subList(from, to), first + from, to - from, options, settings);
      broker.publish(Route.toQueue(names.tasks()), TaskSample.message(task)).join();
    }
    return first;
  }

  /** A task of calls of a test function, numbered from {@code first}. */
  public TaskMessage task(
      String method,
      List<?> args,
      long first,
      int count,
      TaskOptions options,
      PoolSettings settings) {
    List<String> lines = new ArrayList<>();
    for (Object arg : args) {
      lines.add(Json.write(arg instanceof List<?> list ? list : List.of(arg)).text());
    }
    return new TaskMessage(
        UUID.randomUUID().toString(),
        queue,
        null,
        true,
        "job",
        FunctionRef.parse(Calls.class.getName() + "::" + method, null),
        CallRanges.of(first, count),
        settings,
        null,
        Lines.split(Payload.of(String.join("\n", lines))),
        options,
        TaskMessage.Counts.FIRST,
        TaskMessage.Times.ANY,
        false);
  }

  public long submit(String method, List<?> args, int chunk) {
    return submit(method, args, chunk, TaskOptions.DEFAULTS, PoolSettings.DEFAULTS);
  }

  public int ended() {
    return outcomes.size();
  }

  /** How many calls ended before this one. */
  public int endedBefore(long call) {
    return order.indexOf(call);
  }

  public int repeats() {
    return repeats.get();
  }

  public String value(long call) {
    return outcomes.get(call).fold(Payload::text, failure -> "failed: " + failure);
  }

  public RemoteFailure failure(long call) {
    return outcomes
        .get(call)
        .fold(
            value -> {
              throw new AssertionError("call " + call + " has a value: " + value);
            },
            failure -> failure);
  }

  public boolean succeeded(long call) {
    return outcomes.get(call) instanceof JsonOutcome.Succeeded;
  }

  /** How many messages reported that calls run again because of a lost host. */
  public int moves() {
    return moves.get();
  }

  public String queue() {
    return queue;
  }
}
