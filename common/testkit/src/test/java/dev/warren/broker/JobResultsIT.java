package dev.warren.broker;

import dev.warren.testkit.server.PrivateBroker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The results queue of a durable job on the installed RabbitMQ. */
@Tag("stress")
class JobResultsIT implements JobResultsContract {
  private static PrivateBroker server;

  @BeforeAll
  static void start() throws InterruptedException {
    server = PrivateBroker.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  public String uri() {
    return server.uri();
  }

  @Override
  public String ctl(String... arguments) throws InterruptedException {
    return server.ctl(arguments);
  }
}
