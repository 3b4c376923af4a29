package dev.warren.worker.child;

import dev.warren.wire.Json;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;

/** A function found: how to read its arguments, to call it, and to write its result. Immutable. */
final class Callee {
  private final String name;
  private final String signature;
  private final MethodHandle handle;
  private final Class<?>[] types;
  private final String[] typeNames;
  private final ObjectReader[] readers;
  private final ObjectWriter writer;

  private Callee(
      String name,
      String signature,
      MethodHandle handle,
      Class<?>[] types,
      String[] typeNames,
      ObjectReader[] readers,
      ObjectWriter writer) {
    this.name = name;
    this.signature = signature;
    this.handle = handle;
    this.types = types;
    this.typeNames = typeNames;
    this.readers = readers;
    this.writer = writer;
  }

  /**
   * Makes a method or constructor callable.
   *
   * @param receiver class of the first argument, for an instance method
   * @throws Rejection where Java does not let us
   */
  static Callee of(String name, Class<?> receiver, Executable executable) {
    Type[] parameters = parameterTypes(receiver, executable);
    Class<?>[] types = new Class<?>[parameters.length];
    String[] typeNames = new String[parameters.length];
    ObjectReader[] readers = new ObjectReader[parameters.length];
    for (int i = 0; i < parameters.length; i++) {
      JavaType type = Json.MAPPER.constructType(parameters[i]);
      types[i] = type.getRawClass();
      typeNames[i] = parameters[i].getTypeName();
      // 1.5 is no int: a silent cut would be a wrong result
      readers[i] =
          Json.MAPPER
              .readerFor(type)
              .without(
                  DeserializationFeature.ACCEPT_FLOAT_AS_INT,
                  DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }
    return new Callee(
        name,
        describe(executable),
        handle(executable),
        types,
        typeNames,
        readers,
        writer(executable));
  }

  /** The name it was asked for by: {@code com.acme.Stats::score}. */
  String name() {
    return name;
  }

  /** For people: {@code score(int, List)}. */
  String signature() {
    return signature;
  }

  int arity() {
    return types.length;
  }

  Class<?> type(int i) {
    return types[i];
  }

  /** For people: {@code java.util.List<java.lang.String>}. */
  String typeName(int i) {
    return typeNames[i];
  }

  ObjectReader reader(int i) {
    return readers[i];
  }

  ObjectWriter writer() {
    return writer;
  }

  /** Calls it; throws whatever it throws. */
  @SuppressWarnings("ThrowSpecificity")
  @Nullable Object invoke(@Nullable Object[] args) throws Throwable {
    return (Object) handle.invokeExact(args);
  }

  /** How many arguments a call of it has, the receiver included. */
  static int arity(Executable executable) {
    return executable.getParameterCount() + (hasReceiver(executable) ? 1 : 0);
  }

  static boolean hasReceiver(Executable executable) {
    return executable instanceof Method && !Modifier.isStatic(executable.getModifiers());
  }

  /** For people: {@code score(int, List)}. */
  static String describe(Executable executable) {
    StringJoiner text = new StringJoiner(", ", "(", ")");
    for (Class<?> type : executable.getParameterTypes()) {
      text.add(type.getSimpleName());
    }
    return (executable instanceof Constructor<?> ? "new" : executable.getName())
        + text
        + (hasReceiver(executable) ? " on its first argument" : "");
  }

  private static Type[] parameterTypes(Class<?> receiver, Executable executable) {
    Type[] own = executable.getGenericParameterTypes();
    if (own.length != executable.getParameterCount()) {
      own = executable.getParameterTypes(); // inner classes: hidden parameters
    }
    if (!hasReceiver(executable)) {
      return own;
    }
    Type[] all = new Type[own.length + 1];
    all[0] = receiver;
    System.arraycopy(own, 0, all, 1, own.length);
    return all;
  }

  private static MethodHandle handle(Executable executable) {
    try {
      open(executable);
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      MethodHandle handle =
          executable instanceof Method method
              ? lookup.unreflect(method)
              : lookup.unreflectConstructor((Constructor<?>) executable);
      int arity = handle.type().parameterCount();
      return handle
          .asFixedArity()
          .asSpreader(Object[].class, arity)
          .asType(MethodType.methodType(Object.class, Object[].class));
    } catch (IllegalAccessException | InaccessibleObjectException e) {
      throw new Rejection(
          executable.getDeclaringClass().getName()
              + "::"
              + describe(executable)
              + " is not accessible: "
              + e.getMessage());
    }
  }

  private static void open(AccessibleObject object) {
    if (!(object instanceof Executable executable
        && Modifier.isPublic(executable.getModifiers())
        && Modifier.isPublic(executable.getDeclaringClass().getModifiers()))) {
      object.setAccessible(true);
    }
  }

  /**
   * A container is written by its declared type, which knows more than its class does (type ids of
   * its elements); anything else by its own class, which may be more than was declared.
   */
  private static ObjectWriter writer(Executable executable) {
    if (executable instanceof Method method) {
      JavaType type = Json.MAPPER.constructType(method.getGenericReturnType());
      if (type.isContainerType() || type.isReferenceType()) {
        return Json.MAPPER.writerFor(type);
      }
    }
    return Json.MAPPER.writer();
  }
}
