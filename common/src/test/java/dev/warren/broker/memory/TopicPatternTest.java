package dev.warren.broker.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicPatternTest {
  @ParameterizedTest
  @CsvSource({
    "worker.heartbeat, worker.heartbeat, true",
    "worker.*, worker.heartbeat, true",
    "worker.*, worker.a.b, false",
    "worker.*, worker, false",
    "worker.#, worker, true",
    "worker.#, worker.a.b, true",
    "#, anything.at.all, true",
    "#.b, a.b, true",
    "#.b, a.c, false",
    "*.b, b, false",
    "a.#.d, a.b.c.d, true",
    "a, a.b, false",
  })
  void patterns_match_as_in_amqp(String pattern, String key, boolean matches) {
    assertThat(TopicPattern.of(pattern).matches(key)).isEqualTo(matches);
  }
}
