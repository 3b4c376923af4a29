package dev.warren.pool.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.broker.Broker;
import dev.warren.testkit.ManualTime;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BrokerAbsenceTest {
  private boolean connected = true;
  private final ManualTime time = new ManualTime();
  private final BrokerAbsence absence = new BrokerAbsence(broker(), Duration.ofMinutes(1), time);

  private Broker broker() {
    return (Broker)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Broker.class},
            (proxy, method, args) -> method.getName().equals("connected") ? connected : "rabbit");
  }

  private void look(boolean now, Duration later) {
    connected = now;
    time.pass(later);
    absence.look();
  }

  @Test
  void calls_wait_until_the_timeout_expires() {
    look(false, Duration.ofSeconds(1));
    time.pass(Duration.ofSeconds(59));
    assertThat(absence.look()).isNull();
    time.pass(Duration.ofSeconds(1));
    assertThat(absence.look())
        .isEqualTo(
            "the broker rabbit has been unreachable for 60 s, and the broker timeout is 60 s");
  }

  @Test
  void a_reconnect_restarts_the_timeout() {
    look(false, Duration.ofSeconds(50));
    look(true, Duration.ofSeconds(5));
    look(false, Duration.ofSeconds(5));
    time.pass(Duration.ofSeconds(59));
    assertThat(absence.look()).isNull();
  }
}
