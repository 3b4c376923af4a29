package dev.warren.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** A user's program that a test writes, compiles and packages. Confined to one thread. */
public final class UserCode {
  private final Path folder;
  private final Map<String, String> manifest = new LinkedHashMap<>();
  private final Map<String, byte[]> files = new TreeMap<>();
  private final List<Path> classPath = new ArrayList<>();

  /**
   * Creates an empty program.
   *
   * @param folder a new folder for its sources and classes
   */
  public UserCode(Path folder) {
    this.folder = folder;
  }

  /** Adds an entry to the class path of its compilation. */
  public UserCode against(Path jarOrFolder) {
    classPath.add(jarOrFolder);
    return this;
  }

  /** Compiles a class of the program; it may use classes added before. */
  public UserCode add(String className, String source) throws IOException {
    Path sources = folder.resolve("src");
    Path file = sources.resolve(className.replace('.', '/') + ".java");
    Files.createDirectories(file.getParent());
    Files.writeString(file, source);
    Files.createDirectories(classes());
    List<String> path = new ArrayList<>(List.of(classes().toString()));
    classPath.forEach(entry -> path.add(entry.toString()));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    int exit =
        compiler.run(
            null,
            null,
            null,
            "-d",
            classes().toString(),
            "-cp",
            String.join(System.getProperty("path.separator"), path),
            file.toString());
    if (exit != 0) {
      throw new IOException("does not compile: " + source);
    }
    return this;
  }

  /** Adds an empty class, of which libraries have many. */
  public UserCode library(String className) throws IOException {
    int dot = className.lastIndexOf('.');
    return add(
        className,
        (dot < 0 ? "" : "package " + className.substring(0, dot) + ";\n")
            + "public class "
            + className.substring(dot + 1)
            + " { public static int twice(int n) { return 2 * n; } }");
  }

  /** Adds a file with this name to the jar. */
  public UserCode file(String name, byte[] content) {
    files.put(name, content);
    return this;
  }

  /** Adds an attribute to the jar's manifest. */
  public UserCode manifest(String attribute, String value) {
    manifest.put(attribute, value);
    return this;
  }

  /** The folder of its classes. */
  public Path classes() {
    return folder.resolve("classes");
  }

  /** Packages all of it. */
  public Path jar(String name) throws IOException {
    Path jar = Files.createDirectories(folder).resolve(name);
    Manifest written = new Manifest();
    written.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.forEach((key, value) -> written.getMainAttributes().putValue(key, value));
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream zip = new JarOutputStream(out, written)) {
      for (Path file : Files.isDirectory(classes()) ? filesOf(classes()) : List.<Path>of()) {
        put(zip, classes().relativize(file).toString(), Files.readAllBytes(file));
      }
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        put(zip, file.getKey(), file.getValue());
      }
    }
    return jar;
  }

  private static List<Path> filesOf(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static void put(JarOutputStream zip, String name, byte[] content) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(content);
    zip.closeEntry();
  }
}
