package dev.warren.broker.rabbit.connection;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.broker.Broker;
import dev.warren.broker.BrokerException;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Route;
import dev.warren.broker.Topology;
import dev.warren.broker.rabbit.connection.RabbitConnector.OpenConnection;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.wire.SecretIds;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Everything that was declared, so that it can be declared again on each new connection.
 * Thread-safe.
 *
 * <p>An exclusive queue is declared under another name if its own is locked: by an old connection
 * of this client that the broker still keeps, or by a node that is down, whose exclusive queues
 * RabbitMQ 4.2 and later keep until it returns. Everybody else uses the name as declared; {@link
 * #address} translates.
 */
public final class DeclaredTopology {
  private static final Logger log = Logs.of(DeclaredTopology.class);

  @GuardedBy("this")
  private final Map<String, Topology.Exchange> exchanges = new LinkedHashMap<>();

  @GuardedBy("this")
  private final Map<String, Topology.Queue> queues = new LinkedHashMap<>();

  @GuardedBy("this")
  private final Set<Topology.Binding> bindings = new LinkedHashSet<>();

  // by name as declared: the name in use of an exclusive queue whose own name was locked
  @GuardedBy("this")
  private final Map<String, String> addresses = new HashMap<>();

  private final Troubles troubles = new Troubles();

  /** What the broker refuses at present. */
  public Troubles troubles() {
    return troubles;
  }

  public synchronized void add(Topology topology) {
    topology.exchanges().forEach(exchange -> exchanges.put(exchange.name(), exchange));
    topology.queues().forEach(queue -> queues.put(queue.name(), queue));
    bindings.addAll(topology.bindings());
  }

  public synchronized void removeQueue(String queue) {
    queues.remove(queue);
    addresses.remove(queue);
    bindings.removeIf(binding -> binding.queue().equals(queue));
  }

  public synchronized boolean hasQueue(String queue) {
    return queues.containsKey(queue);
  }

  /** The name in use of a queue that was declared as {@code queue}. */
  public synchronized String address(String queue) {
    return addresses.getOrDefault(queue, queue);
  }

  /** The route in use. */
  public Route address(Route route) {
    return route.exchange().isEmpty() ? Route.toQueue(address(route.key())) : route;
  }

  /** Chooses another name, unless that has happened since {@code locked} was used. */
  private synchronized void rename(Topology.Queue queue, String locked) {
    if (address(queue.name()).equals(locked)) {
      String fresh = queue.name() + "." + SecretIds.random();
      addresses.put(queue.name(), fresh);
      log.info("queue {} is locked by a lost node or connection; using {}", locked, fresh);
    }
  }

  /**
   * Consumer arguments for the queue: for a quorum queue, on servers that support it, how long a
   * delivery may stay unsettled. The consumer's value overrides queue argument, policy and node
   * setting; without it the shortest of those applies.
   */
  public synchronized Map<String, Object> consumerArguments(String queue, ServerVersion version) {
    Topology.Queue declared = queues.get(queue);
    return declared != null && declared.isQuorum() && version.consumerTimeoutPerConsumer()
        ? Map.of(PoolNames.CONSUMER_TIMEOUT, PoolNames.CONSUMER_TIMEOUT_MS)
        : Map.of();
  }

  public synchronized Topology all() {
    return new Topology(
        List.copyOf(exchanges.values()), List.copyOf(queues.values()), List.copyOf(bindings));
  }

  /** Exchanges, and the bindings of queues that exist. */
  public synchronized Topology withoutQueues() {
    return new Topology(List.copyOf(exchanges.values()), List.of(), List.copyOf(bindings));
  }

  /**
   * Everything but the exclusive queues, which only the connection that consumes them may declare.
   */
  public synchronized Topology shared() {
    List<Topology.Queue> sharedQueues = new ArrayList<>();
    for (Topology.Queue queue : queues.values()) {
      if (!queue.exclusive()) {
        sharedQueues.add(queue);
      }
    }
    List<Topology.Binding> sharedBindings = new ArrayList<>();
    for (Topology.Binding binding : bindings) {
      Topology.Queue bound = queues.get(binding.queue());
      if (bound == null || !bound.exclusive()) {
        sharedBindings.add(binding);
      }
    }
    return new Topology(List.copyOf(exchanges.values()), sharedQueues, sharedBindings);
  }

  /** One queue with its bindings and the exchanges they may need. */
  public synchronized Topology ofQueue(String queue) {
    Topology.Queue declared = queues.get(queue);
    return new Topology(
        List.copyOf(exchanges.values()),
        declared == null ? List.of() : List.of(declared),
        bindings.stream().filter(binding -> binding.queue().equals(queue)).toList());
  }

  /** Like {@link #declare}, but reports the loss of the connection as a refusal. */
  public List<BrokerException> tryToDeclare(OpenConnection link, Topology topology) {
    try {
      return declare(link.connection(), topology);
    } catch (IOException | ShutdownSignalException e) {
      return List.of(BrokerReply.refusal("declaring again", e));
    }
  }

  /**
   * Declares the topology on its own channels. If the broker refuses one object, the others are
   * still declared. Blocks.
   *
   * @return what the broker refused, one line each
   * @throws IOException if the connection is lost
   */
  public List<BrokerException> declare(Connection connection, Topology topology)
      throws IOException {
    List<BrokerException> refused = new ArrayList<>();
    Channel channel = channel(connection);
    Deque<Step> steps = steps(topology);
    while (!steps.isEmpty()) {
      Step step = steps.remove();
      String address = step.queue == null ? "" : address(step.queue.name());
      try {
        step.action.on(channel);
      } catch (IOException | ShutdownSignalException e) {
        if (!connection.isOpen()) {
          throw e;
        }
        abandon(channel);
        channel = channel(connection);
        if (step.queue != null && step.queue.exclusive() && BrokerReply.isTaken(e)) {
          rename(step.queue, address);
          steps.addFirst(step.again());
        } else {
          refused.add(BrokerReply.refusal(step.what, e));
        }
      }
    }
    close(channel);
    return refused;
  }

  /** Returns the queue's depth; empty if the queue does not exist. Blocks. */
  public static Optional<Broker.QueueDepth> depth(Connection connection, String queue)
      throws IOException {
    Channel channel = channel(connection);
    try {
      AMQP.Queue.DeclareOk found = channel.queueDeclarePassive(queue);
      return Optional.of(new Broker.QueueDepth(found.getMessageCount(), found.getConsumerCount()));
    } catch (IOException e) {
      if (RabbitConnector.reason(e) instanceof AMQP.Channel.Close close
          && close.getReplyCode() == AMQP.NOT_FOUND
          && close.getReplyText().startsWith(BrokerReply.NO_QUEUE)) {
        return Optional.empty();
      }
      throw e;
    } finally {
      close(channel);
    }
  }

  public static Channel channel(Connection connection) throws IOException {
    Channel channel = connection.createChannel();
    if (channel == null) {
      throw new IOException("the broker allows no more channels on this connection");
    }
    return channel;
  }

  public static void close(Channel channel) throws IOException {
    if (channel.isOpen()) {
      channel.abort();
    }
  }

  /** Closes a channel that may be waiting for an answer, without blocking, on a separate thread. */
  public static void abandon(Channel channel) {
    if (channel.isOpen()) {
      NamedThreads.start(
          "broker-abandon",
          () -> {
            try {
              channel.abort();
            } catch (IOException | ShutdownSignalException e) {
              log.debug("an abandoned channel", e);
            }
          });
    }
  }

  private Deque<Step> steps(Topology topology) {
    Deque<Step> steps = new ArrayDeque<>();
    for (Topology.Exchange exchange : topology.exchanges()) {
      steps.add(
          new Step(
              "exchange " + exchange.name(),
              null,
              c -> c.exchangeDeclare(exchange.name(), exchange.type(), true)));
    }
    for (Topology.Queue queue : topology.queues()) {
      steps.add(
          new Step(
              "queue " + queue.name(),
              queue,
              c ->
                  c.queueDeclare(
                      address(queue.name()),
                      !queue.exclusive(),
                      queue.exclusive(),
                      false,
                      queue.arguments())));
    }
    for (Topology.Binding binding : topology.bindings()) {
      steps.add(
          new Step(
              "binding of queue " + binding.queue() + " to exchange " + binding.exchange(),
              null,
              c -> c.queueBind(address(binding.queue()), binding.exchange(), binding.pattern())));
    }
    return steps;
  }

  /**
   * Declares one object.
   *
   * @param queue the queue whose name may be locked; null if there is none, or it has been renamed
   */
  private record Step(String what, Topology.@Nullable Queue queue, Action action) {
    Step again() {
      return new Step(what, null, action);
    }
  }

  @FunctionalInterface
  private interface Action {
    void on(Channel channel) throws IOException;
  }
}
