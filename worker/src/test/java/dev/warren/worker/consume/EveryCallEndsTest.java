package dev.warren.worker.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.broker.Broker.QueueDepth;
import dev.warren.broker.BrokerException;
import dev.warren.broker.BrokerListener;
import dev.warren.broker.PoolNames;
import dev.warren.task.Payload;
import dev.warren.task.TaskOptions;
import dev.warren.wire.CallRanges;
import dev.warren.wire.Message;
import dev.warren.wire.PoolSettings;
import dev.warren.wire.ResultMessage;
import dev.warren.wire.TaskMessage;
import dev.warren.wire.control.CancelMessage;
import dev.warren.worker.TaskSample;
import dev.warren.worker.supervise.RandomChildren;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever happens, in whatever order, every call of every task ends at its owner, and every
 * delivery is acknowledged once. A broker, children and an owner are played at random.
 */
class EveryCallEndsTest {
  private static final String[] FUNCTIONS = {"a.B::c", "d.E::f", "g.H::i"};
  private static final int TASKS = 40;

  private final Map<String, BitSet> open = new HashMap<>(); // by owner, the calls without an end
  private final List<FakeDelivery> deliveries = new ArrayList<>();
  private final List<Waiting> waiting = new ArrayList<>(); // put back, by the test's broker
  private ConsumerRig rig;
  private Random random;
  private RandomChildren children;
  private int owners;

  private record Waiting(long untilNanos, Message message) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void every_call_ends_and_every_delivery_is_acknowledged_once(long seed) throws IOException {
    random = new Random(seed);
    try (ConsumerRig opened = new ConsumerRig(3)) {
      rig = opened;
      children = new RandomChildren(rig.children, random);
      while (owners < TASKS) {
        somethingHappens();
        carryMessages();
        rig.settle();
      }
      rig.broker.confirmAll();
      others(1);
      for (int round = 0; round < 3000 && !allOver(); round++) {
        children.act(true);
        rig.loop.advanceMillis(50);
        carryMessages();
        rig.settle();
      }
      assertThat(open).as("calls without an end, by owner").isEmpty();
      assertThat(rig.consumer.heldCount()).isZero();
      rig.loop.step(rig.consumer::drain);
      rig.loop.advanceMillis(10_000);
      assertThat(rig.consumer.idle()).isTrue();
      assertThat(deliveries).allMatch(delivery -> !delivery.live() || delivery.acks() == 1);
    }
  }

  /** Whether all calls have ended, and no copy of one is held any more. */
  private boolean allOver() {
    return open.isEmpty() && rig.consumer.heldCount() == 0;
  }

  private void somethingHappens() {
    switch (random.nextInt(14)) {
      case 0, 1 -> newTask();
      case 2 -> cancel();
      case 3 -> rig.broker.holdConfirms();
      case 4, 5 -> rig.broker.confirmAll();
      case 6 -> others(1 + random.nextInt(2));
      case 7 -> rig.loop.advanceMillis(random.nextInt(3000));
      case 8 -> paused();
      case 9 -> connectionIsLost();
      case 10 -> brokerRefuses();
      default -> {
        children.act(false);
        rig.loop.advanceMillis(random.nextInt(100));
      }
    }
  }

  private void newTask() {
    String owner = PoolNames.results("o" + owners++);
    int calls = 1 + random.nextInt(12);
    TaskOptions.Builder options = TaskOptions.builder();
    if (random.nextInt(4) == 0) {
      options.atMostOnce(true);
    } else {
      options.maxAttempts(1 + random.nextInt(3));
    }
    if (random.nextInt(4) == 0) {
      options.timeLimit(Duration.ofMillis(1 + random.nextInt(500)));
    }
    TaskSample task =
        TaskSample.of(calls)
            .owner(owner)
            .function(FUNCTIONS[random.nextInt(FUNCTIONS.length)])
            .options(options)
            .settings(new PoolSettings(null, Payload.of("[]"), random.nextInt(3)))
            .counts(1, 0, random.nextInt(8) == 0 ? random.nextInt(4) : 0);
    if (random.nextInt(4) == 0) {
      task.serial();
    }
    BitSet all = new BitSet();
    all.set(0, calls);
    open.put(owner, all);
    rig.broker.depths.put(owner, new QueueDepth(0, 1));
    deliver(rig.broker.subscriptions.get(ConsumerRig.NAMES.tasks()), task.message());
  }

