package dev.warren.json.shape;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.type.TypeFactory;

/**
 * Finds the {@link Shape} of a type: of plain values, and of records, lists, maps and arrays of
 * them. Caches its results; thread-safe.
 *
 * <p>For maintainers: each rule here must hold in Jackson for every value; RoundTripTest compares
 * both. When in doubt, return UNKNOWN.
 */
public final class Shapes {
  /** Numbers with more digits may be too long for Jackson to read. */
  private static final int MAX_DIGITS = 300;

  /** Longer names may be too long for Jackson to read. */
  private static final int LONGEST_KEY = 10_000;

  private final TypeFactory types;
  private final Map<JavaType, Shape> known = new ConcurrentHashMap<>();

  public Shapes(TypeFactory types) {
    this.types = types;
  }

  public Shape of(JavaType type) {
    Shape shape = known.get(type);
    return shape == null || shape instanceof Later ? look(type) : shape;
  }

  /** Finds a shape; one thread at a time, so that no thread sees another's unfinished entry. */
  private synchronized Shape look(JavaType type) {
    Shape shape = known.get(type);
    if (shape == null) {
      // a recursive record asks for its own shape while it is being found
      known.put(type, new Later(type));
      shape = find(type);
      if (shape == Shape.UNKNOWN) {
        // nothing is known of the types that relied on it in the meantime either
        known.clear();
      }
      known.put(type, shape);
    }
    return shape;
  }

  private Shape find(JavaType type) {
    Class<?> raw = type.getRawClass();
    Shape leaf = Leaves.of(raw);
    if (leaf != null) {
      return leaf;
    }
    if (raw.isArray()) {
      return array(raw, type);
    }
    if (raw.isEnum()) {
      return plainEnum(raw) ? exact(raw) : Shape.UNKNOWN;
    }
    if (raw == Object.class) {
      return this::isNatural;
    }
    if (raw == List.class || raw == Collection.class || raw == ArrayList.class) {
      return list(raw, of(type.getContentType()));
    }
    if (raw == Map.class || raw == HashMap.class || raw == LinkedHashMap.class) {
      return map(raw, type);
    }
    return raw.isRecord() ? RecordShape.of(type, this, types) : Shape.UNKNOWN;
  }

  /** Accepts null and values of exactly this class. */
  private static Shape exact(Class<?> type) {
    return (value, depth) -> value == null || value.getClass() == type;
  }

  private Shape array(Class<?> raw, JavaType type) {
    Class<?> item = raw.getComponentType();
    if (item == double.class) {
      return (value, depth) -> value == null || allFinite((double[]) value);
    }
    if (item.isPrimitive()) {
      return item == char.class || item == float.class ? Shape.UNKNOWN : exact(raw);
    }
    Shape items = of(type.getContentType());
    if (items == Shape.UNKNOWN) {
      return items;
    }
    return (value, depth) -> {
      if (value == null) {
        return true;
      }
      if (value.getClass() != raw || depth > Shape.DEEPEST) {
        return false;
      }
      for (Object each : (@Nullable Object[]) value) {
        if (!items.carries(each, depth + 1)) {
          return false;
        }
      }
      return true;
    };
  }

