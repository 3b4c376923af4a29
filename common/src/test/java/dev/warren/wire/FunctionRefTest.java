package dev.warren.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FunctionRefTest {
  @Test
  void is_equal_where_each_part_is() {
    FunctionRef ref = new FunctionRef("a.B", "c", "(I)I", "sha256:1");
    FunctionRef same = new FunctionRef("a.B", "c", "(I)I", "sha256:1");
    assertThat(same).isEqualTo(ref).hasSameHashCodeAs(ref);
    assertThat(ref)
        .isNotEqualTo(new FunctionRef("a.C", "c", "(I)I", "sha256:1"))
        .isNotEqualTo(new FunctionRef("a.B", "d", "(I)I", "sha256:1"))
        .isNotEqualTo(new FunctionRef("a.B", "c", null, "sha256:1"))
        .isNotEqualTo(new FunctionRef("a.B", "c", "(I)I", null));
  }
}
