package dev.warren.cli.watch;

import dev.warren.broker.Broker;
import dev.warren.broker.BrokerException;
import dev.warren.broker.BrokerUri;
import dev.warren.broker.PoolNames;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.lifecycle.TimeSource;
import dev.warren.service.board.Header;
import dev.warren.service.board.WorkerCells;
import dev.warren.service.workers.WorkerState;
import dev.warren.service.workers.WorkerTable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The state of a pool from the reports of its workers and the depths of its queues. */
final class BrokerSource implements PoolSource {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final long FIRST_MS = 500;
  private static final long LATEST_MS = 3_000;
  private static final long POLL_MS = 50;
  private static final long EVERY_MS = 1_000;
  private static final double RATE_SECONDS = 10;

  private final BrokerUri uri;
  private final RabbitBroker broker;
  private final PoolNames names;
  private final WorkerTable workers;
  private long rounds;
  private long markNanos;
  private long markEnded;

  private BrokerSource(BrokerUri uri, RabbitBroker broker) {
    this.uri = uri;
    this.broker = broker;
    this.names = new PoolNames(uri.pool());
    this.workers = WorkerTable.open(broker, names, TimeSource.SYSTEM);
  }

  /**
   * Connects.
   *
   * @throws BrokerException if the broker cannot be reached or refuses
   * @throws IllegalArgumentException if it has no pool of this name
   */
  static BrokerSource open(BrokerUri uri) throws InterruptedException {
    RabbitBroker broker = RabbitBroker.open(uri, "warren top", CONNECT_TIMEOUT);
    try {
      if (broker.depth(new PoolNames(uri.pool()).tasks()).isEmpty()) {
        throw new IllegalArgumentException(
            "there is no pool '"
                + uri.pool()
                + "' on "
                + uri
                + ": no worker has ever served it; is --pool right?");
      }
      return new BrokerSource(uri, broker);
    } catch (RuntimeException e) {
      broker.close();
      throw e;
    }
  }

  @Override
  public Snapshot next() throws IOException, InterruptedException {
    workers.watch();
    if (rounds++ == 0) {
      awaitReports();
    } else {
      TimeUnit.MILLISECONDS.sleep(EVERY_MS);
    }
    List<WorkerState> states = workers.states();
    Header header =
        Header.of(
            new Header.Facts(
                uri.pool(),
                states,
                0,
                Stream.of(names.tasks(), names.again()).mapToLong(this::ready).sum(),
                perSecond(),
                0,
                ready(names.dead()),
                broker.connected() ? "fine" : "lost",
                ""));
    return new Snapshot(
        header.sentence(),
        header.level(),
        states.stream().map(WorkerCells::of).toList(),
        List.of());
  }

  /** Waits for the answers of the workers, longer if one that was heard of has not reported. */
  private void awaitReports() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(FIRST_MS);
    for (long waited = FIRST_MS; waited < LATEST_MS && !haveAllReported(); waited += POLL_MS) {
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
  }

  private boolean haveAllReported() {
    List<WorkerState> states = workers.states();
    return !states.isEmpty() && states.stream().allMatch(state -> state.report() != null);
  }

  private double perSecond() {
    long now = TimeSource.SYSTEM.nanos();
    long ended = workers.callsEnded();
    double seconds = (now - markNanos) / 1e9;
    double rate = markNanos == 0 ? 0 : (ended - markEnded) / seconds;
    if (markNanos == 0 || seconds > RATE_SECONDS) {
      markNanos = now;
      markEnded = ended;
    }
    return rate;
  }

  private long ready(String queue) {
    try {
      return broker.depth(queue).map(Broker.QueueDepth::ready).orElse(0);
    } catch (BrokerException e) {
      return 0; // away; the sentence says so
    }
  }

  @Override
  public void close() {
    workers.close();
    broker.close();
  }
}
