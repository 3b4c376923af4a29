package dev.warren.json;

import dev.warren.task.Payload;
import java.lang.reflect.Constructor;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * How values of users travel: one mapper to write them, the same one to read them strictly, and one
 * that reads as Jackson does. Immutable but for what it remembers of types; thread-safe.
 */
public final class Values {
  private final JsonMapper strict;
  private final JsonMapper lax;
  private final boolean standard;
  private final Shapes shapes;
  private final Fields fields;
  private final Map<JavaType, ValueWriter> writers = new ConcurrentHashMap<>();

  private Values(JsonMapper base, boolean standard) {
    this.strict = Mappers.strict(base);
    this.lax = Mappers.lax(base);
    this.standard = standard;
    this.shapes = new Shapes(strict.getTypeFactory());
    this.fields = new Fields(strict);
  }

  /** With the mapper that Warren makes. */
  public static Values standard() {
    return Standard.VALUES;
  }

  /**
   * With a mapper of the user's, on top of which Warren's strictness and checks apply.
   *
   * @param supplier a class with a constructor without parameters
   * @throws IllegalArgumentException naming the class, where it gives no mapper
   */
  public static Values of(Class<?> supplier) {
    return new Values(MapperSupplier.get(supplier), false);
  }

  /** The constructor that makes a supplier of a mapper, which need not be public. */
  public static Constructor<?> constructorOf(Class<?> supplier) {
    return MapperSupplier.constructor(supplier);
  }

  /** A type as the mapper knows it. */
  public JavaType type(Type type) {
    return strict.constructType(type);
  }

  /** Writes values for whoever reads them as this type. */
  public ValueWriter writer(JavaType type) {
    ValueWriter known = writers.get(type);
    return known == null ? writers.computeIfAbsent(type, key -> new ValueWriter(this, key)) : known;
  }

  /**
   * Reads values of a type.
   *
   * @param strictly refuses what does not fit exactly
   */
  public ValueReader reader(JavaType type, boolean strictly) {
    return new ValueReader(this, type, strictly);
  }

  /**
   * A parser over the bytes, for sequences of values.
   *
   * @param strictly refuses duplicate names and numbers out of range
   */
  public JsonParser parser(Payload json, boolean strictly) {
    JsonParser parser = mapper(strictly).createParser(json.array(), json.offset(), json.length());
    return strictly && ExactNumbers.needed(json.array(), json.offset(), json.length())
        ? new ExactNumbers(parser)
        : parser;
  }

  JsonMapper mapper(boolean strictly) {
    return strictly ? strict : lax;
  }

  /** Whether no mapper of a user changes what the standard classes look like. */
  boolean isStandard() {
    return standard;
  }

  Shapes shapes() {
    return shapes;
  }

  Fields fields() {
    return fields;
  }

  /** Made when first asked for: many children never need it. */
  private static final class Standard {
    static final Values VALUES = new Values(Mappers.base(), true);
  }

  /** Makes mappers of users. */
  private static final class MapperSupplier {
    static Constructor<?> constructor(Class<?> supplier) {
      try {
        return supplier.getDeclaredConstructor();
      } catch (NoSuchMethodException e) {
        throw new IllegalArgumentException(
            "json class "
                + supplier.getName()
                + " has no constructor without parameters; it must be a top-level or static class"
                + " that implements Supplier<JsonMapper>",
            e);
      }
    }

    static JsonMapper get(Class<?> supplier) {
      if (!Supplier.class.isAssignableFrom(supplier)) {
        throw new IllegalArgumentException(
            "json class " + supplier.getName() + " does not implement Supplier<JsonMapper>");
      }
      Constructor<?> constructor = constructor(supplier);
      Object made;
      try {
        constructor.setAccessible(true);
        made = ((Supplier<?>) constructor.newInstance()).get();
      } catch (Exception | LinkageError e) {
        Throwable why = e.getCause() == null ? e : e.getCause();
        throw new IllegalArgumentException(
            "json class " + supplier.getName() + " gives no mapper: " + why, e);
      }
      if (made instanceof JsonMapper mapper) {
        return mapper;
      }
      throw new IllegalArgumentException(
          "json class "
              + supplier.getName()
              + " gives "
              + (made == null ? "null" : "a " + made.getClass().getName())
              + "; it must give a "
              + JsonMapper.class.getName());
    }
  }
}
