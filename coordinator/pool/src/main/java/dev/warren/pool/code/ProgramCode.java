package dev.warren.pool.code;

import dev.warren.wire.PoolSettings;
import dev.warren.worker.Worker;
import dev.warren.worker.cache.BootJar;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the code of this program: its class path, its module path, the jars inside an executable
 * Spring Boot jar, and the files of the class loaders of a container or a build tool. Stateless.
 */
public final class ProgramCode {
  private ProgramCode() {}

  /**
   * Returns the class path with which a new JVM finds the same classes.
   *
   * @throws IllegalStateException in one line, if some of the code is not in files
   */
  public static List<Path> classPath() {
    Set<Path> paths = new LinkedHashSet<>();
    ClassLoader system = ClassLoader.getSystemClassLoader();
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    for (; loader != null && loader != system; loader = loader.getParent()) {
      if (loader instanceof URLClassLoader files) {
        for (URL url : files.getURLs()) {
          addIfFile(url, paths);
        }
      }
    }
    entries("java.class.path").forEach(paths::add);
    entries("jdk.module.path").flatMap(ProgramCode::modules).forEach(paths::add);
    for (Class<?> own : List.of(PoolSettings.class, Worker.class, ProgramCode.class)) {
      addSource(own, paths);
    }
    return paths.stream().flatMap(ProgramCode::unpacked).distinct().toList();
  }

  private static Stream<Path> entries(String property) {
    return Arrays.stream(System.getProperty(property, "").split(File.pathSeparator, -1))
        .filter(entry -> !entry.isEmpty())
        .map(entry -> Path.of(entry).toAbsolutePath());
  }

  /** An entry of a module path: a module, or a folder of modules. */
  private static Stream<Path> modules(Path entry) {
    if (!Files.isDirectory(entry) || Files.exists(entry.resolve("module-info.class"))) {
      return Stream.of(entry);
    }
    try (Stream<Path> content = Files.list(entry)) {
      return content.sorted().toList().stream();
    } catch (IOException e) {
      throw new IllegalStateException("cannot read the module path's entry " + entry, e);
    }
  }

  /** Replaces an executable Spring Boot jar by the jars of its code. */
  private static Stream<Path> unpacked(Path entry) {
    try {
      BootJar boot = BootJar.open(entry);
      return boot == null
          ? Stream.of(entry)
          : Stream.concat(Stream.of(boot.classes()), boot.libraries().stream());
    } catch (IOException e) {
      throw new IllegalStateException(
          "children cannot load the code of this program: " + e.getMessage(), e);
    }
  }

  private static void addIfFile(URL url, Set<Path> paths) {
    Path file = fileOf(url);
    if (file != null) {
      paths.add(file);
    }
  }

  private static void addSource(Class<?> own, Set<Path> paths) {
    CodeSource source = own.getProtectionDomain().getCodeSource();
    if (source == null) {
      return;
    }
    Path file = fileOf(source.getLocation());
    if (file == null) {
      throw new IllegalStateException(
          "Warren's own code is not in a file but in "
              + source.getLocation()
              + ", where child processes cannot load it; start this program from jars");
    }
    paths.add(file);
  }

  /**
   * The file or folder of a class loader's URL; of one inside a Spring Boot jar, that jar; null if
   * it is not in a file.
   */
  static @Nullable Path fileOf(URL url) {
    String text = url.toString();
    String inner = text.startsWith("jar:") ? text.substring("jar:".length()) : text;
    if (inner.startsWith("nested:")) { // nested:/path/app.jar/!BOOT-INF/lib/a.jar!/
      inner = "file:" + inner.substring("nested:".length());
      int end = inner.indexOf("/!");
      inner = end < 0 ? inner : inner.substring(0, end);
    }
    int inside = inner.indexOf("!/");
    inner = inside < 0 ? inner : inner.substring(0, inside);
    try {
      return inner.startsWith("file:") ? Path.of(new URI(inner)) : null;
    } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
      return null;
    }
  }
}
