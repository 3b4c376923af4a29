package dev.warren.cli.pools;

import dev.warren.broker.Broker.QueueDepth;
import dev.warren.broker.BrokerUri;
import dev.warren.broker.PoolNames;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.cli.kit.CommandFailure;
import dev.warren.wire.DelayLadder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The queues of one pool. Confined to the main thread. */
final class PoolQueues implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final PoolNames names;
  private final RabbitBroker broker;

  private PoolQueues(BrokerUri uri, RabbitBroker broker) {
    this.names = new PoolNames(uri.pool());
    this.broker = broker;
  }

  /**
   * Connects.
   *
   * @throws CommandFailure if there is no such pool
   * @throws dev.warren.broker.BrokerException if the broker cannot be reached or refuses
   */
  static PoolQueues open(BrokerUri uri) throws InterruptedException {
    PoolQueues queues =
        new PoolQueues(uri, RabbitBroker.open(uri, "warren pools", CONNECT_TIMEOUT));
    if (queues.all().stream().allMatch(queue -> queues.depth(queue).isEmpty())) {
      queues.close();
      throw CommandFailure.usage(
          "there is no pool '" + uri.pool() + "' on " + uri + "; is --pool right?");
    }
    return queues;
  }

  String pool() {
    return names.pool();
  }

  /** The queues in which calls wait for a worker or for their next attempt. */
  private List<String> ofCalls() {
    return Stream.concat(
            Stream.of(names.tasks(), names.again()), DelayLadder.steps().mapToObj(names::delay))
        .toList();
  }

  private List<String> all() {
    List<String> all = new ArrayList<>(ofCalls());
    all.add(names.dead());
    return all;
  }

  private Optional<QueueDepth> depth(String queue) {
    return broker.depth(queue);
  }

  /** Number of messages with waiting calls. */
  int waiting() {
    return ofCalls().stream()
        .map(this::depth)
        .flatMap(Optional::stream)
        .mapToInt(QueueDepth::ready)
        .sum();
  }

  int dead() {
    return depth(names.dead()).map(QueueDepth::ready).orElse(0);
  }

  /** Number of consuming workers. */
  int workers() {
    return Stream.of(names.tasks(), names.again())
        .map(this::depth)
        .flatMap(Optional::stream)
        .mapToInt(QueueDepth::consumers)
        .max()
        .orElse(0);
  }

  /** Removes the waiting calls; returns the number of messages removed. */
  int purge() {
    return ofCalls().stream()
        .filter(queue -> depth(queue).isPresent())
        .mapToInt(broker::purge)
        .sum();
  }

  /** Deletes all queues and exchanges. */
  void drop() {
    all().forEach(broker::delete);
    broker.deleteExchange(names.control());
    broker.deleteExchange(names.events());
  }

  @Override
  public void close() {
    broker.close();
  }
}
