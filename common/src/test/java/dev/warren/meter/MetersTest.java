package dev.warren.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.broker.Broker;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Route;
import dev.warren.meter.CommonMeters.Role;
import dev.warren.meter.CommonMeters.Sent;
import dev.warren.task.FailureKind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Instruments, and what the broker's client counts with them. */
class MetersTest {
  private static final Meter WAIT =
      Meter.histogram("warren_wait_seconds", "Waits.", List.of(0.001, 0.1));
  private static final Meter HEAT = Meter.gauge("warren_heat", "Heat.");
  private final Meters meters = new Meters();

  private long count(Meter meter, String... labels) {
    return meters.counter(meter, labels).count();
  }

  @Test
  void times_are_counted_within_the_first_bound_that_holds_them() {
    Histogram waits = meters.histogram(WAIT);
    waits.record(1_000_000);
    waits.record(1_000_001, 10);
    waits.record(200_000_000);
    waits.record(-5);
    assertThat(waits.counts()).containsExactly(2, 10, 1);
    assertThat(waits.count()).isEqualTo(13);
    assertThat(waits.countUpTo(1)).isEqualTo(12);
    assertThat(waits.countUpTo(2)).isEqualTo(13);
    assertThat(waits.sumSeconds()).isBetween(0.2110, 0.2111);
  }

  @Test
  void the_same_meter_and_labels_are_the_same_instrument() {
    meters.counter(CommonMeters.OUTCOMES, "value").add(3);
    meters.counter(CommonMeters.OUTCOMES, "value").increment();
    assertThat(count(CommonMeters.OUTCOMES, "value")).isEqualTo(4);
    assertThat(meters.instruments()).hasSize(1);
    assertThatThrownBy(() -> meters.counter(CommonMeters.OUTCOMES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("warren_outcomes_total");
  }

  @Test
  void a_gauge_shows_its_newest_source() {
    meters.gauge(HEAT, () -> 1);
    meters.gauge(HEAT, () -> 2);
    assertThat(meters.instruments()).hasSize(1);
    assertThat(((Gauge) meters.instruments().get(0)).value()).isEqualTo(2);
  }

  @Test
  void hidden_meters_are_counted_and_not_shown() {
    Meters part = meters.without(CommonMeters.OUTCOMES);
    new OutcomeCounters(part).values(3);
    assertThat(meters.instruments()).isEmpty();
    part.gauge(HEAT, () -> 1);
    assertThat(meters.instruments()).hasSize(1);
  }

  @Test
  void a_watcher_that_throws_does_not_disturb_the_counting() {
    try (Meters.Watch watch =
        meters.watch(
            instrument -> {
              throw new IllegalStateException("refused by a registry");
            })) {
      assertThat(watch).isNotNull();
      meters.counter(CommonMeters.OUTCOMES, "value").increment();
    }
    assertThat(count(CommonMeters.OUTCOMES, "value")).isEqualTo(1);
  }

  @Test
  void a_watcher_gets_present_and_future_instruments_once() {
    List<Instrument> seen = new ArrayList<>();
    meters.histogram(WAIT);
    Meters.Watch watch = meters.watch(seen::add);
    meters.gauge(HEAT, () -> 1);
    meters.gauge(HEAT, () -> 1);
    watch.close();
    meters.counter(CommonMeters.OUTCOMES, "value");
    assertThat(seen).extracting(i -> i.meter().name()).containsExactly(WAIT.name(), HEAT.name());
  }

  @Test
  void outcomes_are_counted_by_kind_and_unknown_kinds_as_failed() {
    OutcomeCounters outcomes = new OutcomeCounters(meters);
    outcomes.ended(FailureKind.TIME_LIMIT);
    outcomes.ended("a_kind_of_the_future");
    assertThat(count(CommonMeters.OUTCOMES, "time_limit")).isEqualTo(1);
    assertThat(count(CommonMeters.OUTCOMES, "failed")).isEqualTo(1);
    assertThat(meters.instruments()).hasSize(FailureKind.values().length + 1);
  }

  @Test
  void the_queue_of_a_message_tells_what_it_carries() {
    PoolNames names = new PoolNames("p");
    assertThat(BrokerMeters.content(Route.toQueue(names.tasks()))).isEqualTo(Sent.TASK);
    assertThat(BrokerMeters.content(Route.toQueue(names.again()))).isEqualTo(Sent.AGAIN);
    assertThat(BrokerMeters.content(Route.toQueue(names.delay(100)))).isEqualTo(Sent.AGAIN);
    assertThat(BrokerMeters.content(Route.toQueue(names.lease("w")))).isEqualTo(Sent.AGAIN);
    assertThat(BrokerMeters.content(Route.toQueue(names.dead()))).isEqualTo(Sent.DEAD_LETTER);
    assertThat(BrokerMeters.content(Route.toQueue(PoolNames.results("c")))).isEqualTo(Sent.OUTCOME);
    assertThat(BrokerMeters.content(Route.toQueue("replies"))).isEqualTo(Sent.OUTCOME);
    assertThat(BrokerMeters.content(Route.toQueue(PoolNames.events("c")))).isEqualTo(Sent.CONTROL);
    assertThat(BrokerMeters.content(new Route(names.control(), ""))).isEqualTo(Sent.CONTROL);
    assertThat(BrokerMeters.content(Route.toQueue(names.control("w")))).isEqualTo(Sent.CONTROL);
    assertThat(BrokerMeters.content(Route.toQueue(names.explain() + "c"))).isEqualTo(Sent.CONTROL);
    PoolNames results = new PoolNames("results");
    assertThat(BrokerMeters.content(Route.toQueue(results.tasks()))).isEqualTo(Sent.TASK);
  }

  @Test
  void answers_of_the_broker_are_counted() {
    BrokerMeters broker = new BrokerMeters(meters, Role.WORKER);
    Route tasks = Route.toQueue(new PoolNames("p").tasks());
    broker.published(tasks, Broker.Receipt.CONFIRMED);
    broker.published(tasks, Broker.Receipt.CONFIRMED);
    broker.published(tasks, Broker.Receipt.UNROUTABLE);
    broker.published(tasks, null);
    assertThat(count(CommonMeters.PUBLISHES, "task", "confirmed")).isEqualTo(2);
    assertThat(count(CommonMeters.PUBLISHES, "task", "unroutable")).isEqualTo(1);
    assertThat(count(CommonMeters.PUBLISHES, "task", "failed")).isEqualTo(1);
  }

  @Test
  void reconnects_are_counted_and_an_alarm_is_shown_while_it_lasts() {
    BrokerMeters broker = new BrokerMeters(meters, Role.POOL);
    broker.blocked("memory");
    assertThat(blocked()).isEqualTo(1);
    broker.unblocked();
    assertThat(blocked()).isZero();
    broker.blocked("disk");
    broker.reconnected();
    assertThat(blocked()).isZero();
    assertThat(count(CommonMeters.RECONNECTS, "pool")).isEqualTo(1);
  }

  private double blocked() {
    return meters.instruments().stream()
        .filter(instrument -> instrument.meter().equals(CommonMeters.BROKER_BLOCKED))
        .mapToDouble(instrument -> ((Gauge) instrument).value())
        .sum();
  }
}
