package dev.warren.pool.engine.function;

import org.jspecify.annotations.Nullable;

/** Widens a boxed value as Java does when it is passed to a primitive parameter. Stateless. */
final class Widened {
  private Widened() {}

  /** Returns the value as the given primitive type; unchanged if Java has no such conversion. */
  static @Nullable Object to(Class<?> primitive, @Nullable Object value) {
    if (primitive == int.class && value instanceof Integer) {
      return value; // by far the most common
    }
    if (value instanceof Character character) {
      return primitive == char.class ? value : widened(primitive, (int) character);
    }
    return value instanceof Number number ? widened(primitive, number) : value;
  }

  private static Object widened(Class<?> primitive, Number number) {
    boolean fraction = number instanceof Float || number instanceof Double;
    if (primitive == double.class) {
      return number.doubleValue();
    }
    if (primitive == float.class && !(number instanceof Double)) {
      return number.floatValue();
    }
    if (primitive == long.class && !fraction) {
      return number.longValue();
    }
    if (primitive == int.class && !fraction && !(number instanceof Long)) {
      return number.intValue();
    }
    return primitive == short.class && number instanceof Byte
        ? (Object) number.shortValue()
        : number;
  }
}
