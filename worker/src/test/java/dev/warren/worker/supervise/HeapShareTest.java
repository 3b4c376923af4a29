package dev.warren.worker.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.task.ChildContext;
import org.junit.jupiter.api.Test;

class HeapShareTest {
  private static final long GIB = 1L << 30;

  @Test
  void all_heaps_together_take_four_fifths_of_the_memory() {
    assertThat(new HeapShare(24 * GIB, 16).bytes() * 16).isLessThanOrEqualTo(24 * GIB * 4 / 5);
    assertThat(new HeapShare(24 * GIB, 16).options(ChildContext.jvm()))
        .containsExactly("-XX:MaxRAMPercentage=5.0000");
  }

  @Test
  void a_few_children_get_a_quarter_each_as_any_jvm() {
    assertThat(new HeapShare(24 * GIB, 2).bytes()).isEqualTo(6 * GIB);
  }

  @Test
  void many_children_get_64_mib_each_and_it_is_told_that_they_do_not_fit() {
    assertThat(new HeapShare(GIB, 100).bytes()).isEqualTo(64L << 20);
    assertThat(new HeapShare(GIB, 100).tooSmall()).isTrue();
    assertThat(new HeapShare(24 * GIB, 16).tooSmall()).isFalse();
  }

  @Test
  void who_sets_a_heap_gets_that_and_unknown_memory_is_shared_all_the_same() {
    HeapShare share = new HeapShare(24 * GIB, 16);
    assertThat(share.options(ChildContext.jvm().options("-Xmx1g"))).isEmpty();
    assertThat(share.options(ChildContext.jvm().options("-XX:MaxRAMPercentage=50"))).isEmpty();
    assertThat(share.options(ChildContext.jvm().environment("JDK_JAVA_OPTIONS", "-Xmx1g")))
        .isEmpty();
    assertThat(new HeapShare(0, 16).options(ChildContext.jvm()))
        .containsExactly("-XX:MaxRAMPercentage=5.0000");
  }
}
