package dev.warren.cli.explain;

import dev.warren.broker.BrokerUri;
import dev.warren.broker.PoolNames;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.cli.kit.CommandFailure;
import dev.warren.lifecycle.TimeSource;
import dev.warren.timeline.CallQuestion;
import dev.warren.timeline.CallTimeline;
import dev.warren.timeline.CallTimelines;
import java.time.Duration;

/** The workers of a pool, asked over its broker. Stateless. */
record Workers(BrokerUri uri) {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /**
   * Asks about a call.
   *
   * @throws dev.warren.broker.BrokerException if the broker cannot be reached or refuses
   * @throws CommandFailure if there is no such pool
   */
  CallTimeline ask(CallQuestion question) throws InterruptedException {
    PoolNames names = new PoolNames(uri.pool());
    try (RabbitBroker broker = RabbitBroker.open(uri, "warren explain", CONNECT_TIMEOUT)) {
      return new CallTimelines(broker, names, TimeSource.SYSTEM)
          .ask(question, CallTimelines.USUAL_LIMIT)
          .orElseThrow(
              () ->
                  CommandFailure.usage(
                      "there is no queue "
                          + names.tasks()
                          + ": no worker has ever served a pool of this name on "
                          + uri
                          + "; is --pool right?"));
    }
  }
}
