package dev.warren.json;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes a value in full, down to its last field, with its classes, so that two values are equal if
 * their texts are; independent of the code under test. The implementation class of the platform's
 * lists, sets and maps is ignored. Stateless.
 */
public final class Spelled {
  private Spelled() {}

  public static String out(@Nullable Object value) {
    return out(value, 0);
  }

  private static String out(@Nullable Object value, int depth) {
    if (value == null) {
      return "null";
    }
    if (depth > 40) {
      return "…";
    }
    Class<?> type = value.getClass();
    if (type.isArray()) {
      List<String> items = new ArrayList<>();
      for (int i = 0; i < Array.getLength(value); i++) {
        items.add(out(Array.get(value, i), depth + 1));
      }
      return type.getTypeName() + items;
    }
    if (value instanceof Optional<?> optional) {
      return "Optional(" + out(optional.orElse(null), depth + 1) + ")";
    }
    if (value instanceof AtomicReference<?> reference) {
      return "AtomicReference(" + out(reference.get(), depth + 1) + ")";
    }
    if (value instanceof Map.Entry<?, ?> entry) {
      return "Entry("
          + out(entry.getKey(), depth + 1)
          + ","
          + out(entry.getValue(), depth + 1)
          + ")";
    }
    if (value instanceof Map<?, ?> map) {
      return map(map, depth);
    }
    if (value instanceof Collection<?> collection) {
      return collection(collection, depth);
    }
    if (value instanceof Pattern pattern) {
      return "Pattern(" + pattern.pattern() + "," + pattern.flags() + ")";
    }
    if (type == Object.class) {
      return "a lock";
    }
    if (type.getName().startsWith("java.") || type.getName().startsWith("sun.")) {
      // with all digits: no two values of these classes have the same text
      return type.getName() + "(" + value + ")" + (hasValue(type) ? value.hashCode() : "");
    }
    return value instanceof Enum<?> constant
        ? type.getName() + "." + constant.name()
        : type.getName() + fields(value, depth);
  }

  private static boolean hasValue(Class<?> type) {
    try {
      return type.getMethod("hashCode").getDeclaringClass() != Object.class;
    } catch (NoSuchMethodException e) {
      throw new AssertionError(e);
    }
  }

  private static String map(Map<?, ?> map, int depth) {
    List<String> entries = new ArrayList<>();
    map.forEach((key, item) -> entries.add(out(key, depth + 1) + "=" + out(item, depth + 1)));
    entries.sort(null);
    Object order = map instanceof SortedMap<?, ?> sorted ? sorted.comparator() : null;
    return "Map" + order + entries + own(map, depth);
  }

  private static String collection(Collection<?> collection, int depth) {
    List<String> items = new ArrayList<>();
    for (Object item : collection) {
      items.add(out(item, depth + 1));
    }
    if (collection instanceof Set || collection instanceof PriorityQueue) {
      items.sort(null);
    }
    Object order = collection instanceof SortedSet<?> sorted ? sorted.comparator() : null;
    String kind = collection instanceof Set ? "Set" : "Items";
    return kind + order + items + own(collection, depth);
  }

  private static String own(Object container, int depth) {
    Class<?> type = container.getClass();
    boolean users = !type.getName().startsWith("java.") && !type.isAnonymousClass();
    return users ? type.getName() + fields(container, depth) : "";
  }

  private static String fields(Object value, int depth) {
    List<String> fields = new ArrayList<>();
    for (Class<?> at = value.getClass(); at.getName().startsWith("dev."); at = at.getSuperclass()) {
      for (Field field : at.getDeclaredFields()) {
        int modifiers = field.getModifiers();
        if (Modifier.isStatic(modifiers)
            || Modifier.isTransient(modifiers)
            || field.isSynthetic()
            || field.isAnnotationPresent(JsonIgnore.class)) {
          continue;
        }
        try {
          field.setAccessible(true);
          fields.add(field.getName() + ":" + out(field.get(value), depth + 1));
        } catch (IllegalAccessException e) {
          throw new AssertionError(e);
        }
      }
    }
    return fields.toString();
  }
}
