package dev.warren.testkit;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import dev.warren.wire.Headers;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A producer that knows only the name of Warren's queue and speaks plain AMQP. Confined to one
 * thread, except what it has received.
 */
public final class ForeignProducer implements AutoCloseable {
  private final Connection connection;
  private final Channel channel;
  private final String replies;
  private final Map<String, String> answers = new ConcurrentHashMap<>();

  private ForeignProducer(Connection connection) throws IOException {
    this.connection = connection;
    this.channel = connection.createChannel();
    channel.confirmSelect();
    this.replies = "warren.results." + UUID.randomUUID();
    channel.queueDeclare(replies, false, true, true, Map.of());
    channel.basicConsume(
        replies,
        true,
        (tag, answer) ->
            answers.put(
                String.valueOf(answer.getProperties().getCorrelationId()),
                new String(answer.getBody(), StandardCharsets.UTF_8)),
        tag -> {});
  }

  /** Connects to this URI, which has no query. */
  public static ForeignProducer connect(String uri) throws IOException, TimeoutException {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setAutomaticRecoveryEnabled(false);
    try {
      factory.setUri(uri);
    } catch (URISyntaxException | GeneralSecurityException e) {
      throw new IllegalArgumentException(uri, e);
    }
    return new ForeignProducer(factory.newConnection("foreign producer"));
  }

  /** Declares a durable exchange. */
  public void declareExchange(String exchange, String type) throws IOException {
    channel.exchangeDeclare(exchange, type, true);
  }

  /** Deletes an exchange with all its bindings. */
  public void deleteExchange(String exchange) throws IOException {
    channel.exchangeDelete(exchange);
  }

  /** The queue for its replies. */
  public String replies() {
    return replies;
  }

  /** Sends a message whose reply carries its id. */
  public void send(String queue, String id, Map<String, Object> headers, String body)
      throws IOException {
    BasicProperties properties =
        new BasicProperties.Builder()
            .messageId(id)
            .correlationId(id)
            .replyTo(replies)
            .headers(headers)
            .deliveryMode(2)
            .build();
    channel.basicPublish("", queue, properties, body.getBytes(StandardCharsets.UTF_8));
  }

  public void send(String queue, ForeignMessages.Foreign message) throws IOException {
    channel.basicPublish("", queue, message.properties(), message.body().toBytes());
  }

  /** Waits until the broker has confirmed everything. */
  public void awaitConfirms(Duration limit) throws InterruptedException, TimeoutException {
    channel.waitForConfirms(limit.toMillis());
  }

  /** Bodies of the replies so far, by correlation id. */
  public Map<String, String> answers() {
    return answers;
  }

  /** Consumes all messages of a queue; returns the reasons in their headers, by message id. */
  public Map<String, String> takeParked(String queue) throws IOException {
    Map<String, String> parked = new ConcurrentHashMap<>();
    for (GetResponse got = channel.basicGet(queue, true);
        got != null;
        got = channel.basicGet(queue, true)) {
      @Nullable Map<String, Object> headers = got.getProps().getHeaders();
      @Nullable Object cause = headers == null ? null : headers.get(Headers.CAUSE);
      parked.put(String.valueOf(got.getProps().getMessageId()), String.valueOf(cause));
    }
    return parked;
  }

  /** Purges a queue. */
  public void purge(String queue) throws IOException {
    channel.queuePurge(queue);
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
