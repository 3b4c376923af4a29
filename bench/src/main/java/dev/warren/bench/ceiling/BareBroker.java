package dev.warren.bench.ceiling;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import dev.warren.bench.harness.RoundTrips;
import dev.warren.bench.harness.Sampler;
import dev.warren.bench.harness.Site;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Lower bound of a round trip over the broker: a message through a quorum queue and its answer
 * through a durable classic one, with RabbitMQ's client alone. As safe as a task and its outcome:
 * persistent, mandatory, confirmed, and acknowledged when the answer is confirmed.
 */
public final class BareBroker implements Sampler {
  private static final int TRIPS = 1000;
  private static final byte[] BODY = new byte[100];

  private final Site site;
  private final Connection asking;
  private final Connection answering;
  private final Channel questions;
  private final Semaphore answers = new Semaphore(0);
  private final String queue = "bare-" + System.nanoTime();

  private BareBroker(Site site) throws IOException, InterruptedException {
    this.site = site;
    this.asking = connect(site.brokerUri());
    this.answering = connect(site.brokerUri());
    this.questions = asking.createChannel();
  }

  public static BareBroker open(Site site) throws IOException, InterruptedException {
    BareBroker bare = new BareBroker(site);
    bare.begin();
    return bare;
  }

  private static Connection connect(String uri) throws IOException {
    try {
      ConnectionFactory factory = new ConnectionFactory();
      // with the path / the virtual host would have an empty name
      factory.setUri(uri.replaceFirst("/$", ""));
      return factory.newConnection();
    } catch (URISyntaxException | GeneralSecurityException | TimeoutException e) {
      throw new IOException("no connection to the bench's broker", e);
    }
  }

  private void begin() throws IOException {
    String back = queue + ".back";
    questions.queueDeclare(queue, true, false, false, Map.of("x-queue-type", "quorum"));
    questions.queueDeclare(back, true, false, false, Map.of("x-queue-type", "classic"));
    questions.confirmSelect();
    Channel answer = answering.createChannel();
    answer.confirmSelect();
    // the handler must not wait for the confirm, which arrives on its own thread
    answer.addConfirmListener(
        (tag, multiple) -> answer.basicAck(tag, multiple),
        (tag, multiple) -> System.err.println("bench: the broker refused an answer"));
    answer.basicQos(1);
    answer.basicConsume(
        queue, false, (tag, question) -> publish(answer, back, question.getBody()), tag -> {});
    Channel received = asking.createChannel();
    received.basicConsume(
        back,
        false,
        (tag, message) -> {
          received.basicAck(message.getEnvelope().getDeliveryTag(), false);
          answers.release();
        },
        tag -> {});
  }

  private static void publish(Channel channel, String queue, byte[] body) throws IOException {
    AMQP.BasicProperties persistent = MessageProperties.MINIMAL_PERSISTENT_BASIC;
    channel.basicPublish("", queue, true, persistent, body);
  }

  /** Median in microseconds. */
  @Override
  public double sample() throws IOException {
    return RoundTrips.<IOException>median(site.work(TRIPS), i -> ask());
  }

  private void ask() throws IOException {
    publish(questions, queue, BODY);
    try {
      if (!answers.tryAcquire(10, TimeUnit.SECONDS)) {
        throw new IOException("no answer within 10 s");
      }
    } catch (InterruptedException e) {
      throw new InterruptedIOException();
    }
  }

  @Override
  public void close() throws IOException {
    answering.close();
    questions.queueDelete(queue);
    questions.queueDelete(queue + ".back");
    asking.close();
  }
}
