package dev.warren.pool.engine.function;

import dev.warren.json.LineBuffer;
import dev.warren.json.ValueException;
import dev.warren.json.Values;
import dev.warren.pool.code.InMemoryClasses;
import dev.warren.task.Payload;
import dev.warren.wire.FunctionRef;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@link FunctionReader} learns about a lambda or method reference, once for all its
 * instances: the method, its result type, and the types of the captured variables. Immutable.
 */
final class FunctionForm {
  private final FunctionRef ref;
  private final Type resultType;
  private final @Nullable ClassLoader loader;
  private final List<Type> capturedTypes;
  private final List<Type> ownTypes;
  private final boolean bound;
  private final boolean lasting;
  private final @Nullable ReadFunction plain;
  private final @Nullable ReadFunction plainAction;

  private FunctionForm(
      FunctionRef ref,
      Type resultType,
      @Nullable ClassLoader loader,
      List<Type> types,
      int captured,
      boolean bound,
      boolean lasting) {
    this.ref = ref;
    this.resultType = resultType;
    this.loader = loader;
    this.capturedTypes = types.subList(0, captured);
    this.ownTypes = types.subList(captured, types.size());
    this.bound = bound;
    this.lasting = lasting;
    this.plain = captured == 0 ? made(null, false) : null;
    this.plainAction = captured == 0 ? made(null, true) : null;
  }

  static FunctionForm of(String name, SerializedLambda lambda, @Nullable ClassLoader loader) {
    Class<?> owner = load(name, lambda.getImplClass(), loader);
    refuseGroovy(name, owner);
    InMemoryClasses.ofProgram().provide(name, owner);
    boolean constructor = lambda.getImplMethodKind() == MethodHandleInfo.REF_newInvokeSpecial;
    boolean instance =
        !constructor && lambda.getImplMethodKind() != MethodHandleInfo.REF_invokeStatic;
    MethodType signature =
        MethodType.fromMethodDescriptorString(lambda.getImplMethodSignature(), loader);
    Executable method =
        constructor
            ? constructor(name, owner, signature)
            : method(name, owner, lambda.getImplMethodName(), signature);
    boolean synthetic = method.isSynthetic();
    int captured = lambda.getCapturedArgCount();
    if (synthetic && instance) {
      throw new IllegalArgumentException(
          name
              + " captures this, a "
              + owner.getName()
              + " (it uses a field or a method of the enclosing object); make that"
              + " static, a local variable, or an argument");
    }
    Type result = constructor ? owner : ((Method) method).getGenericReturnType();
    Class<?> named = constructor ? null : namedHere((Method) method, lambda, loader);
    FunctionRef ref =
        new FunctionRef(
            owner.getName(),
            constructor ? "new" : lambda.getImplMethodName(),
            lambda.getImplMethodSignature(),
            synthetic ? FunctionRef.digestOf(owner) : null,
            named == null ? null : named.getName());
    return new FunctionForm(
        ref,
        named == null ? result : named,
        loader,
        types(owner, method, instance),
        captured,
        instance,
        !InMemoryClasses.contains(owner));
  }

  private static void refuseGroovy(String name, Class<?> owner) {
    Class<?> parent = owner.getSuperclass();
    if (parent != null && parent.getName().equals("groovy.lang.Closure")) {
      throw new IllegalArgumentException(
          name
              + " is a lambda or closure of Groovy, an object that cannot be sent by name; write a"
              + " static method and pass NamedFunction.of(\"com.acme.Prices::reduced\", Item)");
    }
  }

  /** Whether the function's class cannot be redefined, as jshell does with those in memory. */
  boolean isLasting() {
    return lasting;
  }

  /** The function, if it captures nothing; otherwise null. */
  @Nullable ReadFunction withoutCaptured(boolean discardResult) {
    return discardResult ? plainAction : plain;
  }

  /** The function with these captured arguments. */
  ReadFunction with(Payload captured, boolean discardResult) {
    return made(captured, discardResult);
  }

  private ReadFunction made(@Nullable Payload captured, boolean discardResult) {
    return discardResult
        ? new ReadFunction(ref.discardingResult(), captured, ownTypes, void.class, loader)
        : new ReadFunction(ref, captured, ownTypes, resultType, loader);
  }

  /**
   * Writes captured value {@code index}.
   *
   * @throws IllegalArgumentException naming the captured value, if it cannot be sent
   */
  void writeCaptured(
      String name, int index, @Nullable Object value, Values values, LineBuffer out) {
    try {
      values.writer(values.type(capturedTypes.get(index))).write(value, out, true);
    } catch (ValueException e) {
      String what =
          bound && index == 0
              ? name + " is bound to an object"
              : name + " captures a variable (number " + (index + 1) + ")";
      throw new IllegalArgumentException(
          what + ": " + e.getMessage() + ". Capture plain values, or pass it as an argument", e);
    }
  }

  /** The types that the arguments are read as, captured ones first. */
  private static List<Type> types(Class<?> owner, Executable method, boolean instance) {
    List<Type> types = new ArrayList<>();
    if (instance) {
      types.add(owner);
    }
    Type[] parameters = method.getGenericParameterTypes();
    types.addAll(
        Arrays.asList(
            parameters.length == method.getParameterCount()
                ? parameters
                : method.getParameterTypes()));
    return List.copyOf(types);
  }

  /**
   * The result's class, if the lambda's context determines it more precisely than the method's
   * signature; otherwise null.
   */
  private static @Nullable Class<?> namedHere(
      Method method, SerializedLambda lambda, @Nullable ClassLoader loader) {
    Class<?> declared = method.getReturnType();
    Class<?> here =
        MethodType.fromMethodDescriptorString(lambda.getInstantiatedMethodType(), loader)
            .returnType();
    return hasVariable(method.getGenericReturnType())
            && declared != here
            && declared.isAssignableFrom(here)
        ? here
        : null;
  }

  private static boolean hasVariable(Type type) {
    return type instanceof TypeVariable<?> || type instanceof WildcardType;
  }

  private static Class<?> load(String name, String implClass, @Nullable ClassLoader loader) {
    try {
      return Class.forName(implClass.replace('/', '.'), false, loader);
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException(name + " cannot be read: no class " + implClass, e);
    }
  }

  private static Executable constructor(String name, Class<?> owner, MethodType signature) {
    if (owner.isMemberClass() && !Modifier.isStatic(owner.getModifiers())) {
      throw new IllegalArgumentException(
          name + " creates an object of the inner class " + owner.getName() + "; make it static");
    }
    try {
      return owner.getDeclaredConstructor(signature.parameterArray());
    } catch (NoSuchMethodException e) {
      throw new IllegalArgumentException(name + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static Method method(
      String name, Class<?> owner, String methodName, MethodType signature) {
    Method found = find(owner, methodName, signature);
    if (found == null) {
      throw new IllegalArgumentException(
          name + " cannot be read: no method " + methodName + signature + " in " + owner.getName());
    }
    return found;
  }

  private static @Nullable Method find(Class<?> owner, String methodName, MethodType signature) {
    for (Method method : owner.getDeclaredMethods()) {
      if (method.getName().equals(methodName)
          && method.getReturnType() == signature.returnType()
          && Arrays.equals(method.getParameterTypes(), signature.parameterArray())) {
        return method;
      }
    }
    Class<?> parent = owner.getSuperclass();
    Method found = parent == null ? null : find(parent, methodName, signature);
    for (Class<?> above : found == null ? owner.getInterfaces() : new Class<?>[0]) {
      found = found == null ? find(above, methodName, signature) : found;
    }
    return found;
  }
}
