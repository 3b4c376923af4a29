package dev.warren.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerUriTest {
  @Test
  void all_parts_of_a_full_uri_are_parsed() {
    BrokerUri uri =
        BrokerUri.parse(
            "amqp://me:p%40ss%3A@h1:5673,[::1],h3/my%2Fhost?pool=stats&heartbeat=20&connect_timeout=7");
    assertThat(uri.isLocal()).isFalse();
    assertThat(uri.tls()).isFalse();
    assertThat(uri.user()).isEqualTo("me");
    assertThat(uri.password()).isEqualTo("p@ss:");
    assertThat(uri.hosts())
        .containsExactly(
            new BrokerUri.Host("h1", 5673),
            new BrokerUri.Host("::1", 5672),
            new BrokerUri.Host("h3", 5672));
    assertThat(uri.vhost()).isEqualTo("my/host");
    assertThat(uri.pool()).isEqualTo("stats");
    assertThat(uri.heartbeat()).isEqualTo(Duration.ofSeconds(20));
    assertThat(uri.connectTimeout()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void missing_parts_have_defaults() {
    BrokerUri uri = BrokerUri.parse("amqps://rabbit");
    assertThat(uri.tls()).isTrue();
    assertThat(uri.hosts()).containsExactly(new BrokerUri.Host("rabbit", 5671));
    assertThat(uri.user()).isEqualTo("guest");
    assertThat(uri.vhost()).isEqualTo("/");
    assertThat(uri.pool()).isEqualTo("default");
    assertThat(BrokerUri.parse("amqp://rabbit/").vhost()).isEqualTo("/");
    assertThat(BrokerUri.parse("local:").isLocal()).isTrue();
    assertThat(BrokerUri.parse("local:?pool=x").pool()).isEqualTo("x");
  }

  @Test
  void the_password_is_masked() {
    assertThat(BrokerUri.parse("amqp://me:secret@h/v?pool=x"))
        .hasToString("amqp://me:***@h:5672/v?pool=x");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rabbit:5672             | has the scheme 'rabbit'",
        "rabbit                  | has no scheme",
        "http://u:secret@h       | has the scheme 'http'",
        "amqp://u:secret@        | has no host",
        "amqp://u:secret@h:x     | port is 'x'; must be 1 to 65535",
        "amqp://u:secret@h:70000 | port is '70000'; must be 1 to 65535",
        "amqp://u:secret@h:      | port is ''",
        "amqp://:secret@h        | has no user",
        "amqp://u:secret%zz@h    | password has a '%'",
        "amqp://h/?pool=a/b      | pool name is 'a/b'",
        "amqp://h/?heartbeat=1   | heartbeat is '1'; must be 5 to 60 seconds",
        "amqp://h/?frame_max=1   | unknown option 'frame_max'; known: pool, heartbeat",
        "local:x                 | may be followed only by ?pool=NAME",
      })
  void each_error_is_one_line_that_names_the_value(String uri, String message) {
    assertThatThrownBy(() -> BrokerUri.parse(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("secret")
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "amqp://u:s3cr3t/x@h",
        "amqp://u:12s3cr3t/x@h",
        "amqp://u:s3cr3t?x@h",
        "amqp://u:x?s3cr3t@h",
        "amqp://u:x/s3cr3t@h/v",
        "amqp://u:s3cr3t",
        "amqp://u:5672/s3cr3t@h",
        "amqp://u:s3cr3t@",
        "amqp://u:s3cr3t@h:x",
        "amqp://u:s3cr3t%zz@h",
        "amqp://[u:s3cr3t]x/@h",
        "amqp:u:s3cr3t@h",
        "u:s3cr3t@h",
        "s3cr3t:u@h",
        "amqp://u:a/b?s3cr3t=1@h",
        "http://u:s3cr3t@h"
      })
  void no_error_shows_a_possible_password(String uri) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BrokerUri.parse(uri))
        .withMessageNotContaining("s3cr3t")
        .withMessageNotContaining("\n");
  }
}
