package dev.warren.worker.cache;

import dev.warren.lifecycle.TimeSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The code of an executable Spring Boot jar (or war), as jars that any JVM can load. Immutable.
 *
 * <p>A Boot jar contains jars, which only Boot's own loader reads. They are unpacked once into the
 * {@link CacheFolder}, under the digest of the Boot jar, so that children start like those of any
 * other program: without Boot's loader, and from a class-data archive.
 *
 * @param classes the application's own classes, a jar with the Boot jar's name
 * @param libraries the jars it contains, in their order
 */
public record BootJar(Path classes, List<Path> libraries) {
  private static final String CLASSES_ATTRIBUTE = "Spring-Boot-Classes";
  private static final String LIB_ATTRIBUTE = "Spring-Boot-Lib";
  private static final String WAR_PROVIDED = "WEB-INF/lib-provided/";

  /** Unpacked jars that have not been used for this long are deleted. */
  private static final Duration KEPT = Duration.ofDays(30);

  private static final int MAX_KEPT = 20;

  public BootJar {
    libraries = List.copyOf(libraries);
  }

  /**
   * Unpacks a Boot jar, unless the cache contains it.
   *
   * @return null if the file is not a Boot jar
   * @throws IOException naming the jar, if it cannot be read or the cache cannot be written
   */
  public static @Nullable BootJar open(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return null;
    }
    try (JarFile jar = new JarFile(file.toFile(), false)) {
      Layout layout = Layout.of(jar);
      return layout == null ? null : open(file, jar, layout, CacheFolder.ofUser());
    } catch (IOException e) {
      throw new IOException("cannot unpack " + file + ": " + e.getMessage(), e);
    }
  }

  private static BootJar open(Path file, JarFile jar, Layout layout, CacheFolder cache)
      throws IOException {
    Instant now = Instant.ofEpochMilli(TimeSource.SYSTEM.epochMillis());
    Path folder = cache.file("boot-" + digest(file).substring(0, 32));
    if (Files.isDirectory(folder)) {
      Files.setLastModifiedTime(folder, FileTime.from(now));
    } else {
      Path unfinished = cache.file("unpacking-" + UUID.randomUUID());
      try {
        unpack(file, jar, layout, unfinished);
        publish(unfinished, folder);
      } finally {
        CacheFolder.delete(unfinished);
      }
      FileTime oldest = FileTime.from(now.minus(KEPT));
      cache.deleteOld("boot-*", oldest, MAX_KEPT);
      cache.deleteOld("unpacking-*", oldest, Integer.MAX_VALUE);
    }
    List<Path> libraries = new ArrayList<>();
    for (JarEntry library : layout.libraries(jar)) {
      libraries.add(folder.resolve("lib").resolve(simpleName(library)));
    }
    return new BootJar(folder.resolve(name(file)), libraries);
  }

  private static void unpack(Path file, JarFile jar, Layout layout, Path folder)
      throws IOException {
    Files.createDirectories(folder.resolve("lib"));
    for (JarEntry library : layout.libraries(jar)) {
      try (InputStream in = jar.getInputStream(library)) {
        Files.copy(in, folder.resolve("lib").resolve(simpleName(library)));
      }
    }
    try (OutputStream out = Files.newOutputStream(folder.resolve(name(file)));
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setLevel(1);
      for (Iterator<JarEntry> all = jar.entries().asIterator(); all.hasNext(); ) {
        JarEntry entry = all.next();
        String inside = layout.inside(entry.getName());
        if (inside != null && !entry.isDirectory()) {
          ZipEntry copy = new ZipEntry(inside);
          copy.setTime(entry.getTime());
          zip.putNextEntry(copy);
          try (InputStream in = jar.getInputStream(entry)) {
            in.transferTo(zip);
          }
        }
      }
    }
  }

  /** Renames the finished folder; another process may have been faster. */
  private static void publish(Path unfinished, Path folder) throws IOException {
    try {
      Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException e) {
      // the same content
    } catch (IOException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  /** The last part of the name, which therefore cannot point outside the folder. */
  private static String simpleName(JarEntry library) {
    return library.getName().substring(library.getName().lastIndexOf('/') + 1);
  }

  private static String digest(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(name(file).getBytes(StandardCharsets.UTF_8));
      try (OutputStream sink = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
        Files.copy(file, sink);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /**
   * Where a Boot jar keeps its code.
   *
   * @param classes folder of its classes, ends with a slash
   * @param lib folder of its jars, ends with a slash
   */
  record Layout(String classes, String lib) {
    /** Reads the manifest; returns null if it is not that of a Boot jar. */
    static @Nullable Layout of(JarFile jar) throws IOException {
      Manifest manifest = jar.getManifest();
      if (manifest == null) {
        return null;
      }
      Attributes main = manifest.getMainAttributes();
      String classes = main.getValue(CLASSES_ATTRIBUTE);
      String lib = main.getValue(LIB_ATTRIBUTE);
      return classes == null || lib == null ? null : new Layout(folder(classes), folder(lib));
    }

    private static String folder(String name) {
      return name.endsWith("/") ? name : name + "/";
    }

    List<JarEntry> libraries(JarFile jar) {
      List<JarEntry> found = new ArrayList<>();
      for (Iterator<JarEntry> all = jar.entries().asIterator(); all.hasNext(); ) {
        JarEntry entry = all.next();
        String name = entry.getName();
        if (name.endsWith(".jar") && (name.startsWith(lib) || name.startsWith(WAR_PROVIDED))) {
          found.add(entry);
        }
      }
      return found;
    }

    /** The name of a file in the unpacked jar of classes; null if it is not part of that. */
    @Nullable String inside(String name) {
      if (name.startsWith(classes)) {
        return name.substring(classes.length());
      }
      return name.equals(JarFile.MANIFEST_NAME) ? name : null;
    }
  }
}
