package dev.warren.cli.coordinator;

import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.kit.Logging;
import dev.warren.cli.kit.Signals;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.lifecycle.ThisProcess;
import dev.warren.lifecycle.TimeSource;
import dev.warren.pool.Pool;
import dev.warren.service.CoordinatorService;
import dev.warren.service.ServiceConfig;
import dev.warren.service.operate.Examination;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * One run of a coordinator in the foreground. Signals arrive on threads of the JVM while the main
 * thread waits: the first stops the service, the next ends the process at once, which loses nothing
 * either.
 */
final class CoordinatorRun {
  private static final Logger log = Logs.of(CoordinatorRun.class);

  /** Signals within this time are one request, as timeout(1) sends to process and group. */
  private static final Duration SAME_SIGNAL = Duration.ofMillis(300);

  private final ServiceConfig config;
  private final ListenAddress listen;
  private final PrintStream out;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);

  private long firstSignal; // guarded by this

  CoordinatorRun(ServiceConfig config, ListenAddress listen, PrintStream out) {
    this.config = config;
    this.listen = listen;
    this.out = out;
  }

  /**
   * Runs until a signal arrives; returns the exit code.
   *
   * @throws IOException in one sentence, if it cannot listen
   */
  int run(Pool.Builder pool, Examination examination) throws IOException, InterruptedException {
    if (!Signals.on(this::signal, "TERM", "INT", "HUP")) {
      Runtime.getRuntime()
          .addShutdownHook(NamedThreads.unstarted("coordinator-shutdown", this::stopAtExit));
    }
    Logging.tag("host", ThisProcess.host());
    try (CoordinatorService service = CoordinatorService.open(config, pool, examination)) {
      Logging.tag("pool", service.pool());
      service.start();
      String ready =
          "coordinator of pool '"
              + service.pool()
              + "' ready on http://"
              + listen.withPort(service.port())
              + ", jobs in "
              + service.store();
      out.println(Logging.isJson() ? Logging.json(Level.INFO, ready) : ready);
      out.flush();
      stop.await();
      log.info("received a signal: stopping, for at most {} s", config.grace().toSeconds());
    } finally {
      stopped.countDown();
    }
    log.info("the coordinator has ended");
    return ExitCode.DONE;
  }

  private synchronized void signal() {
    long now = TimeSource.SYSTEM.nanos();
    if (stop.getCount() > 0) {
      firstSignal = now;
      stop.countDown();
    } else if (now - firstSignal > SAME_SIGNAL.toNanos()) {
      Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
    }
  }

  /** Called if signals cannot be handled: the JVM is then already shutting down. */
  private void stopAtExit() {
    stop.countDown();
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
