package dev.warren.lifecycle;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ToLongBiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A map of bounded size in bytes, as computed by a weigher: the oldest entries are removed to make
 * room for a new one. The newest entry is kept whatever its weight. For tables that messages from
 * outside fill. Not thread-safe.
 *
 * @param <K> keys
 * @param <V> values; a value that has grown must be put again
 */
public final class BoundedMap<K, V> {
  /** Bytes per entry besides the content of its key and value: table, links, objects. */
  public static final int ENTRY_BYTES = 112;

  private final LinkedHashMap<K, V> entries;
  private final long mostBytes;
  private final ToLongBiFunction<? super K, ? super V> weigher;
  private long bytes;

  private BoundedMap(
      long mostBytes, ToLongBiFunction<? super K, ? super V> weigher, boolean byUse) {
    this.mostBytes = mostBytes;
    this.weigher = weigher;
    this.entries = new LinkedHashMap<>(16, 0.75f, byUse);
  }

  /**
   * Creates a map that evicts in insertion order.
   *
   * @param mostBytes maximum bytes of all entries together
   * @param weigher bytes of a key and its value, without {@link #ENTRY_BYTES}
   */
  public static <K, V> BoundedMap<K, V> byAge(
      long mostBytes, ToLongBiFunction<? super K, ? super V> weigher) {
    return new BoundedMap<>(mostBytes, weigher, false);
  }

  /** Creates a map that evicts the least recently used entry first. */
  public static <K, V> BoundedMap<K, V> byUse(
      long mostBytes, ToLongBiFunction<? super K, ? super V> weigher) {
    return new BoundedMap<>(mostBytes, weigher, true);
  }

  /** Estimated bytes of a string. */
  public static long textBytes(String text) {
    return 40L + 2L * text.length();
  }

  public @Nullable V get(K key) {
    return entries.get(key);
  }

  public boolean containsKey(K key) {
    return entries.containsKey(key);
  }

  /** Adds or replaces an entry; returns the previous value, or null. */
  public @Nullable V put(K key, V value) {
    V before = entries.put(key, value);
    bytes += weight(key, value);
    if (before != null) {
      bytes -= weight(key, before);
      entries.remove(key); // makes it the newest
      entries.put(key, value);
    }
    shrink();
    return before;
  }

  public @Nullable V putIfAbsent(K key, V value) {
    V before = entries.get(key);
    return before != null ? before : put(key, value);
  }

  /** Returns the value of a key; computes and adds it if absent. */
  public V computeIfAbsent(K key, Function<? super K, ? extends V> make) {
    V before = entries.get(key);
    if (before != null) {
      return before;
    }
    V made = make.apply(key);
    put(key, made);
    return made;
  }

  public @Nullable V remove(K key) {
    V before = entries.remove(key);
    if (before != null) {
      bytes -= weight(key, before);
    }
    return before;
  }

  public void clear() {
    entries.clear();
    bytes = 0;
  }

  public int size() {
    return entries.size();
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /** Total weight of all entries. */
  public long bytes() {
    return bytes;
  }

  /** Passes each entry to {@code action}, oldest first; the action must not change the map. */
  public void forEach(BiConsumer<? super K, ? super V> action) {
    entries.forEach(action);
  }

  private void shrink() {
    Iterator<Map.Entry<K, V>> oldest = entries.entrySet().iterator();
    while (bytes > mostBytes && entries.size() > 1) {
      Map.Entry<K, V> entry = oldest.next();
      bytes -= weight(entry.getKey(), entry.getValue());
      oldest.remove();
    }
  }

  private long weight(K key, V value) {
    return ENTRY_BYTES + weigher.applyAsLong(key, value);
  }
}
