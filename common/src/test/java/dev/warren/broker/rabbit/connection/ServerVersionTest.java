package dev.warren.broker.rabbit.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerVersionTest {
  @ParameterizedTest
  @CsvSource({
    "3.10.8, false, false, false, 134217728",
    "3.12.1, false, false, true, 134217728",
    "4.0.5,  true,  false, true, 16777216",
    "4.3.6,  true,  true,  true, 16777216",
  })
  void a_version_determines_what_the_server_supports(
      String text, boolean two, boolean strict, boolean timeout, int maxBody) {
    ServerVersion version = ServerVersion.of("RabbitMQ", text);
    assertThat(version.supported()).isTrue();
    assertThat(version.twoPriorities()).isEqualTo(two);
    assertThat(version.consumersInOrder()).isEqualTo(two);
    assertThat(version.strictPriorities()).isEqualTo(strict);
    assertThat(version.requeueCountsTowardsLimit()).isEqualTo(!strict);
    assertThat(version.consumerTimeoutPerConsumer()).isEqualTo(strict);
    assertThat(version.consumerTimeoutPerQueue()).isEqualTo(timeout);
    assertThat(version.maxBodyBytes()).isEqualTo(maxBody);
    assertThat(version).hasToString("RabbitMQ " + text);
  }

  @Test
  void an_unknown_server_is_treated_as_an_old_one() {
    ServerVersion version = ServerVersion.of(Map.of());
    assertThat(version.supported()).isFalse();
    assertThat(version).hasToString("unknown broker of unknown version");
  }
}
