package dev.warren.json.shape;

import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.PriorityBlockingQueue;
import org.jspecify.annotations.Nullable;

/** Compares collections, maps and entries by content. Used by one {@link Comparison}. */
final class Containers {
  /** Libraries whose collections hold nothing but their elements, like the platform's. */
  private static final List<String> PLAIN_LIBRARIES =
      List.of(
          "com.google.common.collect.",
          "kotlin.collections.",
          "org.eclipse.collections.",
          "it.unimi.dsi.fastutil.");

  private final Comparison comparison;

  Containers(Comparison comparison) {
    this.comparison = comparison;
  }

  static boolean isContainer(Object value) {
    return value instanceof Collection<?>
        || value instanceof Map<?, ?>
        || value instanceof Map.Entry;
  }

  @Nullable Difference between(Object value, Object back) {
    if (!isPlain(value)) {
      if (value.getClass() != back.getClass()) {
        return comparison.classes(value, back);
      }
      Difference difference = comparison.ownFields(value, back);
      if (difference != null) {
        return difference;
      }
    }
    if (!sameKind(value, back) || !sameOrder(value, back)) {
      return comparison.classes(value, back);
    }
    if (value instanceof Properties properties
        && !properties.keySet().containsAll(properties.stringPropertyNames())) {
      return Difference.here(
          Difference.Kind.VALUE,
          "has defaults, which would not come back",
          "copy them into the properties");
    }
    if (value instanceof Map<?, ?> map) {
      return maps(map, (Map<?, ?>) back);
    }
    if (value instanceof Map.Entry<?, ?> entry) {
      return entries(entry, (Map.Entry<?, ?>) back);
    }
    Collection<?> one = (Collection<?>) value;
    Collection<?> other = (Collection<?>) back;
    if (one.size() != other.size()) {
      return Comparison.size(one.size(), other.size());
    }
    return value instanceof Set ? sets(one, other) : inOrder(one, other);
  }

  private static boolean isPlain(Object value) {
    Class<?> type = value.getClass();
    if (Platform.has(type)) {
      return true;
    }
    for (String library : PLAIN_LIBRARIES) {
      if (type.getName().startsWith(library)) {
        return true;
      }
    }
    // new ArrayList<>() {{ add(1); }} in a static method
    return type.isAnonymousClass()
        && Platform.has(type.getSuperclass())
        && type.getDeclaredFields().length == 0
        && type.getDeclaredMethods().length == 0;
  }

  /** Whether the copy is a container of the same kind. */
  private static boolean sameKind(Object value, Object back) {
    if (value instanceof List) {
      return back instanceof List;
    }
    if (value instanceof Set) {
      return back instanceof Set;
    }
    if (value instanceof Map) {
      return back instanceof Map;
    }
    if (value instanceof Map.Entry) {
      return back instanceof Map.Entry;
    }
    // the values of a map, for example, are a plain Collection: their copy is a list
    return value instanceof Queue ? back instanceof Queue : back instanceof List;
  }

  /** Whether the copy of a sorted container has the same ordering. */
  private static boolean sameOrder(Object value, Object back) {
    if (value instanceof java.util.IdentityHashMap) {
      return false;
    }
    boolean sorted = value instanceof PriorityQueue || value instanceof PriorityBlockingQueue;
    return (!sorted || value.getClass() == back.getClass())
        && Objects.equals(comparator(value), comparator(back));
  }

  private static @Nullable Object comparator(Object value) {
    if (value instanceof SortedMap<?, ?> map) {
      return map.comparator();
    }
    if (value instanceof SortedSet<?> set) {
      return set.comparator();
    }
    if (value instanceof PriorityQueue<?> queue) {
      return queue.comparator();
    }
    return value instanceof PriorityBlockingQueue<?> queue ? queue.comparator() : null;
  }

  private @Nullable Difference inOrder(Collection<?> value, Collection<?> back) {
    Iterator<?> others = back.iterator();
    int index = 0;
    for (Object item : value) {
      Difference difference = comparison.between(item, others.next());
      if (difference != null) {
        return difference.under("[" + index + "]");
      }
      index++;
    }
    return null;
  }

  private @Nullable Difference sets(Collection<?> value, Collection<?> back) {
    Difference inOrder = inOrder(value, back);
    if (inOrder == null) {
      return null;
    }
    Map<Object, Object> found = new HashMap<>();
    for (Object item : back) {
      found.put(item, item);
    }
    for (Object item : value) {
      if (!found.containsKey(item)) {
        return inOrder;
      }
      Difference difference = comparison.between(item, found.get(item));
      if (difference != null) {
        return difference.under("[]");
      }
    }
    return null;
  }

  private @Nullable Difference maps(Map<?, ?> value, Map<?, ?> back) {
    if (value.size() != back.size()) {
      return Comparison.size(value.size(), back.size());
    }
    Difference keys = sets(value.keySet(), back.keySet());
    if (keys != null) {
      return keys.under("(key)");
    }
    Iterator<?> others = back.entrySet().iterator();
    for (Map.Entry<?, ?> entry : value.entrySet()) {
      Map.Entry<?, ?> other = (Map.Entry<?, ?>) others.next();
      Object there =
          Objects.equals(entry.getKey(), other.getKey())
              ? other.getValue()
              : back.get(entry.getKey());
      Difference difference = comparison.between(entry.getValue(), there);
      if (difference != null) {
        return difference.under("[\"" + step(entry.getKey()) + "\"]");
      }
    }
    return null;
  }

  private static String step(@Nullable Object key) {
    return key instanceof String || key instanceof Number || key instanceof Enum
        ? key.toString().replace('\n', ' ')
        : "…";
  }

  private @Nullable Difference entries(Map.Entry<?, ?> value, Map.Entry<?, ?> back) {
    Difference key = comparison.between(value.getKey(), back.getKey());
    if (key != null) {
      return key.under("(key)");
    }
    Difference inside = comparison.between(value.getValue(), back.getValue());
    return inside == null ? null : inside.under("(value)");
  }
}
