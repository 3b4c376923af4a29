package dev.warren.pool.engine;

import dev.warren.task.Payload;
import dev.warren.wire.FunctionRef;
import dev.warren.wire.Json;
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
import tools.jackson.databind.JavaType;

/**
 * What {@link FunctionReader} learns of one lambda or method reference in the source, once for all
 * its objects: the method, its result type, and the types of what they capture. Immutable.
 */
final class FunctionForm {
  private final FunctionRef ref;
  private final JavaType resultType;
  private final @Nullable ClassLoader loader;
  private final List<JavaType> capturedTypes;
  private final boolean bound;
  private final @Nullable ReadFunction plain;

  private FunctionForm(
      FunctionRef ref,
      JavaType resultType,
      @Nullable ClassLoader loader,
      List<JavaType> capturedTypes,
      boolean bound) {
    this.ref = ref;
    this.resultType = resultType;
    this.loader = loader;
    this.capturedTypes = capturedTypes;
    this.bound = bound;
    this.plain = capturedTypes.isEmpty() ? new ReadFunction(ref, null, resultType, loader) : null;
  }

  static FunctionForm of(String name, SerializedLambda lambda, @Nullable ClassLoader loader) {
    Class<?> owner = load(name, lambda.getImplClass(), loader);
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
              + " (it uses a field or a method of the object it stands in); make what it uses"
              + " static, a local variable, or an argument");
    }
    FunctionRef ref =
        new FunctionRef(
            owner.getName(),
            constructor ? "new" : lambda.getImplMethodName(),
            lambda.getImplMethodSignature(),
            synthetic ? FunctionRef.digestOf(owner) : null);
    JavaType result = constructor ? type(owner) : resultType((Method) method, lambda, loader);
    return new FunctionForm(
        ref, result, loader, capturedTypes(owner, method, instance, captured), instance);
  }

  /** The function, where none is captured; else null. */
  @Nullable ReadFunction withoutCaptured() {
    return plain;
  }

  /** The function with these captured arguments. */
  ReadFunction with(Payload captured) {
    return new ReadFunction(ref, captured, resultType, loader);
  }

  /** JSON of captured value {@code index}. */
  String captured(String name, int index, @Nullable Object value) {
    String what =
        bound && index == 0
            ? name + " is bound to an object"
            : name + " captures a variable (number " + (index + 1) + ")";
    return FunctionReader.travelling(what, value, capturedTypes.get(index));
  }

  private static List<JavaType> capturedTypes(
      Class<?> owner, Executable method, boolean instance, int captured) {
    List<JavaType> types = new ArrayList<>();
    if (instance && captured > 0) {
      types.add(type(owner));
    }
    Type[] parameters = method.getGenericParameterTypes();
    if (parameters.length != method.getParameterCount()) {
      parameters = method.getParameterTypes();
    }
    for (int i = 0; types.size() < captured; i++) {
      types.add(type(parameters[i]));
    }
    return List.copyOf(types);
  }

  /**
   * The method's generic result type; where that says less than what the call's own place in the
   * source does (a type variable), that type.
   */
  private static JavaType resultType(
      Method method, SerializedLambda lambda, @Nullable ClassLoader loader) {
    JavaType declared = type(method.getGenericReturnType());
    Class<?> here =
        MethodType.fromMethodDescriptorString(lambda.getInstantiatedMethodType(), loader)
            .returnType();
    boolean vague = hasVariable(method.getGenericReturnType());
    return vague && declared.getRawClass() != here && declared.getRawClass().isAssignableFrom(here)
        ? type(here)
        : declared;
  }

  private static boolean hasVariable(Type type) {
    return type instanceof TypeVariable<?> || type instanceof WildcardType;
  }

  private static JavaType type(Type type) {
    return Json.MAPPER.constructType(type);
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
          name + " makes an object of the inner class " + owner.getName() + "; make it static");
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
