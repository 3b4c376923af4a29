package dev.warren.worker.child;

import dev.warren.worker.link.Setup;
import java.lang.reflect.Member;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which functions a child may run: those of classes that come from the worker's {@code --app} class
 * path, and those that match an {@code --allow} pattern. Immutable.
 */
final class AllowedCode {
  private final @Nullable List<Path> appPath;
  private final List<String> patterns;

  private AllowedCode(@Nullable List<Path> appPath, List<String> patterns) {
    this.appPath = appPath;
    this.patterns = patterns;
  }

  static AllowedCode of(Setup setup) {
    return of(setup.appPath(), setup.allow());
  }

  static AllowedCode of(@Nullable List<String> appPath, List<String> patterns) {
    if (appPath == null) {
      return new AllowedCode(null, patterns);
    }
    List<Path> paths = new ArrayList<>();
    for (String entry : appPath) {
      paths.add(real(Path.of(entry)));
    }
    return new AllowedCode(paths, patterns);
  }

  /**
   * Checks a function before its class is initialised.
   *
   * @param named the class it was asked for on
   * @throws Rejection where it may not be run
   */
  void check(Class<?> named, String method, Member member) {
    if (appPath == null || matches(named.getName(), method) || comesFromApp(named, member)) {
      return;
    }
    throw new Rejection(
        named.getName()
            + "::"
            + method
            + " is not allowed here: its class is not in the worker's --app, and no --allow"
            + " pattern names it");
  }

  /** An inherited static method is its own class's affair; an inherited instance method is not. */
  private boolean comesFromApp(Class<?> named, Member member) {
    return inApp(named)
        && (!Modifier.isStatic(member.getModifiers()) || inApp(member.getDeclaringClass()));
  }

  private boolean inApp(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null || appPath == null) {
      return false;
    }
    Path from;
    try {
      from = real(Path.of(source.getLocation().toURI()));
    } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
      return false;
    }
    for (Path entry : appPath) {
      if (from.startsWith(entry)) {
        return true;
      }
    }
    return false;
  }

  private boolean matches(String className, String method) {
    for (String pattern : patterns) {
      int colons = pattern.indexOf("::");
      String classPart = colons < 0 ? pattern : pattern.substring(0, colons);
      String methodPart = colons < 0 ? "*" : pattern.substring(colons + 2);
      if (matchesClass(classPart, className)
          && (methodPart.equals("*") || methodPart.equals(method))) {
        return true;
      }
    }
    return false;
  }

  /** {@code com.acme.*} is the package and all below it; anything else is one class, exactly. */
  private static boolean matchesClass(String pattern, String className) {
    return pattern.endsWith(".*")
        ? className.startsWith(pattern.substring(0, pattern.length() - 1))
        : pattern.equals(className);
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (java.io.IOException e) {
      return path.toAbsolutePath().normalize();
    }
  }
}
