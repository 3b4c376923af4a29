package dev.warren.cli;

import dev.warren.broker.BrokerUri;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.pool.Pool;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells a person, once, that a run waits because no worker has joined the pool. Confined to one
 * thread.
 */
final class NobodyThere implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(6);

  private final ScheduledExecutorService timer = NamedThreads.timer("cli-nobody-there");
  private @Nullable ScheduledFuture<?> check;

  /** Looks once, after some heartbeats' time; a {@code local:} pool brings its own worker. */
  void watch(Pool pool, BrokerUri uri) {
    check =
        timer.schedule(
            () -> look(pool, uri, System.err), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void look(Pool pool, BrokerUri uri, PrintStream err) {
    if (!uri.isLocal() && pool.processes() == 0) {
      err.println(
          "warren: no worker has joined pool '"
              + uri.pool()
              + "' yet; waiting for one (warren worker --broker … --pool "
              + uri.pool()
              + " --app …)");
    }
  }

  @Override
  public void close() {
    if (check != null) {
      check.cancel(false);
    }
    timer.shutdownNow();
  }
}
