package dev.warren.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.testkit.SharedBroker;
import dev.warren.testkit.server.PrivateBroker;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Limits set by an administrator: each error names the limit. */
@Timeout(240)
class BrokerLimitsIT {
  private static final String VHOST = "limits-" + UUID.randomUUID();

  private final PrivateBroker server = SharedBroker.get();

  @BeforeAll
  static void makeVhost() throws Exception {
    SharedBroker.get().ctl("add_vhost", VHOST);
    SharedBroker.get().ctl("set_permissions", "-p", VHOST, "warren", ".*", ".*", ".*");
  }

  @AfterAll
  static void deleteVhost() throws Exception {
    SharedBroker.get().ctl("delete_vhost", VHOST);
  }

  private RabbitBroker open() throws InterruptedException {
    BrokerUri uri = BrokerUri.parse(server.uri().replaceFirst("/$", "/" + VHOST));
    return RabbitBroker.open(uri, "limits", Duration.ofSeconds(10));
  }

  @Test
  void a_connection_limit_is_named() throws Exception {
    server.ctl("set_vhost_limits", "-p", VHOST, "{\"max-connections\": 1}");
    BrokerException failure = catchThrowableOfType(BrokerException.class, this::open);
    server.ctl("clear_vhost_limits", "-p", VHOST);
    assertThat(failure)
        .hasMessageContaining("limit (1) is reached")
        .hasMessageContaining("rabbitmqctl set_vhost_limits")
        .hasMessageNotContaining("password");
  }

  @Test
  void a_limit_of_queues_is_named() throws Exception {
    server.ctl("set_vhost_limits", "-p", VHOST, "{\"max-queues\": 2}");
    try (RabbitBroker broker = open()) {
      BrokerException failure =
          catchThrowableOfType(
              BrokerException.class, () -> broker.declare(new PoolNames("p").topology()));
      assertThat(failure)
          .hasMessageContaining("queue limit")
          .hasMessageContaining("'warren pools list'")
          .hasMessageNotContaining("other arguments");
    }
  }

  @Test
  void a_user_limit_is_named() throws Exception {
    server.ctl("set_user_limits", "warren", "{\"max-connections\": 0}");
    try {
      BrokerException failure = catchThrowableOfType(BrokerException.class, this::open);
      assertThat(failure)
          .hasMessageContaining("limit (0) is reached")
          .hasMessageContaining("rabbitmqctl set_user_limits")
          .hasMessageNotContaining("password");
    } finally {
      server.ctl("clear_user_limits", "warren", "all");
    }
  }

  @Test
  void a_limit_of_channels_is_named() throws Exception {
    server.ctl("eval", "application:set_env(rabbit, channel_max, 4).");
    try {
      BrokerException failure = catchThrowableOfType(BrokerException.class, this::open);
      assertThat(failure)
          .hasMessageContaining("allows 4 channels per connection; Warren needs 16")
          .hasMessageContaining("channel_max");
      assertThat(failure.isRefusal()).isTrue();
    } finally {
      server.ctl("eval", "application:set_env(rabbit, channel_max, 2047).");
    }
  }
}
