package dev.warren.worker;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.testcontainers.rabbitmq.RabbitMQContainer;
import org.testcontainers.utility.DockerImageName;

/** A new coordinator and busy workers on the versions of RabbitMQ that are not installed. */
@Tag("containers")
@ParameterizedClass
@ValueSource(strings = {"4.0", "4.3"})
class NewCoordinatorVersionsIT implements NewCoordinatorContract {
  private static RabbitMQContainer container;

  @Parameter String version;

  @BeforeParameterizedClassInvocation
  static void start(String version) {
    container = new RabbitMQContainer(DockerImageName.parse("rabbitmq:" + version + "-management"));
    container.start();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    container.stop();
  }

  @Override
  public String uri() {
    return "amqp://guest:guest@" + container.getHost() + ":" + container.getAmqpPort() + "/";
  }
}
