package dev.warren.worker.child;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

class WarmUpTest {
  @Test
  void goes_all_the_way_with_scalars_and_with_objects() {
    assertThatCode(WarmUp::ofScalars).doesNotThrowAnyException();
    assertThatCode(WarmUp::ofObjects).doesNotThrowAnyException();
  }
}
