package dev.warren.worker.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.task.TaskOptions;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import dev.warren.wire.TaskMessage;
import dev.warren.worker.TaskSample;
import dev.warren.worker.meter.Verdict;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every arm of the triage, and that earlier arms precede later ones. */
class DeliveryTriageTest {
  private enum Fact {
    HELD,
    HELD_LIVE,
    SETTLED,
    DRAINING,
    UNWANTED,
    NOT_DUE,
    REDELIVERED,
    SHORT,
    PASSES_ON,
    LOST_BEFORE,
    LAST_TRIES,
    ISOLATED_HELD
  }

  private static Arguments verdict(Verdict verdict, Fact... facts) {
    return Arguments.of(verdict, Set.of(facts));
  }

  static Stream<Arguments> arms() {
    return Stream.of(
        verdict(Verdict.DUPLICATE, Fact.HELD, Fact.HELD_LIVE),
        verdict(Verdict.RESUME, Fact.HELD),
        verdict(Verdict.SETTLED, Fact.SETTLED),
        verdict(Verdict.DEFER, Fact.DRAINING, Fact.REDELIVERED),
        verdict(Verdict.HAND_BACK, Fact.DRAINING),
        verdict(Verdict.DROP, Fact.UNWANTED),
        verdict(Verdict.WAIT, Fact.NOT_DUE),
        verdict(Verdict.RERUN, Fact.REDELIVERED, Fact.SHORT),
        verdict(Verdict.RERUN, Fact.REDELIVERED, Fact.SHORT, Fact.LOST_BEFORE),
        verdict(Verdict.ASK, Fact.REDELIVERED),
        verdict(Verdict.ASK, Fact.REDELIVERED, Fact.SHORT, Fact.LOST_BEFORE, Fact.LAST_TRIES),
        verdict(Verdict.PASS_ON, Fact.PASSES_ON),
        verdict(Verdict.START),
        verdict(Verdict.START, Fact.ISOLATED_HELD, Fact.SHORT),
        verdict(Verdict.PUT_OFF, Fact.LOST_BEFORE, Fact.LAST_TRIES, Fact.ISOLATED_HELD),
        verdict(Verdict.START_WHEN_PUT_BACK, Fact.LOST_BEFORE, Fact.LAST_TRIES),
        verdict(Verdict.START_WHEN_PUT_BACK, Fact.LOST_BEFORE, Fact.ISOLATED_HELD));
  }

  @ParameterizedTest
  @MethodSource("arms")
  void facts_lead_to_their_verdict(Verdict expected, Set<Fact> facts) {
    assertThat(judge(facts)).isEqualTo(expected);
  }

  @Test
  void every_verdict_has_an_arm() {
    assertThat(arms().map(arm -> arm.get()[0]).distinct()).hasSize(Verdict.values().length);
  }

  @Test
  void earlier_question_precedes_all_later_ones() {
    // the deciding fact, and its verdict when all later facts hold too
    List<Arguments> order =
        List.of(
            Arguments.of(Fact.HELD, Verdict.DUPLICATE),
            Arguments.of(Fact.SETTLED, Verdict.SETTLED),
            Arguments.of(Fact.DRAINING, Verdict.DEFER),
            Arguments.of(Fact.UNWANTED, Verdict.DROP),
            Arguments.of(Fact.NOT_DUE, Verdict.WAIT),
            Arguments.of(Fact.REDELIVERED, Verdict.ASK),
            Arguments.of(Fact.PASSES_ON, Verdict.PASS_ON),
            Arguments.of(Fact.LOST_BEFORE, Verdict.PUT_OFF));
    for (Arguments step : order) {
      Fact first = (Fact) step.get()[0];
      Set<Fact> facts = EnumSet.range(first, Fact.ISOLATED_HELD);
      assertThat(judge(facts)).as("with %s", facts).isEqualTo(step.get()[1]);
    }
  }

  @Test
  void deferred_or_leased_task_counts_as_redelivered() {
    TaskMessage task = TaskSample.of(1).build();
    for (Message message :
        List.of(
            TaskSample.message(task).with(Headers.SUSPECT, true),
            TaskSample.message(task).with(Headers.LEASED_BY, "w-1"))) {
      assertThat(DeliveryTriage.judge(task, new FakeDelivery(message), new Known(Set.of())))
          .isEqualTo(Verdict.ASK);
    }
  }

  @Test
  void work_of_a_tenth_of_a_second_is_not_short() {
    TaskMessage task = TaskSample.of(10).build();
    FakeDelivery again = new FakeDelivery(TaskSample.message(task)).again();
    for (double micros : new double[] {0, DeliveryTriage.SHORT_MICROS / 10.0}) {
      assertThat(DeliveryTriage.judge(task, again, new Known(Set.of(), micros)))
          .isEqualTo(Verdict.ASK);
    }
    assertThat(DeliveryTriage.judge(task, again, new Known(Set.of(), 9_999)))
        .isEqualTo(Verdict.RERUN);
  }

  private static Verdict judge(Set<Fact> facts) {
    TaskSample sample = TaskSample.of(1).options(TaskOptions.builder().hostLost(5));
    if (facts.contains(Fact.LOST_BEFORE)) {
      sample.counts(1, 0, facts.contains(Fact.LAST_TRIES) ? 4 : 1);
    }
    FakeDelivery delivery = new FakeDelivery(sample.message());
    if (facts.contains(Fact.REDELIVERED)) {
      delivery.again();
    }
    return DeliveryTriage.judge(sample.build(), delivery, new Known(facts));
  }

  private record Known(Set<Fact> facts, double micros) implements DeliveryTriage.Facts {
    Known(Set<Fact> facts) {
      this(facts, facts.contains(Fact.SHORT) ? 1000 : 0);
    }

    @Override
    public boolean holds(String id) {
      return facts.contains(Fact.HELD);
    }

    @Override
    public boolean holdsLive(String id) {
      return facts.contains(Fact.HELD_LIVE);
    }

    @Override
    public boolean hasSettled(String id) {
      return facts.contains(Fact.SETTLED);
    }

    @Override
    public boolean draining() {
      return facts.contains(Fact.DRAINING);
    }

    @Override
    public boolean isUnwanted(TaskMessage task) {
      return facts.contains(Fact.UNWANTED);
    }

    @Override
    public long delayMillis(TaskMessage task) {
      return facts.contains(Fact.NOT_DUE) ? 1000 : 0;
    }

    @Override
    public double averageMicros(TaskMessage task) {
      return micros;
    }

    @Override
    public boolean passesOn(TaskMessage task) {
      return facts.contains(Fact.PASSES_ON);
    }

    @Override
    public boolean holdsIsolated() {
      return facts.contains(Fact.ISOLATED_HELD);
    }
  }
}
