package dev.warren.worker.child.call;

import dev.warren.wire.FunctionRef;
import dev.warren.worker.functions.ClassFile;
import dev.warren.worker.functions.FunctionPatterns;
import dev.warren.worker.functions.WarrensOwn;
import dev.warren.worker.link.Setup;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides which functions a child may run: those of classes in the worker's {@code --app}, narrowed
 * by {@code --functions}, plus those named by {@code --allow}. On {@code local:} all functions,
 * because only the program itself can submit calls there. Confined to the thread that runs calls.
 *
 * <p>The permission is checked by name, before anything is looked up, so that a caller without
 * permission gets the same answer, after the same work, whether the function exists or not. Never
 * callable are Warren's own classes, {@code main(String[])}, members inherited from a class that is
 * not allowed, and synthetic methods, except a lambda's when the digest of its class file is given.
 * Private members are callable only if a pattern names them.
 */
public final class AllowedCode {
  private static final int BRIDGE = 0x40;
  private static final int SYNTHETIC = 0x1000;

  private final @Nullable AppClasses app;
  private final FunctionPatterns functions;
  private final FunctionPatterns allow;

  private AllowedCode(
      @Nullable AppClasses app, FunctionPatterns functions, FunctionPatterns allow) {
    this.app = app;
    this.functions = functions;
    this.allow = allow;
  }

  public static AllowedCode of(Setup setup) {
    return of(setup.appPath(), setup.functions(), setup.allow());
  }

  /**
   * Creates the rules.
   *
   * @param appPath jars and class folders; null if everything is allowed
   * @param functions patterns that narrow the app; empty for all of it
   * @param allow patterns of additional functions
   */
  public static AllowedCode of(
      @Nullable List<String> appPath, List<String> functions, List<String> allow) {
    return new AllowedCode(
        appPath == null ? null : new AppClasses(appPath),
        FunctionPatterns.of(functions),
        FunctionPatterns.of(allow));
  }

  /**
   * Checks a name.
   *
   * @throws Rejection if no function of this name may be called, whether it exists or not
   */
  public void checkName(FunctionRef ref) {
    if (!isNamed(ref.className(), ref.methodName())) {
      throw notAllowed(ref);
    }
  }

  /**
   * Checks the origin of a loaded class: another class of this name may precede the app's on the
   * class path.
   *
   * @throws Rejection with the same answer as {@link #checkName}
   */
  void checkSource(Class<?> type, FunctionRef ref) {
    if (!comesFromThere(type, ref.methodName())) {
      throw notAllowed(ref);
    }
  }

  /**
   * Whether a member may be called. The name must have been checked.
   *
   * @param named the class that the caller named
   * @param method the method that the caller named, {@code new} for a constructor
   * @param withDigest whether the caller gave the right digest of the class file
   */
  boolean permits(Class<?> named, String method, Executable member, boolean withDigest) {
    return app == null
        || permits(
            named,
            method,
            member.getDeclaringClass(),
            new Shape(member.getName(), member.getModifiers(), isMain(member)),
            withDigest);
  }

  /** Whether a method may be called that reflection cannot list. */
  boolean permits(
      Class<?> named,
      String method,
      Class<?> declaring,
      ClassFile.Method member,
      boolean withDigest) {
    boolean main =
        member.name().equals("main") && member.descriptor().startsWith("([Ljava/lang/String;)");
    return permits(
        named, method, declaring, new Shape(member.name(), member.access(), main), withDigest);
  }

  /** The properties of a member that decide. */
  private record Shape(String name, int modifiers, boolean main) {}

  private boolean permits(
      Class<?> named, String method, Class<?> declaring, Shape member, boolean withDigest) {
    if (app == null) {
      return true;
    }
    if (declaring != named
        && !(isNamed(declaring.getName(), method) && comesFromThere(declaring, method))) {
      return false;
    }
    if ((member.modifiers & SYNTHETIC) != 0) {
      return withDigest && isLambda(member);
    }
    return !member.main
        && (!Modifier.isPrivate(member.modifiers)
            || functions.names(declaring.getName(), method)
            || allow.names(declaring.getName(), method));
  }

  /** Whether a method of this class may be shown to callers who may call the class. */
  boolean mayTell(Class<?> type, Method method) {
    return isNamed(type.getName(), method.getName())
        && permits(type, method.getName(), method, false);
  }

  /** Text to append if a name was not found in a class that may be called. */
  String hint() {
    return app == null
        ? ""
        : "; over a broker inherited and private methods and main are not callable, unless"
            + " --functions or --allow names them (main never is)";
  }

  /** Like {@link #mayTell(Class, Method)}, for a method that reflection cannot list. */
  boolean mayTell(Class<?> type, ClassFile.Method method) {
    return isNamed(type.getName(), method.name())
        && permits(type, method.name(), type, method, false);
  }

  private boolean isNamed(String className, String method) {
    AppClasses classes = app;
    if (classes == null) {
      return true;
    }
    boolean own = WarrensOwn.mayBe(className);
    if (own && classes.holdsWarren()) {
      return false;
    }
    boolean narrowed = functions.isEmpty() || functions.matches(className, method);
    return (narrowed && classes.contains(className)) || (!own && allow.matches(className, method));
  }

  private boolean comesFromThere(Class<?> type, String method) {
    return app == null || app.isSourceOf(type) || allow.matches(type.getName(), method);
  }

  /**
   * Whether a synthetic method is a lambda's body, not a bridge, an accessor, or the method that
   * deserializes lambdas.
   */
  private static boolean isLambda(Shape member) {
    return (member.modifiers & BRIDGE) == 0
        && (member.name.contains("lambda$") || member.name.contains("$anonfun$"));
  }

  private static boolean isMain(Executable member) {
    return member.getName().equals("main")
        && member.getParameterCount() == 1
        && member.getParameterTypes()[0] == String[].class;
  }

  private static Rejection notAllowed(FunctionRef ref) {
    return new Rejection(
        ref.shortName()
            + " is not allowed here or does not exist: callable are functions in the worker's --app,"
            + " as far as --functions matches them, and functions that --allow matches; run 'warren"
            + " functions' to list them");
  }
}
