package dev.warren.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.cli.doctor.FailureRates.Calls;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureRatesTest {
  @Test
  void a_worker_that_fails_far_more_than_the_others_is_found() {
    assertThat(
            FailureRates.finding(
                new Calls(1000, 400), List.of(new Calls(1500, 10), new Calls(500, 10))))
        .isEqualTo("40 % of 1,000 calls fail there, on the other workers 1 % of 2,000 calls");
  }

  @ParameterizedTest
  @CsvSource({
    "19, 19, 1000, 0", // too few calls of its own
    "100, 100, 10, 0", // too few calls of the others
    "100, 9, 1000, 0", // a few failures are not significant
    "100, 60, 1000, 500", // the function fails everywhere
    "0, 0, 1000, 10" // it does not say
  })
  void nothing_is_concluded_from(long ended, long failed, long othersEnded, long othersFailed) {
    List<Calls> others = List.of(new Calls(othersEnded, othersFailed));
    assertThat(FailureRates.finding(new Calls(ended, failed), others)).isEmpty();
  }

  @Test
  void a_lone_worker_is_compared_with_nobody() {
    assertThat(FailureRates.finding(new Calls(100, 100), List.of())).isEmpty();
  }
}
