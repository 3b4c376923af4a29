package dev.warren.worker.child.call;

import dev.warren.json.Values;
import dev.warren.wire.FunctionRef;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Finds functions by name, in a child: searches this process's class path, checks permission, and
 * caches the result. The arguments of a call select between overloads. Confined to the thread that
 * runs calls. (The reverse direction, from a lambda to its name, is the coordinator's
 * FunctionReader; {@code --fn} is resolved by the command line's FunctionLookup.)
 */
public final class FunctionFinder {
  /** System property that the supervisor sets if its program runs from a source file. */
  private static final String FROM_SOURCE = "warren.caller.from-source";

  private final AllowedCode allowed;
  private final ClassLoader loader;
  private final Supplier<Values> values;
  private final Map<FunctionRef, Overloads> found = new HashMap<>();

  /**
   * Creates a finder with an empty cache.
   *
   * @param values converts arguments and results; requested only if a function needs JSON
   */
  public FunctionFinder(AllowedCode allowed, ClassLoader loader, Supplier<Values> values) {
    this.allowed = allowed;
    this.loader = loader;
    this.values = values;
  }

  /**
   * Finds a function.
   *
   * @throws Rejection if it does not exist, is not allowed, or is of another build
   */
  public Overloads find(FunctionRef ref) {
    Overloads known = found.get(ref);
    if (known == null) {
      known = look(ref);
      found.put(ref, known);
    }
    return known;
  }

  private Overloads look(FunctionRef ref) {
    allowed.checkName(ref);
    Class<?> type = load(ref);
    allowed.checkSource(type, ref);
    checkBuild(type, ref);
    try {
      List<Executable> named = permitted(named(type, ref.methodName()), type, ref);
      if (named.isEmpty()) {
        throw new Rejection(unknownMethod(type, ref));
      }
      List<Executable> wanted = described(named, ref);
      if (wanted.isEmpty()) {
        throw new Rejection(
            ref.shortName() + " has no signature " + ref.descriptor() + "; there is " + all(named));
      }
      List<TargetMethod> callees = new ArrayList<>();
      for (Executable executable : wanted) {
        callees.add(TargetMethod.of(ref, type, executable, values));
      }
      return new Overloads(callees);
    } catch (LinkageError e) {
      return lone(type, ref); // another method uses a type that is missing here
    }
  }

  private Overloads lone(Class<?> type, FunctionRef ref) {
    try {
      List<TargetMethod> callees =
          LoneMethods.find(
              type,
              ref,
              (declaring, method) ->
                  allowed.permits(type, ref.methodName(), declaring, method, ref.digest() != null),
              values);
      if (callees.isEmpty()) {
        throw new Rejection(
            unknown(
                ref,
                LoneMethods.names(
                    type, (declaring, method) -> allowed.mayTell(declaring, method))));
      }
      return new Overloads(callees);
    } catch (LinkageError e) {
      throw new Rejection("class " + ref.className() + " does not link: " + e, e);
    }
  }

  private List<Executable> permitted(List<Executable> named, Class<?> type, FunctionRef ref) {
    List<Executable> permitted = new ArrayList<>(named.size());
    for (Executable executable : named) {
      if (allowed.permits(type, ref.methodName(), executable, ref.digest() != null)) {
        permitted.add(executable);
      }
    }
    return permitted;
  }

  private Class<?> load(FunctionRef ref) {
    try {
      return Class.forName(ref.className(), false, loader);
    } catch (ClassNotFoundException e) {
      throw new Rejection(
          "unknown class "
              + ref.className()
              + ": it is not on the child's class path"
              + (Boolean.getBoolean(FROM_SOURCE) ? compileFirst(ref.className()) : ""),
          e);
    } catch (LinkageError e) {
      throw new Rejection("class " + ref.className() + " does not load: " + e, e);
    }
  }

  private static String compileFirst(String className) {
    String name = className.substring(className.lastIndexOf('.') + 1);
    return "; a program that runs from its source file has its classes in memory only: compile it"
        + " first, 'javac -d classes "
        + name
        + ".java', and run it with 'classes' on its class path";
  }

  /** A lambda's method has no name of its own, only a number that may differ in another build. */
  private static void checkBuild(Class<?> type, FunctionRef ref) {
    if (ref.digest() != null && !ref.digest().equals(FunctionRef.digestOf(type))) {
      throw new Rejection(
          "worker runs another build of "
              + ref.className()
              + ": a lambda needs the same class file on both sides; use a method reference, or"
              + " give the worker the same jar");
    }
  }

  /** All methods of this name that a call on {@code type} may mean, without overridden ones. */
  private static List<Executable> named(Class<?> type, String name) {
    // sorted, so that messages are deterministic: reflection returns methods in any order
    Map<String, Executable> bySignature = new TreeMap<>();
    if (name.equals("new") && !Modifier.isAbstract(type.getModifiers())) {
      for (Executable constructor : type.getDeclaredConstructors()) {
        bySignature.put(FunctionRef.descriptorOf(constructor), constructor);
      }
    }
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      collect(c, name, bySignature);
    }
    collectInterfaces(type, name, bySignature);
    return new ArrayList<>(bySignature.values());
  }

  private static void collectInterfaces(Class<?> type, String name, Map<String, Executable> into) {
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      for (Class<?> parent : c.getInterfaces()) {
        collect(parent, name, into);
        collectInterfaces(parent, name, into);
      }
    }
  }

  private static void collect(Class<?> type, String name, Map<String, Executable> into) {
    for (Method method : type.getDeclaredMethods()) {
      if (method.getName().equals(name)) {
        into.putIfAbsent(FunctionRef.descriptorOf(method), method);
      }
    }
  }

  /**
   * Selects the methods with the wanted descriptor; without a descriptor, the non-synthetic ones.
   */
  private static List<Executable> described(List<Executable> named, FunctionRef ref) {
    List<Executable> wanted = new ArrayList<>();
    for (Executable executable : named) {
      if (ref.descriptor() == null
          ? !executable.isSynthetic()
          : ref.descriptor().equals(FunctionRef.descriptorOf(executable))) {
        wanted.add(executable);
      }
    }
    return wanted;
  }

  /** Reveals no more than a caller who may call this class could find out by calling. */
  private String unknownMethod(Class<?> type, FunctionRef ref) {
    SortedSet<String> names = new TreeSet<>();
    for (Method method : type.getDeclaredMethods()) {
      if (!method.isSynthetic() && allowed.mayTell(type, method)) {
        names.add(method.getName());
      }
    }
    return unknown(ref, names);
  }

  private String unknown(FunctionRef ref, SortedSet<String> names) {
    String closest = DidYouMean.closest(ref.methodName(), names);
    return "unknown method "
        + ref.shortName()
        + (closest == null ? "" : ": did you mean " + closest + "?")
        + (names.isEmpty() ? "; the class has no methods" : "; the class has " + firstOf(names))
        + allowed.hint();
  }

  private static String firstOf(SortedSet<String> names) {
    List<String> list = List.copyOf(names);
    return list.size() <= 10
        ? String.join(", ", list)
        : String.join(", ", list.subList(0, 10)) + " and " + (list.size() - 10) + " more";
  }

  private static String all(List<Executable> executables) {
    List<String> texts = new ArrayList<>();
    for (Executable executable : executables) {
      texts.add(TargetMethod.describe(executable));
    }
    return String.join(", ", texts);
  }
}
