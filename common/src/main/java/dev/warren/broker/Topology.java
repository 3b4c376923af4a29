package dev.warren.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Queues, exchanges and bindings to declare. Arguments are constants: RabbitMQ refuses a
 * redeclaration with other values, so variable settings travel in messages instead. Immutable.
 */
public record Topology(List<Exchange> exchanges, List<Queue> queues, List<Binding> bindings) {
  static final String QUEUE_TYPE = "x-queue-type";
  static final String QUORUM = "quorum";

  public Topology {
    exchanges = List.copyOf(exchanges);
    queues = List.copyOf(queues);
    bindings = List.copyOf(bindings);
  }

  /**
   * A durable exchange.
   *
   * @param type {@code fanout} or {@code topic}
   */
  public record Exchange(String name, String type) {}

  /**
   * A queue.
   *
   * @param exclusive whether it is deleted with the connection that declared it, and declared again
   *     on the next one; all other queues are durable
   */
  public record Queue(String name, boolean exclusive, Map<String, Object> arguments) {
    public Queue {
      arguments = Map.copyOf(arguments);
    }

    public boolean isQuorum() {
      return QUORUM.equals(arguments.get(QUEUE_TYPE));
    }
  }

  /** Routes messages of {@code exchange} whose key matches {@code pattern} to {@code queue}. */
  public record Binding(String exchange, String pattern, String queue) {}

  /** Returns the union of this topology and another. */
  public Topology and(Topology other) {
    return new Topology(
        joined(exchanges, other.exchanges),
        joined(queues, other.queues),
        joined(bindings, other.bindings));
  }

  public static Topology ofQueue(Queue queue) {
    return new Topology(List.of(), List.of(queue), List.of());
  }

  private static <T> List<T> joined(List<T> first, List<T> second) {
    List<T> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }
}
