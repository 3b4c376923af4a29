package dev.warren.worker.command;

import dev.warren.broker.BrokerUri;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the broker is and which pool is meant, for commands that need RabbitMQ. */
public final class BrokerOptions {
  @Option(
      names = "--broker",
      paramLabel = "URI",
      required = true,
      description = "amqp://user:password@host:5672/vhost; amqps for TLS; several hosts by commas")
  private String broker = "";

  @Option(
      names = "--pool",
      paramLabel = "NAME",
      description = "the pool's name; default: the URI's ?pool=, else 'default'")
  private @Nullable String pool;

  /**
   * The broker, with the pool's name in it.
   *
   * @param who the command in a sentence, such as {@code a worker}
   * @throws CommandFailure if it is {@code local:}
   * @throws IllegalArgumentException if it is no broker URI, or the name no pool's
   */
  public BrokerUri uri(String who) {
    BrokerUri uri = BrokerUri.parse(broker);
    if (uri.isLocal()) {
      throw CommandFailure.usage(
          "--broker is local:; " + who + " needs RabbitMQ: amqp://user:password@host");
    }
    return pool == null ? uri : uri.withPool(pool);
  }
}
