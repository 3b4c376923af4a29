package dev.warren.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.testkit.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Tokens and the sessions made with them. */
class AccessTokenTest {
  private final ManualTime time = new ManualTime();
  private final AccessToken token = new AccessToken("0123456789abcdef", time);

  @Test
  void only_the_token_matches() {
    assertThat(token.matches("0123456789abcdef")).isTrue();
    assertThat(token.matches("0123456789abcdeF")).isFalse();
    assertThat(token.matches("")).isFalse();
  }

  @Test
  void a_session_ends_after_its_time_and_with_the_token() {
    String session = token.session();
    assertThat(token.isSession(session)).isTrue();
    assertThat(new AccessToken("fedcba9876543210", time).isSession(session)).isFalse();
    time.pass(AccessToken.SESSION.minus(Duration.ofSeconds(2)));
    assertThat(token.isSession(session)).isTrue();
    time.pass(Duration.ofSeconds(3));
    assertThat(token.isSession(session)).isFalse();
  }

  @Test
  void a_forged_session_is_none() {
    String session = token.session();
    String later = (Long.parseLong(session.substring(0, session.indexOf('.'))) + 1) + "";
    for (String forged :
        new String[] {
          "",
          ".",
          later + session.substring(session.indexOf('.')),
          session + "0",
          session.toUpperCase(java.util.Locale.ROOT),
          "0123456789abcdef"
        }) {
      assertThat(token.isSession(forged)).as(forged).isFalse();
    }
  }
}
