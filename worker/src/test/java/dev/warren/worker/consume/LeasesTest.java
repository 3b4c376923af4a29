package dev.warren.worker.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.broker.BrokerException;
import dev.warren.broker.PoolNames;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import dev.warren.worker.TaskSample;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Deliveries that are held for longer than the broker's delivery timeout. */
class LeasesTest {
  private static final String LEASE = EndsRig.NAMES.lease("w-1");

  private final EndsRig rig = new EndsRig();
  private final Map<String, HeldTask> heldTasks = new HashMap<>();
  private final Leases leases =
      new Leases(
          rig.broker,
          TaskSample.CODECS.tasks(),
          EndsRig.NAMES,
          rig.loop,
          "w-1",
          rig.helper,
          heldTasks);

  @BeforeEach
  void watch() {
    rig.broker.deliveryTimeout = Duration.ofSeconds(60);
    leases.watch();
  }

  private HeldTask hold() {
    HeldTask held = rig.run(TaskSample.of(1));
    held.heldSince(rig.loop.now());
    heldTasks.put(held.task().id(), held);
    return held;
  }

  private void comesBack(Message renewal) {
    rig.broker.deliver(LEASE, renewal);
    rig.loop.settle();
  }

  @Test
  void nothing_is_declared_before_a_delivery_is_held_for_half_the_timeout() {
    hold();
    rig.loop.advanceMillis(30_000);
    assertThat(rig.broker.declared).isEmpty();
    rig.loop.advanceMillis(1000);
    assertThat(rig.broker.declared).containsExactly(EndsRig.NAMES.leaseTopology("w-1"));
  }

  @Test
  void renewal_replaces_the_delivery() {
    HeldTask held = hold();
    FakeDelivery first = (FakeDelivery) held.delivery();
    rig.loop.advanceMillis(33_000);
    Message renewal = rig.broker.takeOne(LEASE);
    assertThat(renewal.id()).isEqualTo(held.task().id());
    assertThat(renewal.headers()).containsEntry(Headers.LEASED_BY, "w-1");
    assertThat(Leases.isLeased(renewal)).isTrue();
    assertThat(leases.idle()).isFalse();
    assertThat(first.acked()).isFalse();
    comesBack(renewal);
    assertThat(first.acked()).isTrue();
    assertThat(((FakeDelivery) held.delivery()).acked()).isFalse();
    assertThat(leases.idle()).isTrue();
    rig.loop.advanceMillis(29_000);
    assertThat(rig.broker.takeFrom(LEASE)).as("renewed lately").isEmpty();
    rig.loop.advanceMillis(3000);
    assertThat(rig.broker.takeFrom(LEASE)).hasSize(1);
  }

  @Test
  void renewal_of_a_finished_task_is_acknowledged() {
    HeldTask held = hold();
    rig.loop.advanceMillis(33_000);
    Message renewal = rig.broker.takeOne(LEASE);
    heldTasks.remove(held.task().id());
    FakeDelivery late = rig.broker.deliver(LEASE, renewal);
    rig.loop.settle();
    assertThat(late.acked()).isTrue();
  }

  @Test
  void delivery_of_a_lost_connection_is_not_renewed() {
    ((FakeDelivery) hold().delivery()).loseConnection();
    rig.loop.advanceMillis(40_000);
    assertThat(rig.broker.declared).isEmpty();
  }

  @Test
  void renewal_that_cannot_be_sent_is_retried() {
    hold();
    rig.loop.advanceMillis(31_500);
    rig.broker.thenFails(new BrokerException("no permission"));
    rig.loop.advanceMillis(1000);
    assertThat(leases.idle()).isTrue();
    rig.loop.advanceMillis(31_000);
    assertThat(rig.broker.takeFrom(LEASE)).hasSize(1);
  }

  @Test
  void unroutable_renewal_is_not_waited_for() {
    hold();
    rig.loop.advanceMillis(31_500);
    rig.broker.thenUnroutable();
    rig.loop.advanceMillis(1000);
    assertThat(leases.idle()).isTrue();
  }

  @Test
  void missing_renewal_is_dead_lettered_to_the_task_queue_in_the_end() {
    hold();
    rig.loop.advanceMillis(33_000);
    heldTasks.clear();
    assertThat(leases.idle()).isFalse();
    rig.loop.advance(PoolNames.LEASE);
    assertThat(leases.idle()).isTrue();
  }

  @Test
  void failed_declaration_of_the_lease_queue_is_retried() {
    hold();
    rig.broker.declareFailure = new BrokerException("no permission");
    rig.loop.advanceMillis(32_000);
    rig.broker.declareFailure = null;
    rig.loop.advanceMillis(1000);
    assertThat(rig.broker.subscriptions).containsKey(LEASE);
  }

  @Test
  void queue_is_declared_once_however_long_that_takes() {
    hold();
    rig.helper.hold();
    rig.loop.advanceMillis(40_000);
    rig.helper.release();
    rig.loop.settle();
    assertThat(rig.broker.declared).hasSize(1);
    leases.end();
    assertThat(rig.broker.subscriptions.get(LEASE).cancelled).isTrue();
  }
}
