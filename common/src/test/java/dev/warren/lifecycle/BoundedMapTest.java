package dev.warren.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BoundedMapTest {
  private static final int ENTRY = BoundedMap.ENTRY_BYTES + 100;

  private final BoundedMap<String, String> map =
      BoundedMap.byAge(3L * ENTRY, (key, value) -> 100L * value.length());

  @Test
  void the_oldest_entries_are_evicted() {
    for (String key : new String[] {"a", "b", "c", "d"}) {
      map.put(key, "1");
    }
    assertThat(map.containsKey("a")).isFalse();
    assertThat(map.size()).isEqualTo(3);
    assertThat(map.bytes()).isEqualTo(3 * ENTRY);
  }

  @Test
  void a_heavy_entry_evicts_several_and_is_always_kept() {
    map.put("a", "1");
    map.put("b", "1");
    map.put("c", "123456789");
    assertThat(map.size()).isEqualTo(1);
    assertThat(map.get("c")).isEqualTo("123456789");
    map.put("d", "1");
    assertThat(map.size()).isEqualTo(1);
    assertThat(map.get("d")).isEqualTo("1");
  }

  @Test
  void an_entry_that_is_put_again_counts_once_and_is_new() {
    map.put("a", "1");
    map.put("b", "1");
    map.put("a", "1");
    map.put("c", "1");
    map.put("d", "1");
    assertThat(map.containsKey("b")).isFalse();
    assertThat(map.containsKey("a")).isTrue();
    map.remove("a");
    map.remove("a");
    assertThat(map.bytes()).isEqualTo(2 * ENTRY);
    map.clear();
    assertThat(map.bytes()).isZero();
  }

  @Test
  void by_use_a_recently_read_entry_is_kept() {
    BoundedMap<String, String> byUse = BoundedMap.byUse(2L * ENTRY, (key, value) -> 100L);
    byUse.put("a", "1");
    byUse.put("b", "1");
    assertThat(byUse.get("a")).isEqualTo("1");
    byUse.put("c", "1");
    assertThat(byUse.containsKey("a")).isTrue();
    assertThat(byUse.containsKey("b")).isFalse();
  }
}
