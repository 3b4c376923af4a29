package dev.warren.cli.map;

import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.spelling.Closest;
import dev.warren.wire.FunctionRef;
import dev.warren.wire.WireFormatException;
import dev.warren.worker.functions.AppCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the method that a user names with {@code --fn}, before anything is started. There are no
 * arguments yet, so overloads are selected by the parameters that the user writes; a child selects
 * them by the arguments (FunctionFinder). Classes are loaded by a separate loader and not
 * initialized, so no user code runs in this process.
 */
final class FunctionLookup {
  private static final Pattern NAMED_PARAMETERS =
      Pattern.compile("([^:()\\s]+::[^:()\\s]+)\\(([^()]*)\\)");

  private final List<Path> app;

  FunctionLookup(List<Path> app) {
    this.app = app;
  }

  /**
   * Finds the function.
   *
   * @param text {@code com.acme.Stats::score}; for overloads {@code
   *     com.acme.Stats::score(int,String)}, or with a JVM descriptor
   * @throws CommandFailure if it does not name exactly one method; the message lists the candidates
   */
  Function find(String text) {
    Matcher named = NAMED_PARAMETERS.matcher(text);
    boolean withParameters = named.matches();
    FunctionRef wanted = parse(withParameters ? named.group(1) : text);
    try (URLClassLoader loader = loader()) {
      Class<?> type = load(wanted.className(), loader);
      List<Executable> all = executables(type, wanted.methodName());
      if (all.isEmpty()) {
        throw CommandFailure.usage(unknownMethod(type, wanted));
      }
      String parameters = withParameters ? named.group(2) : null;
      List<Executable> fitting =
          all.stream()
              .filter(e -> parameters == null || parameters(e).equals(simple(parameters)))
              .filter(
                  e ->
                      wanted.descriptor() == null
                          || wanted.descriptor().equals(FunctionRef.descriptorOf(e)))
              .toList();
      if (fitting.size() != 1) {
        throw CommandFailure.usage(
            notOne(wanted, fitting.isEmpty() ? all : fitting, fitting.size()));
      }
      Executable one = fitting.get(0);
      return new Function(
          new FunctionRef(
              wanted.className(), wanted.methodName(), FunctionRef.descriptorOf(one), null),
          arity(one));
    } catch (LinkageError e) {
      throw new CommandFailure(
          ExitCode.USAGE, "class " + wanted.className() + " does not load: " + reason(e), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Finds the function if its class is here; otherwise returns it by name, for children elsewhere
   * or in another language.
   *
   * @param arity number of arguments of a function known by name only; null for those of its
   *     signature, otherwise 1
   * @throws CommandFailure if the class is here and {@link #find} fails, or the name needs the
   *     class
   */
  Function findOrName(String text, @Nullable Integer arity) {
    Matcher named = NAMED_PARAMETERS.matcher(text);
    boolean withParameters = named.matches();
    FunctionRef wanted = parse(withParameters ? named.group(1) : text);
    if (!app.isEmpty() || isHere(wanted.className())) {
      return find(text);
    }
    if (withParameters) {
      throw CommandFailure.usage(
          "--fn "
              + text
              + ": only the class knows its overloads, and it is not here; give --app, or write the"
              + " signature that 'warren functions --json' lists as descriptor, as in --fn"
              + " 'com.acme.Stats::score(ILjava/lang/String;)D'");
    }
    String descriptor = wanted.descriptor();
    int count = descriptor == null ? 1 : parameters(descriptor);
    return new Function(wanted, arity == null ? count : arity);
  }

  private boolean isHere(String className) {
    try (URLClassLoader loader = loader()) {
      Class.forName(className, false, loader);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    } catch (LinkageError e) {
      return true; // find reports it
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Number of parameters of a JVM descriptor. */
  private static int parameters(String descriptor) {
    String list = descriptor.substring(1, descriptor.indexOf(')'));
    return list.replaceAll("\\[", "").replaceAll("L[^;]*;", "L").length();
  }

  private static FunctionRef parse(String text) {
    try {
      return FunctionRef.parse(text, null);
    } catch (WireFormatException e) {
      throw new CommandFailure(ExitCode.USAGE, "--fn: " + e.getMessage(), e);
    }
  }

  private URLClassLoader loader() throws MalformedURLException {
    List<URL> urls = new ArrayList<>();
    for (Path entry : app) {
      urls.add(entry.toUri().toURL());
    }
    return new URLClassLoader(urls.toArray(new URL[0]), FunctionLookup.class.getClassLoader());
  }

  private Class<?> load(String name, ClassLoader loader) {
    try {
      return Class.forName(name, false, loader);
    } catch (ClassNotFoundException e) {
      String where =
          app.isEmpty()
              ? "no --app is given"
              : "it is not in --app "
                  + app.stream()
                      .map(p -> p.getFileName().toString())
                      .collect(Collectors.joining(", "));
      throw new CommandFailure(
          ExitCode.USAGE, "unknown class " + name + ": " + where + similarClass(name), e);
    }
  }

  private String similarClass(String name) {
    try {
      Set<String> classes = new TreeSet<>();
      AppCode.of(app, List.of()).functions().forEach(fn -> classes.add(fn.className()));
      String same =
          classes.stream()
              .filter(each -> simpleName(each).equals(simpleName(name)))
              .findFirst()
              .orElse(null);
      return same == null ? Closest.hint(name, classes) : "; did you mean " + same + "?";
    } catch (IOException | RuntimeException e) {
      return ""; // a hint is not worth an error
    }
  }

  private static String simpleName(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }

  /** All methods of this name that a call on {@code type} may mean, without overridden ones. */
  private static List<Executable> executables(Class<?> type, String name) {
    if (name.equals("new")) {
      return Modifier.isAbstract(type.getModifiers())
          ? List.of()
          : Arrays.asList(type.getDeclaredConstructors());
    }
    Map<String, Executable> bySignature = new LinkedHashMap<>();
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      collect(c, name, bySignature);
    }
    for (Method method : type.getMethods()) { // includes default methods of interfaces
      if (method.getName().equals(name) && !method.isSynthetic()) {
        bySignature.putIfAbsent(parameters(method).toString(), method);
      }
    }
    return new ArrayList<>(bySignature.values());
  }

  private static void collect(Class<?> type, String name, Map<String, Executable> into) {
    for (Method method : type.getDeclaredMethods()) {
      if (method.getName().equals(name) && !method.isSynthetic()) {
        into.putIfAbsent(parameters(method).toString(), method);
      }
    }
  }

  private static int arity(Executable executable) {
    return executable.getParameterCount() + (isInstanceMethod(executable) ? 1 : 0);
  }

  private static boolean isInstanceMethod(Executable executable) {
    return executable instanceof Method && !Modifier.isStatic(executable.getModifiers());
  }

  private static List<String> parameters(Executable executable) {
    return Arrays.stream(executable.getParameterTypes()).map(Class::getSimpleName).toList();
  }

  /** Parses {@code java.util.List<String>, int} to {@code [List, int]}. */
  private static List<String> simple(String parameters) {
    return parameters.isBlank()
        ? List.of()
        : Arrays.stream(parameters.replaceAll("<.*?>+", "").split(","))
            .map(p -> p.strip().replaceAll("^.*[.$]", "").replace("...", "[]"))
            .toList();
  }

  private static String unknownMethod(Class<?> type, FunctionRef wanted) {
    TreeSet<String> names = new TreeSet<>();
    for (Method method : type.getDeclaredMethods()) {
      if (!method.isSynthetic()) {
        names.add(method.getName());
      }
    }
    String hint = Closest.hint(wanted.methodName(), names);
    return "unknown method "
        + wanted.shortName()
        + hint
        + (names.isEmpty() || !hint.isEmpty()
            ? names.isEmpty() ? "; the class has no methods" : ""
            : "; the class has "
                + names.stream().limit(10).collect(Collectors.joining(", "))
                + (names.size() > 10 ? " and " + (names.size() - 10) + " more" : ""));
  }

  private static String notOne(FunctionRef wanted, List<Executable> there, int fitting) {
    StringJoiner list = new StringJoiner(", ");
    List<Executable> simplestFirst = new ArrayList<>(there);
    simplestFirst.sort(
        Comparator.comparingInt(Executable::getParameterCount)
            .thenComparing(executable -> parameters(executable).toString()));
    for (Executable executable : simplestFirst) {
      String name = executable instanceof Constructor<?> ? "new" : executable.getName();
      list.add(name + "(" + String.join(",", parameters(executable)) + ")");
    }
    return fitting == 0
        ? wanted.shortName() + " has no such parameters; there is " + list
        : wanted.shortName()
            + " is ambiguous: there is "
            + list
            + "; add its parameters, as in --fn '"
            + wanted.className()
            + "::"
            + list.toString().replaceFirst("\\).*", ")")
            + "'";
  }

  private static String reason(LinkageError e) {
    return e instanceof UnsupportedClassVersionError
        ? "it was compiled for a newer Java than " + Runtime.version().feature()
        : e.toString().replace("java.lang.NoClassDefFoundError: ", "not in --app: ");
  }
}
