package dev.warren.worker.child.call;

import dev.warren.json.Values;
import dev.warren.wire.FunctionRef;
import dev.warren.worker.functions.ClassFile;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds methods of a class that Java's reflection cannot list, because another method of the class
 * uses a type that is missing here: {@code run(Pool)} next to a function that workers can run.
 * Reads names and types from the class file and links only the wanted methods. Slower than
 * reflection, and used only for such classes. Stateless.
 */
final class LoneMethods {
  private static final int SYNTHETIC = 0x1000;

  private LoneMethods() {}

  interface Filter {
    boolean permits(Class<?> declaring, ClassFile.Method method);
  }

  /**
   * The methods with this name, including those of superclasses.
   *
   * @throws Rejection if one of them itself needs a type that is missing here
   */
  static List<TargetMethod> find(
      Class<?> type, FunctionRef ref, Filter filter, Supplier<Values> values) {
    List<TargetMethod> callees = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      boolean constructors = ref.methodName().equals("new");
      if (constructors && (c != type || Modifier.isAbstract(type.getModifiers()))) {
        break;
      }
      for (ClassFile.Method method : methods(c)) {
        if (method.name().equals(constructors ? "<init>" : ref.methodName())
            && (ref.descriptor() == null
                ? (method.access() & SYNTHETIC) == 0
                : ref.descriptor().equals(method.descriptor()))
            && filter.permits(c, method)
            && !seen.contains(method.descriptor())) {
          seen.add(method.descriptor());
          callees.add(callee(type, c, method, ref, values));
        }
      }
    }
    return callees;
  }

  /** Names of the methods that the class itself declares and that may be shown. */
  static SortedSet<String> names(Class<?> type, Filter filter) {
    SortedSet<String> names = new TreeSet<>();
    for (ClassFile.Method method : methods(type)) {
      if ((method.access() & SYNTHETIC) == 0
          && !method.name().startsWith("<")
          && filter.permits(type, method)) {
        names.add(method.name());
      }
    }
    return names;
  }

  private static List<ClassFile.Method> methods(Class<?> type) {
    String file = type.getName().substring(type.getName().lastIndexOf('.') + 1) + ".class";
    try (InputStream in = type.getResourceAsStream(file)) {
      return in == null ? List.of() : ClassFile.read(in).methods();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static TargetMethod callee(
      Class<?> type,
      Class<?> declaring,
      ClassFile.Method method,
      FunctionRef ref,
      Supplier<Values> values) {
    ClassLoader loader = loader(declaring);
    try {
      MethodType descriptor = MethodType.fromMethodDescriptorString(method.descriptor(), loader);
      MethodHandle handle = handle(declaring, method, descriptor).asFixedArity();
      List<Type> parameters = new ArrayList<>(Arrays.asList(descriptor.parameterArray()));
      Type result = method.name().equals("<init>") ? type : descriptor.returnType();
      GenericSignature generic =
          method.signature() == null ? null : new GenericSignature(method.signature(), loader);
      if (generic != null && generic.parameters().size() == parameters.size()) {
        parameters = generic(parameters, generic);
        result = method.name().equals("<init>") ? result : generic.result();
      }
      boolean receiver = !method.name().equals("<init>") && !Modifier.isStatic(method.access());
      String signature = signature(ref.methodName(), descriptor, receiver);
      if (receiver) {
        parameters.add(0, type);
      }
      return TargetMethod.of(
          ref, signature, handle, parameters.toArray(new Type[0]), result, values);
    } catch (TypeNotPresentException e) {
      throw missing(ref, e.typeName(), e);
    } catch (LinkageError | ReflectiveOperationException e) {
      throw missing(ref, String.valueOf(e.getMessage()).replace('/', '.'), e);
    }
  }

  /** Uses the descriptor's type where a type variable leaves the generic type open. */
  private static List<Type> generic(List<Type> plain, GenericSignature generic) {
    List<Type> parameters = new ArrayList<>();
    for (int i = 0; i < plain.size(); i++) {
      boolean open = generic.parameters().get(i).getRawClass() == Object.class;
      parameters.add(open ? plain.get(i) : generic.parameters().get(i));
    }
    return parameters;
  }

  private static MethodHandle handle(
      Class<?> declaring, ClassFile.Method method, MethodType descriptor)
      throws ReflectiveOperationException {
    MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(declaring, MethodHandles.lookup());
    if (method.name().equals("<init>")) {
      return lookup.findConstructor(declaring, descriptor);
    }
    return Modifier.isStatic(method.access())
        ? lookup.findStatic(declaring, method.name(), descriptor)
        : lookup.findVirtual(declaring, method.name(), descriptor);
  }

  private static ClassLoader loader(Class<?> type) {
    @Nullable ClassLoader own = type.getClassLoader();
    return own == null ? ClassLoader.getPlatformClassLoader() : own;
  }

  private static Rejection missing(FunctionRef ref, String type, Throwable cause) {
    return new Rejection(
        ref.shortName()
            + " needs "
            + type
            + ", which is missing on this worker: add the library with --lib",
        cause);
  }

  private static String signature(String name, MethodType descriptor, boolean receiver) {
    List<String> types = new ArrayList<>();
    for (Class<?> type : descriptor.parameterArray()) {
      types.add(type.getSimpleName());
    }
    return name + "(" + String.join(", ", types) + ")" + (receiver ? " on its first argument" : "");
  }
}
