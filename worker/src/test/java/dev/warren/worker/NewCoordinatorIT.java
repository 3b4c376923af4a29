package dev.warren.worker;

import dev.warren.testkit.server.PrivateBroker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** A new coordinator and busy workers on the installed RabbitMQ. */
@Tag("stress")
class NewCoordinatorIT implements NewCoordinatorContract {
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
}
