package dev.warren.json.shape;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Compares a value with its copy after a round trip through JSON: classes, fields of users' classes
 * whatever their {@code equals} says, elements of containers. The platform's lists, sets and maps
 * are compared by content, whatever their class. For a single comparison; not thread-safe.
 */
public final class Comparison {
  private static final String NAME_THE_TYPE =
      "nothing declares its class: declare it in the signature of a"
          + " named method (a lambda's has no type arguments), an array or a record";

  public static final String OR_ANNOTATE =
      ", or list the possible classes with @JsonTypeInfo and @JsonSubTypes";

  private final Fields fields;
  private final Containers containers = new Containers(this);
  private final IdentityHashMap<Object, Set<Object>> seen = new IdentityHashMap<>();

  public Comparison(Fields fields) {
    this.fields = fields;
  }

  /** Returns the first difference; null if there is none. */
  public @Nullable Difference between(@Nullable Object value, @Nullable Object back) {
    if (value == back) {
      return value instanceof Throwable ? exception(value) : null;
    }
    if (value == null || back == null) {
      return Difference.here(
          Difference.Kind.NULL,
          value == null
              ? "is null, and would come back as a " + name(back)
              : "is a " + name(value) + ", and would come back as null",
          "do not use null here, or write and read it with your own serializer (@JsonSerialize)");
    }
    if (value instanceof Throwable) {
      return exception(value);
    }
    if (value.getClass().isArray()) {
      return value.getClass() == back.getClass() ? arrays(value, back) : classes(value, back);
    }
    if (Containers.isContainer(value)) {
      return containers.between(value, back);
    }
    return Platform.has(value.getClass()) ? platform(value, back) : objects(value, back);
  }

  private static Difference exception(Object value) {
    return Difference.here(
        Difference.Kind.CLASS,
        "is an exception, a " + name(value) + ", which JSON cannot represent",
        "throw it, or pass its message");
  }

  Difference classes(Object value, @Nullable Object back) {
    return Difference.here(
        Difference.Kind.CLASS,
        "is a " + name(value) + ", and would come back as a " + name(back),
        remedy(value, back));
  }

  private static String remedy(Object value, @Nullable Object back) {
    Class<?> type = value.getClass();
    if (!(value instanceof Enum) && (type.isAnonymousClass() || type.isLocalClass())) {
      return "make it a named class, static or top-level, and declare that";
    }
    if (Containers.isContainer(value)) {
      return "pass a java.util collection of the declared type, or declare this class";
    }
    return back == null || Platform.has(back.getClass())
        ? NAME_THE_TYPE
        : "declare that class" + OR_ANNOTATE;
  }

  public static String name(@Nullable Object value) {
    return value == null ? "null" : value.getClass().getTypeName();
  }

  private @Nullable Difference arrays(Object value, Object back) {
    int length = Array.getLength(value);
    if (length != Array.getLength(back)) {
      return size(length, Array.getLength(back));
    }
    if (value.getClass().getComponentType().isPrimitive()) {
      return primitives(value, back, length);
    }
    for (int i = 0; i < length; i++) {
      Difference difference = between(Array.get(value, i), Array.get(back, i));
      if (difference != null) {
        return difference.under("[" + i + "]");
      }
    }
    return null;
  }

  private static @Nullable Difference primitives(Object value, Object back, int length) {
    for (int i = 0; i < length; i++) {
      if (!Array.get(value, i).equals(Array.get(back, i))) {
        return changed().under("[" + i + "]");
      }
    }
    return null;
  }

  static Difference size(int size, int back) {
    return Difference.here(
        Difference.Kind.VALUE,
        "has " + size + " elements, and would come back with " + back,
        "no two keys or elements may have the same form in JSON");
  }

  static Difference changed() {
    return Difference.here(
        Difference.Kind.VALUE,
        "would come back as another value",
        "pass it in a form that JSON supports, for example as text");
  }

  private @Nullable Difference platform(Object value, Object back) {
    if (value.getClass() != back.getClass()) {
      return value.getClass().getPackageName().equals("sun.nio.fs") && value.equals(back)
          ? null
          : classes(value, back);
    }
    if (value instanceof Optional<?> optional) {
      return between(optional.orElse(null), ((Optional<?>) back).orElse(null));
    }
    if (value instanceof AtomicReference<?> reference) {
      return between(reference.get(), ((AtomicReference<?>) back).get());
    }
    Boolean same = knownToBeSame(value, back);
    if (same == null) {
      same = hasEquals(value.getClass()) && value.equals(back);
    }
    return same ? null : changed();
  }

