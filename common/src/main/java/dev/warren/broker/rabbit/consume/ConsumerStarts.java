package dev.warren.broker.rabbit.consume;

import com.rabbitmq.client.Channel;
import dev.warren.broker.BrokerException;
import dev.warren.broker.rabbit.connection.BrokerReply;
import dev.warren.broker.rabbit.connection.DeclaredTopology;
import dev.warren.broker.rabbit.connection.RabbitConnector.OpenConnection;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Starts consumers, each on its own thread: a broker may take long over a queue without a leader,
 * and the other subscriptions must not wait for it. Thread-safe.
 */
final class ConsumerStarts {
  private final RabbitConsumer owner;
  private final DeclaredTopology topology;
  private final Executor threads;

  ConsumerStarts(RabbitConsumer owner, DeclaredTopology topology, Executor threads) {
    this.owner = owner;
    this.topology = topology;
    this.threads = threads;
  }

  /**
   * Starts a consumer with the subscription's present prefetch.
   *
   * @param declare whether to declare its queue first
   * @param started called on the consuming thread, before the first delivery
   * @param failed called on the starting thread
   */
  void begin(
      OpenConnection standing,
      RabbitSubscription subscription,
      boolean declare,
      Consumer<ConsumerChannel> started,
      Consumer<BrokerException> failed) {
    int prefetch = subscription.prefetch;
    threads.execute(
        () -> {
          try {
            if (declare) {
              declare(standing, subscription.queue);
            }
            consume(standing, subscription, prefetch, started);
          } catch (BrokerException e) {
            failed.accept(e);
          } catch (IOException | RuntimeException e) {
            failed.accept(BrokerReply.refusal("queue " + subscription.queue, e));
          }
        });
  }

  private void declare(OpenConnection standing, String queue) {
    List<BrokerException> refused = topology.tryToDeclare(standing, topology.ofQueue(queue));
    if (!refused.isEmpty()) {
      throw refused.get(0);
    }
  }

  private void consume(
      OpenConnection standing,
      RabbitSubscription subscription,
      int prefetch,
      Consumer<ConsumerChannel> started)
      throws IOException {
    Map<String, Object> arguments =
        topology.consumerArguments(subscription.queue, standing.version());
    Channel channel = DeclaredTopology.channel(standing.connection());
    try {
      new ConsumerChannel(owner, subscription, channel, arguments, prefetch, started)
          .consume(topology.address(subscription.queue));
    } catch (IOException | RuntimeException e) {
      DeclaredTopology.abandon(channel);
      throw e;
    }
  }
}
