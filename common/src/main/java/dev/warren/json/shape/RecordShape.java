package dev.warren.json.shape;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.type.TypeFactory;

/**
 * The shape of a record without annotations or extra properties. It survives a round trip if its
 * components do, its accessors return the fields, and its constructor stores its arguments
 * unchanged. Immutable.
 */
final class RecordShape implements Shape {
  private final Class<?> type;
  private final Constructor<?> constructor;
  private final Method[] accessors;
  private final Field[] fields;
  private final Shape[] shapes;

  private RecordShape(
      Class<?> type,
      Constructor<?> constructor,
      Method[] accessors,
      Field[] fields,
      Shape[] shapes) {
    this.type = type;
    this.constructor = constructor;
    this.accessors = accessors;
    this.fields = fields;
    this.shapes = shapes;
  }

  static Shape of(JavaType type, Shapes all, TypeFactory types) {
    Class<?> raw = type.getRawClass();
    RecordComponent[] components = raw.getRecordComponents();
    Method[] accessors = new Method[components.length];
    Field[] fields = new Field[components.length];
    Shape[] shapes = new Shape[components.length];
    Class<?>[] parameters = new Class<?>[components.length];
    try {
      for (int i = 0; i < components.length; i++) {
        accessors[i] = components[i].getAccessor();
        fields[i] = raw.getDeclaredField(components[i].getName());
        parameters[i] = components[i].getType();
        accessors[i].setAccessible(true);
        fields[i].setAccessible(true);
      }
      Constructor<?> constructor = raw.getDeclaredConstructor(parameters);
      constructor.setAccessible(true);
      if (!isPlain(raw, constructor, accessors, fields)) {
        return Shape.UNKNOWN;
      }
      for (int i = 0; i < components.length; i++) {
        shapes[i] =
            all.of(types.resolveMemberType(components[i].getGenericType(), type.getBindings()));
        if (shapes[i] == Shape.UNKNOWN) {
          return Shape.UNKNOWN;
        }
      }
      return new RecordShape(raw, constructor, accessors, fields, shapes);
    } catch (ReflectiveOperationException | InaccessibleObjectException | LinkageError e) {
      return Shape.UNKNOWN;
    }
  }

  private static boolean isPlain(
      Class<?> raw, Constructor<?> constructor, Method[] accessors, Field[] fields) {
    if (raw.getDeclaredConstructors().length != 1
        || raw.getInterfaces().length > 0
        || Shapes.isAnnotated(raw)
        || Shapes.isAnnotated(constructor)) {
      return false;
    }
    for (Method method : raw.getDeclaredMethods()) {
      if (Shapes.isAnnotated(method)
          || looksLikeProperty(method.getName())
          || (Modifier.isStatic(method.getModifiers()) && !method.isSynthetic())) {
        return false;
      }
    }
    for (int i = 0; i < fields.length; i++) {
      if (Shapes.isAnnotated(fields[i])
          || Shapes.isAnnotated(accessors[i])
          || constructor.getParameterAnnotations()[i].length > 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean looksLikeProperty(String name) {
    return name.startsWith("get")
        || name.startsWith("set")
        || name.startsWith("is")
        || name.startsWith("with");
  }

  @Override
  public boolean carries(@Nullable Object value, int depth) {
    if (value == null) {
      return true;
    }
    if (value.getClass() != type || depth > DEEPEST) {
      return false;
    }
    try {
      @Nullable Object[] parts = new Object[fields.length];
      for (int i = 0; i < parts.length; i++) {
        parts[i] = fields[i].get(value);
        if (!shapes[i].carries(parts[i], depth + 1)
            || !same(parts[i], accessors[i].invoke(value))) {
          return false;
        }
      }
      Object again = constructor.newInstance(parts);
      for (int i = 0; i < parts.length; i++) {
        if (!same(parts[i], fields[i].get(again))) {
          return false;
        }
      }
      return true;
    } catch (IllegalAccessException | InstantiationException | InvocationTargetException e) {
      return false;
    }
  }

  /** Whether both are the same object, or equal numbers, booleans or characters. */
  private static boolean same(@Nullable Object one, @Nullable Object other) {
    return one == other
        || (one instanceof Number && one.equals(other))
        || (one instanceof Boolean && one.equals(other))
        || (one instanceof Character && one.equals(other));
  }
}