  private static boolean allFinite(double[] values) {
    for (double value : values) {
      if (!Double.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  private static Shape list(Class<?> raw, Shape items) {
    if (items == Shape.UNKNOWN) {
      return items;
    }
    boolean only = raw == ArrayList.class;
    return (value, depth) -> {
      if (value == null) {
        return true;
      }
      boolean fits = only ? value.getClass() == raw : isPlainList(value);
      return fits && allCarried((List<?>) value, items, depth);
    };
  }

  private static boolean isPlainList(Object value) {
    return value instanceof List<?> && value.getClass().getName().startsWith("java.util.");
  }

  private static boolean allCarried(List<?> list, Shape items, int depth) {
    if (depth > Shape.DEEPEST) {
      return false;
    }
    for (Object item : list) {
      if (!items.carries(item, depth + 1)) {
        return false;
      }
    }
    return true;
  }

  private Shape map(Class<?> raw, JavaType type) {
    if (type.getKeyType().getRawClass() != String.class) {
      return Shape.UNKNOWN;
    }
    Shape values = of(type.getContentType());
    if (values == Shape.UNKNOWN) {
      return values;
    }
    boolean any = raw == Map.class;
    return (value, depth) -> {
      if (value == null) {
        return true;
      }
      boolean fits = any ? isPlainMap(value) : value.getClass() == raw;
      return fits && allCarried((Map<?, ?>) value, values, depth);
    };
  }

  private static boolean isPlainMap(Object value) {
    Class<?> type = value.getClass();
    return type == HashMap.class
        || type == LinkedHashMap.class
        || type.getName().startsWith("java.util.ImmutableCollections$Map");
  }

  private static boolean allCarried(Map<?, ?> map, Shape values, int depth) {
    if (depth > Shape.DEEPEST) {
      return false;
    }
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (!(entry.getKey() instanceof String key)
          || !isWhole(key)
          || !values.carries(entry.getValue(), depth + 1)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether Jackson can read the text as a property name; conservatively refuses all surrogates.
   */
  private static boolean isWhole(String text) {
    if (text.length() > LONGEST_KEY) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /** Whether the value is what Jackson reads when no type is declared. */
  private boolean isNatural(@Nullable Object value, int depth) {
    if (value == null
        || value instanceof String
        || value instanceof Integer
        || value instanceof Boolean) {
      return true;
    }
    if (value instanceof Double number) {
      return Double.isFinite(number);
    }
    if (isPlainList(value)) {
      return allCarried((List<?>) value, this::isNatural, depth);
    }
    return isPlainMap(value) && allCarried((Map<?, ?>) value, this::isNatural, depth);
  }

  /** Whether an enum's constants are written and read by name. */
  private static boolean plainEnum(Class<?> type) {
    if (isAnnotated(type)) {
      return false;
    }
    for (Field field : type.getDeclaredFields()) {
      if (field.isEnumConstant() && isAnnotated(field)) {
        return false;
      }
    }
    try {
      return type.getMethod("toString").getDeclaringClass() == Enum.class
          && type.getDeclaredMethods().length == 2 + synthetic(type)
          && constantsArePlain(type);
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  private static int synthetic(Class<?> type) {
    int count = 0;
    for (var method : type.getDeclaredMethods()) {
      count += method.isSynthetic() ? 1 : 0;
    }
    return count;
  }

  private static boolean constantsArePlain(Class<?> type) {
    for (Object constant : type.getEnumConstants()) {
      if (constant.getClass() != type) {
        return false;
      }
    }
    return true;
  }

  /** Whether the element has an annotation that may matter to Jackson. */
  static boolean isAnnotated(AnnotatedElement element) {
    for (Annotation annotation : element.getAnnotations()) {
      String name = annotation.annotationType().getName();
      if (!name.startsWith("java.lang.") && !name.startsWith("org.jspecify.")) {
        return true;
      }
    }
    return false;
  }

  /** The shape of a type that is still being found. */
  private final class Later implements Shape {
    private final JavaType type;

    Later(JavaType type) {
      this.type = type;
    }

    @Override
    public boolean carries(@Nullable Object value, int depth) {
      Shape found = known.get(type);
      return found != null && found != this && depth <= DEEPEST && found.carries(value, depth + 1);
    }
  }

  /** Types without components. */
  private static final class Leaves {
    private static final Map<Class<?>, Shape> ALL = all();

    static @Nullable Shape of(Class<?> type) {
      return ALL.get(type);
    }

    private static Map<Class<?>, Shape> all() {
      Map<Class<?>, Shape> all = new HashMap<>();
      for (Class<?> plain :
          List.of(
              Boolean.class,
              Byte.class,
              Short.class,
              Integer.class,
              Long.class,
              String.class,
              UUID.class,
              Instant.class,
              LocalDate.class,
              LocalDateTime.class,
              Duration.class)) {
        all.put(plain, exact(plain));
      }
      all.put(boolean.class, exact(Boolean.class));
      all.put(byte.class, exact(Byte.class));
      all.put(short.class, exact(Short.class));
      all.put(int.class, exact(Integer.class));
      all.put(long.class, exact(Long.class));
      Shape finite =
          (value, depth) -> value == null || (value instanceof Double d && Double.isFinite(d));
      all.put(double.class, finite);
      all.put(Double.class, finite);
      all.put(BigDecimal.class, Leaves::shortDecimal);
      all.put(BigInteger.class, Leaves::shortInteger);
      return all;
    }

    private static boolean shortDecimal(@Nullable Object value, int depth) {
      return value == null
          || (value.getClass() == BigDecimal.class
              && ((BigDecimal) value).precision() < MAX_DIGITS
              && Math.abs((long) ((BigDecimal) value).scale()) < MAX_DIGITS);
    }

    private static boolean shortInteger(@Nullable Object value, int depth) {
      return value == null
          || (value.getClass() == BigInteger.class
              && ((BigInteger) value).bitLength() < MAX_DIGITS);
    }
  }
}
