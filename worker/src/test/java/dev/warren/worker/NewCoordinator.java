package dev.warren.worker;

import static org.awaitility.Awaitility.await;

import dev.warren.broker.BrokerUri;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Route;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.wire.Message;
import dev.warren.wire.control.Heartbeat;
import dev.warren.wire.control.HelloMessage;
import dev.warren.wire.control.OwnershipQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A coordinator that has just started and knows nothing about the pool: it listens to heartbeats
 * and to what workers tell one another.
 */
final class NewCoordinator implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final RabbitBroker broker;
  private final PoolNames names;
  private final Map<String, Heartbeat> heard = new ConcurrentHashMap<>();
  private final Set<String> claimed = ConcurrentHashMap.newKeySet();
  private long questions;

  private NewCoordinator(RabbitBroker broker, PoolNames names) {
    this.broker = broker;
    this.names = names;
  }

  static NewCoordinator open(String uri, PoolNames names) throws InterruptedException {
    NewCoordinator coordinator =
        new NewCoordinator(
            RabbitBroker.open(BrokerUri.parse(uri), "coordinator", Duration.ofSeconds(30)), names);
    coordinator.listen();
    return coordinator;
  }

  private void listen() {
    String client = UUID.randomUUID().toString();
    String events = PoolNames.events(client);
    String control = names.control(client);
    broker.declare(
        names
            .topology()
            .and(PoolNames.privateTopology(events, names.events(), Heartbeat.KEY))
            .and(PoolNames.privateTopology(control, names.control(), "#")));
    broker.subscribe(
        events,
        100,
        delivery -> {
          Heartbeat beat = Heartbeat.of(delivery.message());
          heard.put(beat.supervisor(), beat);
          delivery.ack();
        });
    broker.subscribe(
        control,
        100,
        delivery -> {
          if (OwnershipQuery.TYPE.equals(delivery.message().type())) {
            claimed.addAll(OwnershipQuery.of(delivery.message()).held());
          }
          delivery.ack();
        });
  }

  RabbitBroker broker() {
    return broker;
  }

  /** Asks for heartbeats and returns those of this many workers. */
  Collection<Heartbeat> heartbeats(int workers) {
    heard.clear();
    tell(new HelloMessage("hello." + UUID.randomUUID()).toMessage());
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> heard.size() == workers);
    return List.copyOf(heard.values());
  }

  /** Ids of the tasks that the heartbeats of this many workers name. */
  Set<String> held(int workers) {
    Set<String> ids = new HashSet<>();
    heartbeats(workers).forEach(beat -> ids.addAll(beat.held()));
    return ids;
  }

  /** Asks the workers for tasks, as they ask one another. */
  void ask(Collection<String> ids) {
    List<String> left = new ArrayList<>(ids);
    while (!left.isEmpty()) {
      List<String> some = left.subList(0, Math.min(1000, left.size()));
      tell(
          new OwnershipQuery("coordinator", ++questions, List.copyOf(some), List.of(), List.of())
              .toMessage());
      some.clear();
    }
  }

  /** Tasks that workers have said to hold, in answers to questions. */
  Set<String> claimed() {
    return claimed;
  }

  private void tell(Message message) {
    broker.publish(new Route(names.control(), ""), message).join();
  }

  /** Number of messages that wait in a queue; 0 if it does not exist. */
  int waiting(String queue) {
    return broker.depth(queue).map(depth -> depth.ready()).orElse(0);
  }

  @Override
  public void close() {
    broker.close();
  }
}
