package dev.warren.cli.kit;

import dev.warren.broker.BrokerUri;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where the broker is and which pool is meant, for commands that need RabbitMQ. */
public final class BrokerOptions {
  @Option(
      names = "--broker",
      paramLabel = "URI",
      description = "amqp://user:password@host:5672/vhost; amqps for TLS; several hosts by commas")
  private @Nullable String broker;

  @Option(
      names = "--broker-file",
      paramLabel = "FILE",
      description =
          "file whose first line is that URI: other users of this host see the arguments of a"
              + " program, and its children its environment")
  private @Nullable Path brokerFile;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--pool",
      paramLabel = "NAME",
      description = "the pool's name; default: the URI's ?pool=, else 'default'")
  private @Nullable String pool;

  /**
   * The broker, with the pool's name in it.
   *
   * @param who the command in a sentence, such as {@code a worker}
   * @throws ParameterException if none was given
   * @throws CommandFailure if it is {@code local:}, or its file has none
   * @throws IllegalArgumentException if it is no broker URI, or the name no pool's
   */
  public BrokerUri uri(String who) {
    String given = BrokerChoice.of(spec, broker, brokerFile);
    if (given == null) {
      throw new ParameterException(
          spec.commandLine(), "Missing required option: '--broker=URI' or '--broker-file=FILE'");
    }
    BrokerUri uri = BrokerUri.parse(given);
    if (uri.isLocal()) {
      throw CommandFailure.usage(
          "--broker is local:; " + who + " needs RabbitMQ: amqp://user:password@host");
    }
    return pool == null ? uri : uri.withPool(pool);
  }

  /**
   * A {@code --broker-timeout} within its bounds.
   *
   * @throws CommandFailure if it is not
   */
  public static Duration checkedTimeout(Duration timeout) {
    if (timeout.compareTo(Duration.ofSeconds(1)) < 0
        || timeout.compareTo(Duration.ofDays(365)) > 0) {
      throw CommandFailure.usage(
          "--broker-timeout is " + timeout.toMillis() + " ms; must be 1s to 365d");
    }
    return timeout;
  }

  /** Whether the URI stands on the command line with its password. */
  public boolean passwordTyped() {
    return broker != null && BrokerChoice.typedWithPassword(spec, broker);
  }
}
