package dev.warren.cli.kit;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * Handles signals instead of the JVM, which would exit and ignore later signals. Stateless.
 *
 * <p>Uses reflection: the class it needs is not part of Java's official API, and javac's warning
 * about it cannot be suppressed. If the class is missing, signals have their default effect.
 */
public final class Signals {
  private Signals() {}

  /**
   * Runs {@code action} for each arrival of one of these signals ({@code INT}, {@code TERM}, {@code
   * HUP}), on a thread of the JVM. A signal that this process was started to ignore stays ignored,
   * as {@code nohup} requires for {@code HUP}.
   *
   * @return whether all of them could be handled
   */
  public static boolean on(Runnable action, String... names) {
    boolean all = true;
    for (String name : names) {
      all &= take(action, name);
    }
    return all;
  }

  private static boolean take(Runnable action, String name) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, args) ->
                  switch (method.getName()) {
                    case "handle" -> {
                      action.run();
                      yield null;
                    }
                    case "equals" -> args != null && self == args[0];
                    case "hashCode" -> System.identityHashCode(self);
                    default -> "Signals." + name;
                  });
      Object wanted = signal.getConstructor(String.class).newInstance(name);
      signal.getMethod("handle", signal, handler).invoke(null, wanted, proxy);
      return true;
    } catch (InvocationTargetException e) {
      return false; // the JVM was started with -Xrs, or this system lacks the signal
    } catch (ReflectiveOperationException e) {
      return false; // another JVM, without this class
    }
  }
}
