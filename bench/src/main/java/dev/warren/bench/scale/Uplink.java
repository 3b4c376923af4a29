package dev.warren.bench.scale;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConfirmListener;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeoutException;

/**
 * A connection that some simulated workers share, with a channel on which all publish. Thread-safe.
 */
final class Uplink implements AutoCloseable {
  private final Connection connection;
  private final Channel publishing;
  private final ConcurrentNavigableMap<Long, Confirmed> unconfirmed = new ConcurrentSkipListMap<>();

  /** What is done when the broker has confirmed a message. */
  interface Confirmed {
    void run() throws IOException;
  }

  private Uplink(Connection connection) throws IOException {
    this.connection = connection;
    this.publishing = connection.createChannel();
    publishing.confirmSelect();
    publishing.addConfirmListener(
        new ConfirmListener() {
          @Override
          public void handleAck(long tag, boolean multiple) throws IOException {
            confirm(tag, multiple);
          }

          @Override
          public void handleNack(long tag, boolean multiple) {
            System.err.println("simulator: the broker refuses an outcome");
          }
        });
  }

  static Uplink to(String uri) throws IOException {
    try {
      ConnectionFactory factory = new ConnectionFactory();
      // with the path / the virtual host would have an empty name
      factory.setUri(uri.replaceFirst("/$", ""));
      return new Uplink(factory.newConnection());
    } catch (URISyntaxException | GeneralSecurityException | TimeoutException e) {
      throw new IOException("no connection to the broker", e);
    }
  }

  Channel newChannel() throws IOException {
    return connection.createChannel();
  }

  void publish(
      String exchange, String key, AMQP.BasicProperties properties, byte[] body, Confirmed then)
      throws IOException {
    synchronized (this) { // the number and the message must be of the same publication
      unconfirmed.put(publishing.getNextPublishSeqNo(), then);
      publishing.basicPublish(exchange, key, true, properties, body);
    }
  }

  private void confirm(long tag, boolean multiple) throws IOException {
    if (!multiple) {
      Confirmed one = unconfirmed.remove(tag);
      if (one != null) {
        one.run();
      }
      return;
    }
    for (Long number : unconfirmed.headMap(tag, true).keySet()) {
      confirm(number, false);
    }
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