  /** Compares classes of the platform that have values but no equals; null for other classes. */
  private static @Nullable Boolean knownToBeSame(Object value, Object back) {
    if (value.getClass() == Object.class) {
      return true; // a lock
    }
    if (value instanceof AtomicInteger || value instanceof AtomicLong) {
      return ((Number) value).longValue() == ((Number) back).longValue();
    }
    if (value instanceof AtomicBoolean flag) {
      return flag.get() == ((AtomicBoolean) back).get();
    }
    if (value instanceof Pattern pattern) {
      Pattern other = (Pattern) back;
      return pattern.pattern().equals(other.pattern()) && pattern.flags() == other.flags();
    }
    if (value instanceof StringBuilder || value instanceof StringBuffer) {
      return value.toString().equals(back.toString());
    }
    return null;
  }

  private static boolean hasEquals(Class<?> type) {
    try {
      return type.getMethod("equals", Object.class).getDeclaringClass() != Object.class;
    } catch (NoSuchMethodException e) {
      throw new AssertionError("every class has equals", e);
    }
  }

  /** Compares two objects of users' classes. */
  private @Nullable Difference objects(Object value, Object back) {
    if (value.getClass() != back.getClass()) {
      return classes(value, back);
    }
    Fields.State state = fields.of(value.getClass());
    if (state.trusted() || value instanceof Enum<?> || !isFirst(value, back)) {
      return value instanceof Enum<?> ? changed() : null;
    }
    if (state.hidden() != null) {
      return hasEquals(value.getClass()) && value.equals(back)
          ? null
          : Difference.here(
              Difference.Kind.CLASS,
              "cannot be inspected: " + state.hidden(),
              "open the package, or implement equals");
    }
    Difference difference = fieldsOf(state, value, back);
    return done(value, back, difference == null ? inherited(state, value, back) : difference);
  }

  /** Whether these two have not been compared yet, and are not being compared by a caller. */
  private boolean isFirst(Object value, Object back) {
    return seen.computeIfAbsent(value, key -> Collections.newSetFromMap(new IdentityHashMap<>()))
        .add(back);
  }

  /**
   * Forgets a pair that differs, because it may be compared again, for example as elements of a
   * set.
   */
  private @Nullable Difference done(Object value, Object back, @Nullable Difference difference) {
    Set<Object> compared = seen.get(value);
    if (difference != null && compared != null) {
      compared.remove(back);
    }
    return difference;
  }

  /** Compares the fields that a container of a user's class has besides its elements. */
  @Nullable Difference ownFields(Object value, Object back) {
    Fields.State state = fields.of(value.getClass());
    if (state.trusted() || !isFirst(value, back)) {
      return null;
    }
    return state.hidden() == null ? done(value, back, fieldsOf(state, value, back)) : null;
  }

  private @Nullable Difference fieldsOf(Fields.State state, Object value, Object back) {
    for (Field field : state.fields()) {
      Difference difference = between(get(field, value), get(field, back));
      if (difference != null) {
        return (difference.path().isEmpty() ? inField(value, difference) : difference)
            .under(field.getName());
      }
    }
    return trustedFieldsOf(state, value, back);
  }

  /** Compares fields with custom serializers: only whether they are null. */
  private static @Nullable Difference trustedFieldsOf(
      Fields.State state, Object value, Object back) {
    for (Field field : state.trustedFields()) {
      Object one = get(field, value);
      Object other = get(field, back);
      if ((one == null) != (other == null)) {
        return Difference.here(
                Difference.Kind.NULL,
                "is a " + name(one) + ", and would come back as " + name(other),
                "its serializer and deserializer must treat null alike")
            .under(field.getName());
      }
    }
    return null;
  }

  private static @Nullable Object get(Field field, Object of) {
    try {
      return field.get(of);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("field " + field + " was opened", e);
    }
  }

  /** Describes a field that most likely was not sent and kept its default. */
  private static Difference inField(Object value, Difference difference) {
    return difference.kind() == Difference.Kind.CLASS
        ? difference
        : Difference.here(
            difference.kind(),
            "is a field of " + name(value) + " that would come back with another value",
            "add a getter and a setter, make the class a record, or annotate it (@JsonProperty"
                + " to send it, @JsonIgnore or transient to leave it out)");
  }

  /** Compares the state of a superclass of the platform, whose fields cannot be read. */
  private @Nullable Difference inherited(Fields.State state, Object value, Object back) {
    Class<?> parent = state.platform();
    if (parent == Object.class || parent == Record.class || !hasState(parent)) {
      return null;
    }
    try {
      if (parent.getMethod("equals", Object.class).getDeclaringClass() != Object.class) {
        return value.equals(back) ? null : changed();
      }
    } catch (NoSuchMethodException e) {
      throw new AssertionError("every class has equals", e);
    }
    return Difference.here(
        Difference.Kind.CLASS,
        "is a " + parent.getName() + ", whose state JSON cannot represent",
        "pass the values it was created from");
  }

  private static boolean hasState(Class<?> parent) {
    for (Class<?> at = parent; at != null; at = at.getSuperclass()) {
      for (Field field : at.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          return true;
        }
      }
    }
    return false;
  }
}
