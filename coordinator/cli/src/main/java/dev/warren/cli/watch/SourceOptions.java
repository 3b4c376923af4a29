package dev.warren.cli.watch;

import dev.warren.broker.BrokerException;
import dev.warren.cli.kit.BrokerOptions;
import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.options.CoordinatorAddress;
import dev.warren.cli.options.CoordinatorUrl;
import dev.warren.cli.options.TokenOption;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that select a pool: a coordinator, or a broker. */
final class SourceOptions {
  @Option(
      names = "--coordinator",
      paramLabel = "URL",
      description =
          "the coordinator to ask: http://127.0.0.1:8765; default: none, the workers' reports are"
              + " read from the broker")
  private @Nullable String coordinator;

  @Mixin private TokenOption token = new TokenOption();

  @Mixin private BrokerOptions broker = new BrokerOptions();

  /**
   * Connects.
   *
   * @param who the command in a sentence
   */
  PoolSource open(String who) throws InterruptedException {
    if (coordinator != null) {
      try {
        return CoordinatorSource.open(
            new CoordinatorAddress(
                CoordinatorUrl.parse(coordinator), token.token(), broker.givenPool()));
      } catch (IOException e) {
        throw new CommandFailure(ExitCode.BROKER, String.valueOf(e.getMessage()), e);
      }
    }
    try {
      return BrokerSource.open(broker.uri(who));
    } catch (BrokerException e) {
      throw new CommandFailure(ExitCode.BROKER, String.valueOf(e.getMessage()), e);
    }
  }
}
