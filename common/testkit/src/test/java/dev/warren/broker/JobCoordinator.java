package dev.warren.broker;

import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.meter.BrokerMeters;
import dev.warren.testkit.FaultyProxy;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A coordinator of a durable job as its broker sees it: connections of its own, which can be lost
 * for good, and a consumer that acknowledges nothing by itself.
 */
final class JobCoordinator implements AutoCloseable {
  private final FaultyProxy proxy;
  private final RabbitBroker broker;
  private final BlockingQueue<Delivery> got = new LinkedBlockingQueue<>();
  private final List<String> disconnects = new CopyOnWriteArrayList<>();

  private JobCoordinator(String uri, Duration lookEvery) throws IOException, InterruptedException {
    int port = URI.create(uri).getPort();
    proxy = FaultyProxy.to(port);
    String host = URI.create(uri).getHost();
    broker =
        RabbitBroker.open(
            BrokerUri.parse(uri.replace(host + ":" + port, "127.0.0.1:" + proxy.port())),
            "coordinator",
            Duration.ofSeconds(30),
            RabbitBroker.CONFIRM_TIMEOUT,
            lookEvery,
            BrokerMeters.detached());
    broker.addListener(
        new BrokerListener() {
          @Override
          public void disconnected(String reason) {
            disconnects.add(reason);
          }
        });
  }

  static JobCoordinator open(String uri) throws IOException, InterruptedException {
    return open(uri, RabbitBroker.LOOK_EVERY);
  }

  /** Opens one that looks for stalled consumers this often. */
  static JobCoordinator open(String uri, Duration lookEvery)
      throws IOException, InterruptedException {
    return new JobCoordinator(uri, lookEvery);
  }

  RabbitBroker broker() {
    return broker;
  }

  Subscription consume(String queue, int prefetch) {
    return broker.subscribe(queue, prefetch, got::add);
  }

  /** Deliveries that have arrived and were not taken. */
  BlockingQueue<Delivery> got() {
    return got;
  }

  /** Takes this many deliveries, in their order of arrival. */
  List<Delivery> next(int count) throws InterruptedException {
    List<Delivery> taken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      taken.add(BrokerContract.next(got));
    }
    return taken;
  }

  int disconnects() {
    return disconnects.size();
  }

  /** Resets its connections and prevents new ones, as if its host had crashed. */
  void die() {
    proxy.refuse();
    proxy.reset();
  }

  @Override
  public void close() {
    broker.close();
    try {
      proxy.close();
    } catch (IOException e) {
      throw new AssertionError("closing a proxy", e);
    }
  }
}
