package dev.warren.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FunctionCacheTest {
  private final FunctionCache cache = new FunctionCache();

  @Test
  void the_last_function_is_parsed_once() {
    FunctionRef first = cache.parse("a.B::c(I)I", "d1");
    assertThat(first).isEqualTo(new FunctionRef("a.B", "c", "(I)I", "d1"));
    assertThat(cache.parse("a.B::c(I)I", "d1")).isSameAs(first);
  }

  @Test
  void another_name_or_digest_is_another_function() {
    cache.parse("a.B::c", "d1");
    assertThat(cache.parse("a.B::c", "d2").digest()).isEqualTo("d2");
    assertThat(cache.parse("a.B::c", null).digest()).isNull();
    assertThat(cache.parse("a.B::d", null).methodName()).isEqualTo("d");
  }

  @Test
  void a_malformed_name_is_refused_every_time() {
    cache.parse("a.B::c", null);
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> cache.parse("a.B", null))
          .isInstanceOf(WireFormatException.class)
          .hasMessageContaining("'a.B'");
    }
  }
}
