package dev.warren.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RoundTripTest {
  private static final long MS = 1_000_000;

  private final RoundTrip roundTrip = new RoundTrip();
  private long now;

  private Duration after(long seconds, long tookMillis) {
    now += seconds * 1_000_000_000;
    roundTrip.measured(tookMillis * MS, now);
    return roundTrip.get();
  }

  @Test
  void it_is_zero_before_the_first_measurement() {
    assertThat(roundTrip.get()).isZero();
  }

  @Test
  void a_stalling_broker_does_not_look_distant() {
    assertThat(after(0, 20)).hasMillis(20);
    assertThat(after(1, 15_000)).hasMillis(20);
    assertThat(after(1, 19)).hasMillis(19);
    assertThat(after(1, 300)).hasMillis(19);
  }

  @Test
  void a_route_that_becomes_longer_is_noticed() {
    after(0, 1);
    for (int i = 0; i < 18; i++) {
      after(1, 200);
    }
    assertThat(roundTrip.get()).as("it may still be a stall").hasMillis(1);
    after(1, 200);
    after(1, 200);
    assertThat(roundTrip.get()).hasMillis(200);
  }

  @Test
  void a_stall_after_a_long_silence_does_not_count() {
    after(0, 2);
    assertThat(after(3600, 900)).hasMillis(2);
    assertThat(after(11, 900)).hasMillis(900);
  }

  @Test
  void it_is_bounded() {
    assertThat(after(0, 90_000)).isEqualTo(RoundTrip.LONGEST);
  }
}
