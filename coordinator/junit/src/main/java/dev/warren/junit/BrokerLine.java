package dev.warren.junit;

import dev.warren.testkit.FaultyProxy;
import dev.warren.testkit.SharedBroker;
import dev.warren.testkit.server.PrivateBroker;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The way to a private RabbitMQ server, which can be interrupted. For the test's thread only. */
final class BrokerLine implements AutoCloseable {
  private final FaultyProxy proxy;
  private final String uri;

  private BrokerLine(FaultyProxy proxy, String uri) {
    this.proxy = proxy;
    this.uri = uri;
  }

  /** Starts the server unless it runs. */
  static BrokerLine open() {
    if (!PrivateBroker.isInstalled()) {
      throw new IllegalStateException(
          "@WarrenPool(broker = RABBITMQ) needs RabbitMQ on this machine (Debian: apt install"
              + " rabbitmq-server)");
    }
    PrivateBroker server = SharedBroker.get();
    try {
      FaultyProxy proxy = FaultyProxy.to(server.port());
      return new BrokerLine(proxy, server.uri().replace(":" + server.port(), ":" + proxy.port()));
    } catch (IOException e) {
      throw new UncheckedIOException("no port for the way to RabbitMQ", e);
    }
  }

  String uri(String pool) {
    return uri + "?pool=" + pool;
  }

  void lose() {
    proxy.refuse();
    proxy.reset();
  }

  void restore() {
    proxy.accept();
  }

  @Override
  public void close() {
    try {
      proxy.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the way to RabbitMQ did not close", e);
    }
  }
}
