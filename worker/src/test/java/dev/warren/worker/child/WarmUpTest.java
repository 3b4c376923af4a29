package dev.warren.worker.child;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

class WarmUpTest {
  @Test
  void runs_completely_with_scalars_and_with_objects() {
    assertThatCode(WarmUp::ofScalars).doesNotThrowAnyException();
    assertThatCode(WarmUp::ofObjects).doesNotThrowAnyException();
  }
}
