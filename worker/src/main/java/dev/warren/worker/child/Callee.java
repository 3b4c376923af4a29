package dev.warren.worker.child;

import dev.warren.wire.Json;
import dev.warren.wire.Scalars;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;

/**
 * A function found: how to read its arguments, to call it, and to write its result. Confined to the
 * thread that runs calls. Jackson's readers and writers are made when they are first needed:
 * functions on plain numbers and text never need them.
 */
final class Callee {
  private final String name;
  private final String signature;
  private final @Nullable Executable executable;
  private final @Nullable MethodHandle handle;
  private final Type[] parameters;
  private final Class<?>[] types;
  private final boolean scalar;
  private final @Nullable ObjectReader[] readers;
  private final Type result;
  private @Nullable ObjectWriter writer;

  private Callee(
      String name,
      String signature,
      @Nullable Executable executable,
      @Nullable MethodHandle handle,
      Type[] parameters,
      Type result) {
    this.name = name;
    this.signature = signature;
    this.executable = executable;
    this.handle = handle;
    this.parameters = parameters;
    this.types = new Class<?>[parameters.length];
    boolean allScalar = true;
    for (int i = 0; i < parameters.length; i++) {
      types[i] = raw(parameters[i]);
      allScalar &= Scalars.reads(types[i]);
    }
    this.scalar = allScalar;
    this.readers = new ObjectReader[parameters.length];
    this.result = result;
  }

  /**
   * Makes a method or constructor callable.
   *
   * @param receiver class of the first argument, for an instance method
   * @throws Rejection where Java does not let us
   */
  static Callee of(String name, Class<?> receiver, Executable executable) {
    Type result =
        executable instanceof Method method ? method.getGenericReturnType() : Object.class;
    return new Callee(
        name,
        describe(executable),
        opened(executable),
        null,
        parameterTypes(receiver, executable),
        result);
  }

  /**
   * Makes a method callable that reflection cannot give.
   *
   * @param parameters types of all arguments, the receiver's included
   */
  static Callee of(
      String name, String signature, MethodHandle handle, Type[] parameters, Type result) {
    return new Callee(name, signature, null, handle, parameters, result);
  }

  private static Class<?> raw(Type type) {
    return type instanceof Class<?> plain ? plain : Json.MAPPER.constructType(type).getRawClass();
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

  /** Whether {@link Scalars} can read all its arguments. */
  boolean isScalar() {
    return scalar;
  }

  /** Whether an argument, or the result by its declared type, needs the JSON library. */
  boolean needsJson() {
    return !scalar
        || !(result instanceof Class<?> type && (type == void.class || Scalars.reads(type)));
  }

  Class<?>[] types() {
    return types;
  }

  /** For people: {@code java.util.List<java.lang.String>}. */
  String typeName(int i) {
    return parameters[i] instanceof JavaType type
        ? type.toCanonical()
        : parameters[i].getTypeName();
  }

  /** Reads an argument as the function's generic parameter type. */
  ObjectReader reader(int i) {
    ObjectReader reader = readers[i];
    if (reader == null) {
      // 1.5 is no int: a silent cut would be a wrong result
      reader =
          Json.MAPPER
              .readerFor(Json.MAPPER.constructType(parameters[i]))
              .without(
                  DeserializationFeature.ACCEPT_FLOAT_AS_INT,
                  DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
      readers[i] = reader;
    }
    return reader;
  }

  /**
   * Writes the result. A container is written by its declared type, which knows more than its class
   * does (type ids of its elements); anything else by its own class, which may be more than was
   * declared.
   */
  ObjectWriter writer() {
    ObjectWriter known = writer;
    if (known == null) {
      JavaType type = Json.MAPPER.constructType(result);
      known =
          type.isContainerType() || type.isReferenceType()
              ? Json.MAPPER.writerFor(type)
              : Json.MAPPER.writer();
      writer = known;
    }
    return known;
  }

  /**
   * Calls it; throws whatever it throws. By reflection and not by a method handle: both are as fast
   * once warm, but the first handle of a process costs it some 30 ms.
   */
  @Nullable Object invoke(@Nullable Object[] args) throws Throwable {
    if (handle != null) {
      return handle.invokeWithArguments(args);
    }
    try {
      if (executable instanceof Constructor<?> constructor) {
        return constructor.newInstance(args);
      }
      Method method = (Method) Objects.requireNonNull(executable);
      return hasReceiver(method)
          ? method.invoke(args[0], Arrays.copyOfRange(args, 1, args.length))
          : method.invoke(null, args);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
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

  private static Executable opened(Executable executable) {
    if (Modifier.isPublic(executable.getModifiers())
        && Modifier.isPublic(executable.getDeclaringClass().getModifiers())) {
      return executable;
    }
    try {
      executable.setAccessible(true);
      return executable;
    } catch (InaccessibleObjectException e) {
      throw new Rejection(
          executable.getDeclaringClass().getName()
              + "::"
              + describe(executable)
              + " is not accessible: "
              + e.getMessage(),
          e);
    }
  }
}
