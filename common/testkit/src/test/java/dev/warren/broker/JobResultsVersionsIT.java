package dev.warren.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.testcontainers.containers.Container;
import org.testcontainers.rabbitmq.RabbitMQContainer;
import org.testcontainers.utility.DockerImageName;

/** The results queue of a durable job on the versions of RabbitMQ that are not installed. */
@Tag("containers")
@ParameterizedClass
@ValueSource(strings = {"4.0", "4.3"})
class JobResultsVersionsIT implements JobResultsContract {
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

  @Override
  public String ctl(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("rabbitmqctl"));
    command.addAll(List.of(arguments));
    Container.ExecResult result = container.execInContainer(command.toArray(String[]::new));
    assertThat(result.getExitCode()).as(result.getStderr()).isZero();
    return result.getStdout();
  }
}
