package dev.warren.pool.engine.collect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.broker.Delivery;
import dev.warren.json.Lines;
import dev.warren.lifecycle.TimeSource;
import dev.warren.pool.engine.meter.PoolMeters;
import dev.warren.pool.engine.pending.CallTimes;
import dev.warren.pool.engine.pending.PendingCalls;
import dev.warren.pool.engine.pending.PendingTask;
import dev.warren.pool.engine.pending.RanBy;
import dev.warren.pool.engine.pending.Receiver;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.CallRanges;
import dev.warren.wire.FunctionRef;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import dev.warren.wire.OutcomeLine;
import dev.warren.wire.ResultCodec;
import dev.warren.wire.ResultMessage;
import dev.warren.wire.child.ChildStates;
import dev.warren.wire.control.SupersededMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ResultCollectorTest {
  private static final Payload VALUE = Payload.of("{\"value\":1}");
  private static final Payload FAILURE =
      OutcomeLine.of(RemoteFailure.of(FailureKind.TIME_LIMIT, "ran for too long", 1));

  private final PendingCalls table =
      new PendingCalls(task -> {}, task -> {}, PoolMeters.detached());
  private final List<Long> overtaken = new ArrayList<>();
  private final ResultCodec codec = new ResultCodec();
  private final ResultCollector collector =
      new ResultCollector(
          codec,
          "q",
          table,
          new PendingCallsSink(table, PoolMeters.detached(), TimeSource.SYSTEM),
          overtaken::add,
          echo -> {});
  private final List<String> got = new ArrayList<>();

  private void pending(long first, int count) {
    Receiver receiver = (index, line) -> got.add(index + ": " + kind(line));
    FunctionRef function = FunctionRef.parse("a.B::c", null);
    table.add(new PendingTask(first, count, 0, receiver, new CallTimes().of(function), 0));
  }

  private static String kind(Payload line) {
    return OutcomeLine.isValue(line) ? "value" : OutcomeLine.failure(line).kind().toString();
  }

  private void moved(String calls, int losses) {
    collector.handle(
        new Arrived(new SupersededMessage("m", CallRanges.parse(calls), losses).toMessage()));
  }

  private void result(long number, int losses, Payload line) {
    Message message = resultMessage(number, line);
    collector.handle(
        new Arrived(losses == 0 ? message : message.with(Headers.HOST_LOSSES, losses)));
  }

  @Test
  void a_failure_of_a_lost_host_does_not_end_a_call_that_is_run_again() {
    pending(5, 2);
    moved("5-6", 1);
    result(5, 0, FAILURE);
    assertThat(got).isEmpty();
    result(5, 1, VALUE);
    assertThat(got).containsExactly("0: value");
  }

  @Test
  void a_value_of_a_host_that_only_seemed_lost_counts_and_stops_the_new_attempt() {
    pending(5, 2);
    moved("5", 1);
    result(5, 0, VALUE);
    assertThat(got).containsExactly("0: value");
    assertThat(overtaken).containsExactly(5L);
    result(5, 1, FAILURE);
    assertThat(got).hasSize(1);
  }

  @Test
  void the_newest_attempts_own_failure_ends_the_call() {
    pending(5, 1);
    moved("5", 1);
    moved("5", 2);
    result(5, 1, FAILURE);
    assertThat(got).isEmpty();
    result(5, 2, FAILURE);
    assertThat(got).containsExactly("0: " + FailureKind.TIME_LIMIT);
  }

  @Test
  void a_new_attempt_of_a_call_that_has_ended_is_stopped() {
    pending(5, 2);
    result(5, 0, VALUE);
    moved("5", 1);
    assertThat(overtaken).containsExactly(5L);
  }

  @Test
  void calls_that_were_not_moved_are_not_touched() {
    pending(5, 2);
    moved("5", 1);
    result(6, 0, FAILURE);
    assertThat(got).containsExactly("1: " + FailureKind.TIME_LIMIT);
  }

  @Test
  void a_malformed_result_ends_none_of_its_calls() {
    pending(5, 2);
    Message whole = resultMessage(5, VALUE);
    collector.handle(new Arrived(whole.with(Headers.CALLS, "5-6")));
    collector.handle(new Arrived(whole.with(Headers.WARREN_VERSION, 7)));
    assertThat(got).isEmpty();
    result(5, 0, VALUE);
    assertThat(got).containsExactly("0: value");
  }

  @Test
  void a_message_is_acknowledged_when_its_outcomes_are_kept() {
    CompletableFuture<Void> kept = new CompletableFuture<>();
    Arrived arrived = new Arrived(resultMessage(5, VALUE));
    new ResultCollector(codec, "q", table, batch -> kept, overtaken::add, echo -> {})
        .handle(arrived);
    assertThat(arrived.acknowledged).isFalse();
    kept.complete(null);
    assertThat(arrived.acknowledged).isTrue();
  }

  @Test
  void a_message_whose_outcomes_could_not_be_kept_returns_to_its_queue() {
    Arrived arrived = new Arrived(resultMessage(5, VALUE));
    new ResultCollector(
            codec,
            "q",
            table,
            batch -> CompletableFuture.failedFuture(new IOException("disk full")),
            overtaken::add,
            echo -> {})
        .handle(arrived);
    assertThat(arrived.acknowledged).isFalse();
    assertThat(arrived.returned).isTrue();
  }

  @Test
  void a_message_with_a_call_that_is_run_again_waits_for_all_its_outcomes() {
    pending(5, 2);
    moved("5", 1);
    List<CompletableFuture<Void>> kept = new ArrayList<>();
    ResultCollector keeping =
        new ResultCollector(
            codec,
            "q",
            table,
            batch -> {
              kept.add(new CompletableFuture<>());
              return kept.get(kept.size() - 1);
            },
            overtaken::add,
            echo -> {});
    keeping.handle(new Arrived(new SupersededMessage("m", CallRanges.parse("5"), 1).toMessage()));
    Arrived arrived =
        new Arrived(
            codec.write(
                new ResultMessage(
                    "r",
                    "q",
                    null,
                    CallRanges.of(5, 2),
                    Lines.split(Payload.of(VALUE + "\n" + VALUE + "\n")),
                    10,
                    "w")));
    keeping.handle(arrived);
    assertThat(kept).hasSize(2);
    kept.get(1).complete(null);
    assertThat(arrived.acknowledged).isFalse();
    kept.get(0).complete(null);
    assertThat(arrived.acknowledged).isTrue();
  }

  @Test
  void each_task_is_told_in_which_children_its_own_calls_ran() {
    List<String> ran = new ArrayList<>();
    Receiver receiver =
        new Receiver() {
          @Override
          public void outcome(long index, Payload line) {}

          @Override
          public void ran(long index, int calls, RanBy by) {
            ran.add(index + "+" + calls + " by " + by.worker() + " " + by.children());
          }
        };
    FunctionRef function = FunctionRef.parse("a.B::c", null);
    table.add(new PendingTask(5, 2, 0, receiver, new CallTimes().of(function), 0));
    table.add(new PendingTask(7, 3, 2, receiver, new CallTimes().of(function), 0));
    ChildStates children = ChildStates.parse("1*0/0/,3*60/10/80,1*0/1/", 5);
    String line = VALUE + "\n";
    collector.handle(
        new Arrived(
            codec.write(
                new ResultMessage(
                    "r",
                    "q",
                    null,
                    CallRanges.of(5, 5),
                    Lines.split(Payload.of(line.repeat(5))),
                    10,
                    "w",
                    children))));
    assertThat(ran).containsExactly("0+2 by w 1*0/0/,1*60/10/80", "2+3 by w 2*60/10/80,1*0/1/");
  }

  private static Message resultMessage(long number, Payload line) {
    return new ResultCodec()
        .write(
            new ResultMessage(
                "r", "q", null, CallRanges.of(number, 1), Lines.single(line), 10, "w"));
  }

  private static final class Arrived implements Delivery {
    private final Message message;
    private boolean acknowledged;
    private boolean returned;

    Arrived(Message message) {
      this.message = message;
    }

    @Override
    public Message message() {
      return message;
    }

    @Override
    public boolean redelivered() {
      return false;
    }

    @Override
    public void ack() {
      acknowledged = true;
    }

    @Override
    public void requeue() {
      returned = true;
    }

    @Override
    public boolean live() {
      return true;
    }
  }
}
