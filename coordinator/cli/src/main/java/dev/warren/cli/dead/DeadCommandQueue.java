package dev.warren.cli.dead;

import dev.warren.broker.BrokerUri;
import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.kit.Signals;
import dev.warren.dead.DeadQueue;
import dev.warren.wire.WireCodecs;
import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Opens the dead-letter queue for a command. The first SIGINT or SIGTERM ends the visit after the
 * present message, the second ends the process at once. Stateless.
 */
final class DeadCommandQueue {
  private DeadCommandQueue() {}

  /**
   * Connects; warnings go to {@code err}.
   *
   * @throws dev.warren.broker.BrokerException if the broker cannot be reached or refuses
   */
  static DeadQueue open(BrokerUri uri, PrintStream err) throws InterruptedException {
    DeadQueue queue =
        DeadQueue.open(uri, WireCodecs.create().tasks(), line -> err.println("warren: " + line));
    AtomicBoolean signalled = new AtomicBoolean();
    Signals.on(
        () -> {
          if (signalled.getAndSet(true)) {
            Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
          }
          queue.interrupt();
        },
        "INT",
        "TERM");
    return queue;
  }
}
