package dev.warren.worker.functions;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * The content of one jar or class folder of {@code --app}. Confined to one thread.
 *
 * <p>A package counts if a class file found in its folder declares it: classes elsewhere, for
 * example in {@code BOOT-INF/classes}, are not loaded from here.
 */
final class AppEntry {
  /** Manifest attribute with patterns as for {@code --functions}, separated by commas. */
  static final String FUNCTIONS_ATTRIBUTE = "Warren-Functions";

  private static final String MANIFEST = "META-INF/MANIFEST.MF";

  private final Path path;
  private final Map<String, Integer> packages = new TreeMap<>();
  private final Set<String> loadableFolders = new TreeSet<>();
  private final Set<String> misplaced = new TreeSet<>();
  private final Set<String> artifacts = new TreeSet<>();
  private @Nullable String nested;
  private @Nullable String mainClass;
  private List<String> functions = List.of();

  private AppEntry(Path path) {
    this.path = path;
  }

  /**
   * Examines a jar or folder.
   *
   * @throws IOException if it cannot be read
   */
  static AppEntry scan(Path path) throws IOException {
    AppEntry entry = new AppEntry(path);
    CodeFiles.visit(path, entry::look);
    return entry;
  }

  private void look(String file, CodeFiles.Content content) throws IOException {
    if (file.endsWith(".class")) {
      classFile(file, content);
    } else if (file.endsWith(".jar") && path.toFile().isFile()) {
      nested = nested == null ? file : nested;
    } else if (file.startsWith("META-INF/maven/")) {
      String[] parts = file.split("/", -1);
      if (parts.length == 5 && parts[4].startsWith("pom.")) {
        artifacts.add(parts[2] + ":" + parts[3]);
      }
    } else if (file.equalsIgnoreCase(MANIFEST)) {
      manifest(content);
    }
  }

  private void classFile(String file, CodeFiles.Content content) throws IOException {
    String name = file.substring(file.lastIndexOf('/') + 1);
    if (name.equals("module-info.class") || name.equals("package-info.class")) {
      return;
    }
    String folder = file.substring(0, Math.max(0, file.lastIndexOf('/')));
    if (loadableFolders.contains(folder) || isLoadable(file, content)) {
      loadableFolders.add(folder);
      packages.merge(folder.replace('/', '.'), 1, Integer::sum);
    }
  }

  private boolean isLoadable(String file, CodeFiles.Content content) throws IOException {
    try (InputStream in = content.open()) {
      String declared = ClassFile.read(in).name();
      boolean here = file.equals(declared.replace('.', '/') + ".class");
      if (!here) {
        misplaced.add(declared.substring(0, Math.max(0, declared.lastIndexOf('.'))));
      }
      return here;
    } catch (IOException | ArrayIndexOutOfBoundsException e) {
      return false;
    }
  }

  private void manifest(CodeFiles.Content content) throws IOException {
    try (InputStream in = content.open()) {
      Attributes main = new Manifest(in).getMainAttributes();
      String start = main.getValue("Start-Class");
      mainClass = start == null ? main.getValue(Attributes.Name.MAIN_CLASS) : start;
      String patterns = main.getValue(FUNCTIONS_ATTRIBUTE);
      if (patterns != null) {
        functions =
            Arrays.stream(patterns.split(",", -1))
                .map(String::strip)
                .filter(pattern -> !pattern.isEmpty())
                .toList();
      }
    }
  }

  Path path() {
    return path;
  }

  /**
   * Packages with loadable classes, and their number of classes; the default package's name is
   * empty.
   */
  Map<String, Integer> packages() {
    return packages;
  }

  /** Packages of classes that cannot be loaded from their location. */
  Set<String> misplaced() {
    return misplaced;
  }

  /** {@code group:artifact} of everything that contains Maven metadata. */
  Set<String> artifacts() {
    return artifacts;
  }

  /** A jar inside this jar; null if there is none. */
  @Nullable String nested() {
    return nested;
  }

  /** The program's main class according to the manifest; null if there is none. */
  @Nullable String mainClass() {
    return mainClass;
  }

  /** The patterns in the manifest. */
  List<String> functions() {
    return functions;
  }
}
