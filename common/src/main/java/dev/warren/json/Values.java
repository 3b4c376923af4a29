package dev.warren.json;

import dev.warren.json.shape.ExactNumbers;
import dev.warren.json.shape.Fields;
import dev.warren.json.shape.Mappers;
import dev.warren.json.shape.Shapes;
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
 * Converts users' values to JSON and back, with one mapper for writing and strict reading and
 * another for lenient reading. Thread-safe; immutable except for caches of types.
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

  /** Values with Warren's own mapper. */
  public static Values standard() {
    return Standard.VALUES;
  }

  /**
   * Values with a user's mapper, to which Warren's strictness and checks are added.
   *
   * @param supplier a class with a no-argument constructor
   * @throws IllegalArgumentException naming the class, if it supplies no mapper
   */
  public static Values of(Class<?> supplier) {
    return new Values(MapperSupplier.get(supplier), false);
  }

  /** The no-argument constructor of a mapper supplier; it need not be public. */
  public static Constructor<?> constructorOf(Class<?> supplier) {
    return MapperSupplier.constructor(supplier);
  }

  /** The mapper's form of a type. */
  public JavaType type(Type type) {
    return strict.constructType(type);
  }

  /** A writer for values that will be read as this type. */
  public ValueWriter writer(JavaType type) {
    ValueWriter known = writers.get(type);
    return known == null ? writers.computeIfAbsent(type, key -> new ValueWriter(this, key)) : known;
  }

  /**
   * A reader for values of a type.
   *
   * @param strictly whether to refuse what does not fit exactly
   */
  public ValueReader reader(JavaType type, boolean strictly) {
    return new ValueReader(this, type, strictly);
  }

  /**
   * A parser over the bytes, for sequences of values.
   *
   * @param strictly whether to refuse duplicate names and numbers out of range
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

  /** Whether no user's mapper changes the form of standard classes. */
  boolean isStandard() {
    return standard;
  }

  Shapes shapes() {
    return shapes;
  }

  Fields fields() {
    return fields;
  }

  /** Created on first use: many children never need it. */
  private static final class Standard {
    static final Values VALUES = new Values(Mappers.base(), true);
  }

  /** Obtains mappers from users' suppliers. */
  private static final class MapperSupplier {
    static Constructor<?> constructor(Class<?> supplier) {
      try {
        return supplier.getDeclaredConstructor();
      } catch (NoSuchMethodException e) {
        throw new IllegalArgumentException(
            "json class "
                + supplier.getName()
                + " has no no-argument constructor; it must be a top-level or static class"
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
            "json class " + supplier.getName() + " supplies no mapper: " + why, e);
      }
      if (made instanceof JsonMapper mapper) {
        return mapper;
      }
      throw new IllegalArgumentException(
          "json class "
              + supplier.getName()
              + " supplies "
              + (made == null ? "null" : "a " + made.getClass().getName())
              + "; it must supply a "
              + JsonMapper.class.getName());
    }
  }
}
