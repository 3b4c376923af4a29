package dev.warren.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Bounds of the settings. */
class ServiceConfigTest {
  private static final String TOKEN = "0123456789abcdef";

  private static ServiceConfig.Builder config() {
    return ServiceConfig.of("store");
  }

  @Test
  void loopback_needs_no_token_and_other_addresses_do() {
    for (String host : List.of("127.0.0.1", "127.1.2.3", "::1", "localhost")) {
      assertThat(config().host(host).build().host()).isEqualTo(host);
    }
    for (String host : List.of("0.0.0.0", "::", "192.0.2.1")) {
      assertThatThrownBy(() -> config().host(host).build())
          .hasMessageContaining("host is " + host)
          .hasMessageContaining("token is not set");
      assertThat(config().host(host).token(TOKEN).build().token()).isEqualTo(TOKEN);
    }
  }

  @Test
  void a_token_is_long_and_can_be_in_a_header() {
    assertThatThrownBy(() -> config().token("short").build())
        .hasMessage("token has 5 characters; must have 16 to 1000");
    assertThatThrownBy(() -> config().token(TOKEN + " x").build())
        .hasMessageContaining("a header cannot carry");
  }

  @Test
  void the_token_is_not_shown() {
    assertThat(config().token(TOKEN).build().toString()).isEqualTo("127.0.0.1:8765, with a token");
  }
}