  private void cancel() {
    if (owners > 0) {
      CallRanges calls =
          random.nextInt(3) == 0 ? CallRanges.of(0, 50) : CallRanges.of(random.nextInt(6), 3);
      String owner = PoolNames.results("o" + random.nextInt(owners));
      rig.control(new CancelMessage("c", owner, calls, random.nextInt(300)).toMessage());
    }
  }

  private void others(int consumers) {
    for (String queue : List.of(ConsumerRig.NAMES.tasks(), ConsumerRig.NAMES.again())) {
      rig.broker.depths.put(queue, new QueueDepth(0, consumers));
    }
  }

  /** Everything unacknowledged comes again, from the queue from which it came. */
  private void connectionIsLost() {
    rig.broker.confirmAll();
    rig.settle();
    List<FakeDelivery> lost =
        deliveries.stream().filter(delivery -> delivery.live() && !delivery.acked()).toList();
    lost.forEach(FakeDelivery::loseConnection);
    rig.broker.listeners.forEach(BrokerListener::reconnected);
    rig.settle();
    for (FakeDelivery delivery : lost) {
      FakeDelivery again = new FakeDelivery(delivery.message()).again();
      deliveries.add(again);
      rig.broker.deliver(ConsumerRig.NAMES.tasks(), again);
    }
  }

  private void brokerRefuses() {
    if (random.nextBoolean()) {
      rig.broker.thenFails(new BrokerException("no permission"));
    } else {
      rig.broker.thenUnroutable();
    }
  }

  private void paused() {
    for (String queue : List.of(ConsumerRig.NAMES.tasks(), ConsumerRig.NAMES.again())) {
      Runnable paused = rig.broker.subscriptions.get(queue).paused;
      if (paused != null) {
        paused.run();
      }
    }
  }

  private void deliver(ScriptedBroker.FakeSubscription to, Message message) {
    FakeDelivery delivery = new FakeDelivery(message);
    if (random.nextInt(6) == 0) {
      delivery.again();
    }
    deliveries.add(delivery);
    to.handler.accept(delivery);
  }

  /** What was sent arrives: at its owner, or, put back, here again, after its wait. */
  private void carryMessages() {
    List<ScriptedBroker.Sent> sent = List.copyOf(rig.broker.sent);
    rig.broker.sent.clear();
    for (ScriptedBroker.Sent next : sent) {
      BitSet calls = open.get(next.queue());
      if (ResultMessage.TYPE.equals(next.message().type()) && calls != null) {
        TaskSample.CODECS
            .results()
            .read(next.queue(), next.message())
            .calls()
            .forEach(call -> calls.clear((int) call));
        if (calls.isEmpty()) {
          open.remove(next.queue());
        }
      } else if (TaskMessage.TYPE.equals(next.message().type())
          && !next.queue().equals(ConsumerRig.NAMES.dead())) {
        put(next.queue(), next.message());
      }
    }
    List<Waiting> over =
        waiting.stream().filter(each -> rig.loop.now() >= each.untilNanos).toList();
    waiting.removeAll(over);
    over.forEach(
        each -> deliver(rig.broker.subscriptions.get(ConsumerRig.NAMES.again()), each.message));
  }

  private void put(String queue, Message message) {
    String delay = ConsumerRig.NAMES.delay(0).replaceFirst("0$", "");
    long millis = queue.startsWith(delay) ? Long.parseLong(queue.substring(delay.length())) : 0;
    waiting.add(new Waiting(rig.loop.now() + millis * 1_000_000, message));
  }
}
