package dev.warren.cli.kit;

import dev.warren.broker.BrokerUri;
import dev.warren.task.Bounds;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that select broker and pool, for commands that need RabbitMQ. */
public final class BrokerOptions {
  @Option(
      names = "--broker",
      paramLabel = "URI",
      description =
          "amqp://user:password@host:5672/vhost; amqps for TLS; separate several hosts by commas")
  private @Nullable String broker;

  @Option(
      names = "--broker-file",
      paramLabel = "FILE",
      description =
          "file whose first line is the broker URI; use it to hide the password, because other users"
              + " of this host can see a program's arguments, and its children its environment")
  private @Nullable Path brokerFile;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--pool",
      paramLabel = "NAME",
      description = "name of the pool; default: ?pool= of the URI, otherwise 'default'")
  private @Nullable String pool;

  /** The given pool; null if none is. */
  public @Nullable String givenPool() {
    return pool;
  }

  /**
   * Returns the broker's URI, including the pool's name.
   *
   * @param who the command in a sentence, such as {@code a worker}
   * @throws ParameterException if no broker was given
   * @throws CommandFailure if it is {@code local:}, or its file has no URI
   * @throws IllegalArgumentException if the URI or the pool's name is invalid
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
   * Checks the bounds of {@code --broker-timeout}.
   *
   * @throws CommandFailure if the timeout is out of bounds
   */
  public static Duration checkedTimeout(Duration timeout) {
    if (timeout.compareTo(Duration.ofSeconds(1)) < 0
        || timeout.compareTo(Duration.ofDays(365)) > 0) {
      throw CommandFailure.usage(
          "--broker-timeout is " + Bounds.text(timeout) + "; must be 1s to 365d");
    }
    return timeout;
  }

  /** Whether the URI was given on the command line with its password. */
  public boolean passwordTyped() {
    return broker != null && BrokerChoice.typedWithPassword(spec, broker);
  }
}
