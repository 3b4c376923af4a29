package dev.warren.bench;

import dev.warren.broker.Broker;
import dev.warren.broker.BrokerUri;
import dev.warren.broker.RabbitBroker;
import dev.warren.pool.Pool;
import dev.warren.worker.Worker;
import dev.warren.worker.WorkerConfig;
import dev.warren.worker.WorkerListener;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/** A worker in this process on a real broker, so that one command measures the whole way. */
final class BenchWorker implements AutoCloseable {
  private final Broker broker;
  private final Worker worker;

  private BenchWorker(Broker broker, Worker worker) {
    this.broker = broker;
    this.worker = worker;
  }

  static BenchWorker start(String uri) throws InterruptedException {
    BrokerUri parsed = BrokerUri.parse(uri);
    Broker broker = RabbitBroker.open(parsed, "bench-worker", Duration.ofSeconds(20));
    WorkerConfig config =
        WorkerConfig.builder()
            .pool(parsed.pool())
            .classPath(
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                    .map(Path::of)
                    .toList())
            .build();
    return new BenchWorker(broker, Worker.start(config, broker, new WorkerListener() {}));
  }

  /** Runs one call, so that children are up. */
  void awaitReady(Pool pool) {
    pool.apply(Work::same, 0);
  }

  @Override
  public void close() {
    worker.close();
    broker.close();
  }
}
