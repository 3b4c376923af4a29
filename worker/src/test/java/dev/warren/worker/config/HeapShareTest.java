package dev.warren.worker.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.task.ChildContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeapShareTest {
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;

  @Test
  void all_children_together_use_four_fifths_of_the_memory() {
    HeapShare share = new HeapShare(24 * GIB, 16);
    assertThat((share.bytes() + 40 * MIB) * 16).isBetween(24 * GIB * 3 / 4, 24 * GIB * 4 / 5);
    assertThat(share.options(ChildContext.jvm()))
        .containsExactly("-Xmx" + share.bytes() / 1024 + "k");
  }

  @Test
  void a_few_children_get_a_quarter_each_as_any_jvm() {
    assertThat(new HeapShare(24 * GIB, 2).bytes()).isEqualTo(6 * GIB);
  }

  @ParameterizedTest
  @ValueSource(longs = {512, 1024, 4096, 65536})
  void children_of_all_default_slots_and_the_supervisor_fit_into_the_memory(long mib) {
    int children = HeapShare.slots(64, mib * MIB) + 1;
    HeapShare share = new HeapShare(mib * MIB, children);
    assertThat((share.bytes() + 40 * MIB) * children).isLessThanOrEqualTo((mib - 128) * MIB);
    assertThat(share.warning()).isEmpty();
  }

  @Test
  void many_children_get_32_mib_each_and_a_warning_that_they_do_not_fit() {
    HeapShare share = new HeapShare(256 * MIB, 9);
    assertThat(share.bytes()).isEqualTo(32 * MIB);
    assertThat(share.warning())
        .startsWith("9 children do not fit into 256 MiB of memory")
        .contains("--processes 1");
    assertThat(new HeapShare(24 * GIB, 16).warning()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "4, 256, 1", // megabytes
    "4, 512, 2",
    "4, 1024, 4",
    "16, 1024, 6",
    "64, 16384, 64",
    "3, 0, 3" // unknown
  })
  void slots_follow_the_processors_and_the_memory(int processors, long mib, int slots) {
    assertThat(HeapShare.slots(processors, mib * MIB)).isEqualTo(slots);
  }

  @Test
  void a_configured_heap_is_kept_and_unknown_memory_is_shared_by_percentage() {
    HeapShare share = new HeapShare(24 * GIB, 16);
    assertThat(share.options(ChildContext.jvm().options("-Xmx1g"))).isEmpty();
    assertThat(share.options(ChildContext.jvm().options("-XX:MaxRAMPercentage=50"))).isEmpty();
    assertThat(share.options(ChildContext.jvm().environment("JDK_JAVA_OPTIONS", "-Xmx1g")))
        .isEmpty();
    assertThat(new HeapShare(0, 16).options(ChildContext.jvm()))
        .containsExactly("-XX:MaxRAMPercentage=5.0000");
  }
}
