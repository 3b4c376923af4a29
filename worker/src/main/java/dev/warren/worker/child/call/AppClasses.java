package dev.warren.worker.child.call;

import dev.warren.worker.functions.WarrensOwn;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * The jars and class folders of {@code --app}. Determines from the files alone which classes they
 * contain, so that neither the answer nor its timing depends on the JVM's other classes. Confined
 * to the thread that runs calls.
 */
final class AppClasses {
  private final List<Path> entries = new ArrayList<>();
  private @Nullable List<@Nullable JarFile> jars;
  private @Nullable Boolean holdsWarren;

  AppClasses(List<String> paths) {
    for (String path : paths) {
      entries.add(real(Path.of(path)));
    }
  }

  /** Whether the app contains a class file of this name. */
  boolean contains(String className) {
    if (!isPlain(className)) {
      return false;
    }
    String file = className.replace('.', '/') + ".class";
    List<@Nullable JarFile> opened = opened();
    for (int i = 0; i < entries.size(); i++) {
      JarFile jar = opened.get(i);
      if (jar == null ? isFile(entries.get(i), file) : jar.getJarEntry(file) != null) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether the name can be that of a class file: rejects paths such as {@code a/b} and {@code
   * a..b}, and names of arrays.
   */
  private static boolean isPlain(String className) {
    for (int i = 0; i < className.length(); i++) {
      char c = className.charAt(i);
      if (c == '/' || c == '\\' || c == ';' || c == '[' || c == 0) {
        return false;
      }
    }
    return !className.isEmpty()
        && className.charAt(0) != '.'
        && className.charAt(className.length() - 1) != '.'
        && !className.contains("..");
  }

  private static boolean isFile(Path folder, String file) {
    try {
      return Files.isRegularFile(folder.resolve(file));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /**
   * Whether this class was loaded from the app, and not from an entry before it on the class path.
   */
  boolean isSourceOf(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    URL location = source == null ? null : source.getLocation();
    if (location == null) {
      return false;
    }
    try {
      return entries.contains(real(Path.of(location.toURI())));
    } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
      return false;
    }
  }

  /** Whether the app contains Warren itself, whose classes are then not callable. */
  boolean holdsWarren() {
    Boolean known = holdsWarren;
    if (known == null) {
      known = false;
      for (String marker : WarrensOwn.MARKERS) {
        known |= contains(marker);
      }
      holdsWarren = known;
    }
    return known;
  }

  /** The opened jars, one per entry; null for a folder and for a jar that cannot be opened. */
  private List<@Nullable JarFile> opened() {
    List<@Nullable JarFile> known = jars;
    if (known == null) {
      known = new ArrayList<>(entries.size());
      for (Path entry : entries) {
        known.add(open(entry.toFile()));
      }
      jars = known;
    }
    return known;
  }

  private static @Nullable JarFile open(File entry) {
    if (!entry.isFile()) {
      return null;
    }
    try {
      return new JarFile(entry, false, ZipFile.OPEN_READ, JarFile.runtimeVersion());
    } catch (IOException e) {
      return null;
    }
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path.toAbsolutePath().normalize();
    }
  }
}
