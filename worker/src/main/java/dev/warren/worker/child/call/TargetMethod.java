package dev.warren.worker.child.call;

import dev.warren.json.JsonValues;
import dev.warren.json.ValueReader;
import dev.warren.json.Values;
import dev.warren.wire.FunctionRef;
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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;

/**
 * A function that was found: reads its arguments, invokes it and writes its result. Confined to the
 * thread that runs calls. Jackson's readers and writers are created on first use, because functions
 * of plain numbers and text never need them.
 */
public final class TargetMethod {
  private final String name;
  private final String signature;
  private final @Nullable Executable executable;
  private final @Nullable MethodHandle handle;
  private final Type[] parameters;
  private final Class<?>[] types;
  private final Supplier<Values> values;
  private final @Nullable ValueReader[] strictReaders;
  private final @Nullable ValueReader[] laxReaders;
  private final JsonValues json;

  private TargetMethod(
      FunctionRef ref,
      String signature,
      @Nullable Executable executable,
      @Nullable MethodHandle handle,
      Type[] parameters,
      Type result,
      Supplier<Values> values) {
    this.name = ref.shortName();
    this.signature = signature;
    this.values = values;
    this.executable = executable;
    this.handle = handle;
    this.parameters = parameters;
    this.types = new Class<?>[parameters.length];
    for (int i = 0; i < parameters.length; i++) {
      types[i] = raw(parameters[i]);
    }
    this.strictReaders = new ValueReader[parameters.length];
    this.laxReaders = new ValueReader[parameters.length];
    Type kept = ref.discardsResult() ? void.class : result;
    this.json = new JsonValues(types, kept, new ResultType(values, kept, ref.resultType()));
  }

  /**
   * Makes a method or constructor callable.
   *
   * @param ref the name that the caller used
   * @param receiver class of the first argument, for an instance method
   * @param values converts arguments and results; requested only if a function needs JSON
   * @throws Rejection if Java denies access
   */
  static TargetMethod of(
      FunctionRef ref, Class<?> receiver, Executable executable, Supplier<Values> values) {
    Type result =
        executable instanceof Method method
            ? method.getGenericReturnType()
            : executable.getDeclaringClass();
    return new TargetMethod(
        ref,
        describe(executable),
        opened(executable),
        null,
        parameterTypes(receiver, executable),
        result,
        values);
  }

  /**
   * Makes a method callable that reflection cannot list.
   *
   * @param parameters types of all arguments, the receiver included
   */
  static TargetMethod of(
      FunctionRef ref,
      String signature,
      MethodHandle handle,
      Type[] parameters,
      Type result,
      Supplier<Values> values) {
    return new TargetMethod(ref, signature, null, handle, parameters, result, values);
  }

  private Class<?> raw(Type type) {
    return type instanceof Class<?> plain ? plain : values.get().type(type).getRawClass();
  }

  /** The name that the caller used: {@code com.acme.Stats::score}. */
  String name() {
    return name;
  }

  /** The signature for messages: {@code score(int, List)}. */
  String signature() {
    return signature;
  }

  int arity() {
    return types.length;
  }

  /** The conversion of arguments and results, fast path first. */
  public JsonValues json() {
    return json;
  }

  Class<?>[] types() {
    return types;
  }

  /** A parameter's type for messages: {@code java.util.List<java.lang.String>}. */
  String typeName(int i) {
    return parameters[i] instanceof JavaType type
        ? type.toCanonical()
        : parameters[i].getTypeName();
  }

  /** The conversion of values of any type. */
  Values values() {
    return values.get();
  }

  /** The reader of argument {@code i}, for the function's generic parameter type. */
  ValueReader reader(int i, boolean strictly) {
    @Nullable ValueReader[] readers = strictly ? strictReaders : laxReaders;
    ValueReader reader = readers[i];
    if (reader == null) {
      reader = values().reader(values().type(parameters[i]), strictly);
      readers[i] = reader;
    }
    return reader;
  }

  /**
   * Invokes the function; throws whatever it throws. Uses reflection, not a method handle: both are
   * equally fast once warm, but the first method handle of a process costs about 30 ms.
   */
  public @Nullable Object invoke(@Nullable Object[] args) throws Throwable {
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

  /** Number of arguments of a call, the receiver included. */
  static int arity(Executable executable) {
    return executable.getParameterCount() + (hasReceiver(executable) ? 1 : 0);
  }

  static boolean hasReceiver(Executable executable) {
    return executable instanceof Method && !Modifier.isStatic(executable.getModifiers());
  }

  /** A signature for messages: {@code score(int, List)}. */
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
      own = executable.getParameterTypes(); // inner classes have hidden parameters
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
