package dev.warren.worker.functions;

import dev.warren.worker.cache.BootJar;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The code of {@code --app}, and which of it may be called. Determined once, when a worker starts;
 * the child checks each call by the same rules ({@code AllowedCode}). Immutable.
 *
 * <p>Patterns narrow the callable code: those of {@code --functions}; without them those in the
 * jars' manifests ({@code Warren-Functions}), in which case entries without a manifest pattern are
 * on the class path only. Without any patterns everything may be called, which is refused if the
 * app contains foreign code.
 */
public final class AppCode {
  private static final int SYNTHETIC = 0x1000;

  private final List<Path> callablePath;
  private final List<Path> libraryPath;
  private final FunctionPatterns patterns;
  private final List<CallableFunction> functions;

  private AppCode(
      List<Path> callablePath,
      List<Path> libraryPath,
      FunctionPatterns patterns,
      List<CallableFunction> functions) {
    this.callablePath = List.copyOf(callablePath);
    this.libraryPath = List.copyOf(libraryPath);
    this.patterns = patterns;
    this.functions = List.copyOf(functions);
  }

  /**
   * Examines the app. Of a Spring Boot jar its own classes may be called; the jars in it are only
   * on the class path.
   *
   * @param app its jars and class folders
   * @param given patterns of {@code --functions}; empty if none were given
   * @throws IllegalArgumentException if the app contains foreign code and nothing narrows it,
   *     naming the option to use; if a pattern is invalid; if the patterns match nothing in the app
   * @throws IOException if a jar cannot be read
   */
  public static AppCode of(List<Path> app, List<String> given) throws IOException {
    List<AppEntry> entries = new ArrayList<>();
    List<Path> callable = new ArrayList<>();
    List<Path> libraries = new ArrayList<>();
    for (Path path : app) {
      BootJar boot = BootJar.open(path);
      Path own = boot == null ? path : boot.classes();
      libraries.addAll(boot == null ? List.of() : boot.libraries());
      callable.add(own);
      entries.add(AppEntry.scan(own));
    }
    Set<String> texts = new LinkedHashSet<>(given);
    if (given.isEmpty()) {
      entries.forEach(entry -> texts.addAll(entry.functions()));
    }
    if (given.isEmpty() && !texts.isEmpty()) {
      callable.clear();
      for (AppEntry entry : entries) {
        (entry.functions().isEmpty() ? libraries : callable).add(entry.path());
      }
    }
    FunctionPatterns patterns = FunctionPatterns.of(List.copyOf(texts));
    if (patterns.isEmpty()) {
      refuseForeign(entries);
    }
    AppCode code = new AppCode(callable, libraries, patterns, list(callable, patterns));
    if (code.functions.isEmpty() && !given.isEmpty() && anyClass(entries)) {
      throw new IllegalArgumentException(
          "--functions '" + patterns + "' matches no function of --app " + names(app));
    }
    return code;
  }

  private static boolean anyClass(List<AppEntry> entries) {
    return entries.stream().anyMatch(entry -> !entry.packages().isEmpty());
  }

  private static void refuseForeign(List<AppEntry> entries) {
    Origins origins = new Origins(entries);
    String reason = origins.reason();
    if (reason != null) {
      throw new IllegalArgumentException(
          "--app "
              + names(entries.stream().map(AppEntry::path).toList())
              + " contains more than your own code: "
              + reason
              + "; everyone who can publish a task could call all of it. Specify which functions may"
              + " be called: --functions '"
              + origins.guess()
              + "' (libraries can also be given with --lib)");
    }
  }

  private static String names(List<Path> paths) {
    List<String> names =
        paths.stream().limit(3).map(path -> String.valueOf(path.getFileName())).toList();
    return String.join(", ", names)
        + (paths.size() > 3 ? " and " + (paths.size() - 3) + " more" : "");
  }

  /** Jars and folders whose functions may be called. */
  public List<Path> callablePath() {
    return callablePath;
  }

  /** Jars and folders of the app that are only on the class path. */
  public List<Path> libraryPath() {
    return libraryPath;
  }

  /** The patterns that narrow the app; empty if there are none. */
  public FunctionPatterns patterns() {
    return patterns;
  }

  /**
   * The callable functions, sorted, each under the class that declares it. Without lambdas, which
   * only a caller with the same class file can name.
   */
  public List<CallableFunction> functions() {
    return functions;
  }

  private static List<CallableFunction> list(List<Path> app, FunctionPatterns patterns)
      throws IOException {
    Set<CallableFunction> found =
        new TreeSet<>(
            Comparator.comparing(CallableFunction::className)
                .thenComparing(CallableFunction::method)
                .thenComparing(CallableFunction::descriptor));
    Set<String> seen = new TreeSet<>(); // the first class on the class path wins
    Set<String> own = new TreeSet<>();
    for (Path path : app) {
      CodeFiles.visit(
          path,
          (file, content) -> {
            if (!file.endsWith(".class")) {
              return;
            }
            String name = file.substring(0, file.length() - ".class".length()).replace('/', '.');
            if (WarrensOwn.MARKERS.contains(name)) {
              own.add(name);
            }
            if (seen.add(name)) {
              add(name, content, patterns, found);
            }
          });
    }
    if (!own.isEmpty()) {
      found.removeIf(function -> WarrensOwn.mayBe(function.className()));
    }
    return new ArrayList<>(found);
  }

  private static void add(
      String name, CodeFiles.Content content, FunctionPatterns patterns, Set<CallableFunction> into)
      throws IOException {
    if (!patterns.isEmpty() && !patterns.mayMatch(name)) {
      return;
    }
    ClassFile type;
    try (InputStream in = content.open()) {
      type = ClassFile.read(in);
    } catch (IOException | ArrayIndexOutOfBoundsException e) {
      return; // damaged: Java cannot load it either
    }
    if (type.name().equals(name)) {
      callable(type, patterns).forEach(into::add);
    }
  }

  private static Stream<CallableFunction> callable(ClassFile type, FunctionPatterns patterns) {
    return type.methods().stream()
        .filter(method -> !method.name().equals("<clinit>"))
        .filter(method -> !method.name().equals("<init>") || !Modifier.isAbstract(type.access()))
        .map(
            method -> {
              String name = method.name().equals("<init>") ? "new" : method.name();
              return isCallable(type.name(), name, method, patterns)
                  ? new CallableFunction(type.name(), name, method.descriptor())
                  : null;
            })
        .flatMap(Stream::ofNullable);
  }

  private static boolean isCallable(
      String className, String name, ClassFile.Method method, FunctionPatterns patterns) {
    boolean main = name.equals("main") && method.descriptor().startsWith("([Ljava/lang/String;)");
    return (method.access() & SYNTHETIC) == 0
        && !main
        && (patterns.isEmpty() || patterns.matches(className, name))
        && (!Modifier.isPrivate(method.access()) || patterns.names(className, name));
  }
}
