package dev.warren.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class FunctionRefTest {
  @Test
  void refs_are_equal_if_all_parts_are() {
    FunctionRef ref = new FunctionRef("a.B", "c", "(I)I", "sha256:1");
    FunctionRef same = new FunctionRef("a.B", "c", "(I)I", "sha256:1");
    assertThat(same).isEqualTo(ref).hasSameHashCodeAs(ref);
    assertThat(ref)
        .isNotEqualTo(new FunctionRef("a.C", "c", "(I)I", "sha256:1"))
        .isNotEqualTo(new FunctionRef("a.B", "d", "(I)I", "sha256:1"))
        .isNotEqualTo(new FunctionRef("a.B", "c", null, "sha256:1"))
        .isNotEqualTo(new FunctionRef("a.B", "c", "(I)I", null))
        .isNotEqualTo(new FunctionRef("a.B", "c", "(I)I", "sha256:1", "a.Item"));
  }

  @Test
  void the_result_class_follows_the_signature() {
    FunctionRef ref = new FunctionRef("a.B", "c", "(I)Ljava/lang/Object;", null, "a.Item$X");
    assertThat(ref).hasToString("a.B::c(I)Ljava/lang/Object;:a.Item$X");
    assertThat(FunctionRef.parse(ref.toString(), null)).isEqualTo(ref);
    for (String wrong : List.of("a.B::c(I)V:", "a.B::c(I)V:a b", "a.B::c(I)V:a:b", "a.B::c(I):a")) {
      assertThatThrownBy(() -> FunctionRef.parse(wrong, null))
          .isInstanceOf(WireFormatException.class);
    }
  }
}
