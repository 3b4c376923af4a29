package dev.warren.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.broker.rabbit.RabbitBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.testcontainers.rabbitmq.RabbitMQContainer;
import org.testcontainers.utility.DockerImageName;

/** The broker contract on each supported version of RabbitMQ. */
@Tag("containers")
@ParameterizedClass
@ValueSource(strings = {"3.10", "4.0", "4.3"})
class RabbitVersionsIT implements BrokerContract {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static RabbitMQContainer container;

  @Parameter String version;

  private RabbitBroker broker;

  @BeforeParameterizedClassInvocation
  static void start(String version) {
    container = new RabbitMQContainer(DockerImageName.parse("rabbitmq:" + version + "-management"));
    container.start();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    container.stop();
  }

  @BeforeEach
  void open() throws InterruptedException {
    String uri = "amqp://guest:guest@" + container.getHost() + ":" + container.getAmqpPort();
    broker = RabbitBroker.open(BrokerUri.parse(uri), "test", Duration.ofSeconds(30));
  }

  @AfterEach
  void close() {
    broker.close();
  }

  @Override
  public Broker broker() {
    return broker;
  }

  @Test
  void the_version_is_read_from_the_server() {
    assertThat(broker.version().text()).startsWith(version + ".");
    assertThat(broker.version().supported()).isTrue();
  }

  @Test
  void priorities_order_a_queue_as_far_as_the_version_can() throws InterruptedException {
    PoolNames names = names();
    broker.declare(names.topology());
    int[] priorities = {0, 9, 4, 31, 9, 4};
    for (int i = 0; i < priorities.length; i++) {
      assertThat(
              broker.publish(
                  Route.toQueue(names.tasks()), BrokerContract.message("m" + i, priorities[i])))
          .succeedsWithin(PATIENCE);
    }
    BlockingQueue<Delivery> got = new LinkedBlockingQueue<>();
    broker.subscribe(names.tasks(), 10, got::add);
    List<String> order = new ArrayList<>();
    for (int i = 0; i < priorities.length; i++) {
      order.add(BrokerContract.next(got).message().id());
    }
    if (broker.version().strictPriorities()) {
      assertThat(order).containsExactly("m3", "m1", "m4", "m2", "m5", "m0");
    } else if (broker.version().twoPriorities()) {
      assertThat(order.subList(0, 2)).containsExactly("m1", "m3");
    } else {
      assertThat(order).containsExactly("m0", "m1", "m2", "m3", "m4", "m5");
    }
  }

  @Test
  void a_paused_server_only_delays_messages() throws InterruptedException {
    PoolNames names = names();
    broker.declare(names.topology());
    BlockingQueue<Delivery> got = new LinkedBlockingQueue<>();
    broker.subscribe(names.tasks(), 10, got::add);
    var docker = container.getDockerClient();
    docker.pauseContainerCmd(container.getContainerId()).exec();
    var receipt = broker.publish(Route.toQueue(names.tasks()), BrokerContract.message("m"));
    await().during(Duration.ofSeconds(2)).atMost(PATIENCE).until(() -> broker.unconfirmed() == 1);
    docker.unpauseContainerCmd(container.getContainerId()).exec();
    assertThat(receipt).succeedsWithin(PATIENCE).isEqualTo(Broker.Receipt.CONFIRMED);
    assertThat(BrokerContract.next(got).message().id()).isEqualTo("m");
  }
}
