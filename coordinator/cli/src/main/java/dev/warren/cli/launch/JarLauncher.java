package dev.warren.cli.launch;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The main class of the runnable {@code warren-<version>.jar}, which contains the program's jars.
 * Unpacks them once, into a cache folder that only the user may write to, and runs the program from
 * there: the class path of children must name real jars, and only those that children need.
 */
public final class JarLauncher {
  private static final String LIB = "lib/";

  private JarLauncher() {}

  public static void main(String[] args) throws ReflectiveOperationException {
    List<Path> jars;
    try {
      jars =
          unpacked(
              Path.of(
                  JarLauncher.class.getProtectionDomain().getCodeSource().getLocation().toURI()));
    } catch (IOException | URISyntaxException e) {
      System.err.println(
          "warren: cannot unpack the jars of this program ("
              + e
              + "); set XDG_CACHE_HOME to a folder"
              + " that this user may write to");
      System.exit(2);
      return;
    }
    System.setProperty(
        "java.class.path",
        jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
    ClassLoader loader = new URLClassLoader(urls(jars), ClassLoader.getSystemClassLoader());
    Thread.currentThread().setContextClassLoader(loader);
    Class.forName("dev.warren.cli.WarrenMain", true, loader)
        .getMethod("main", String[].class)
        .invoke(null, (Object) args);
  }

  private static URL[] urls(List<Path> jars) {
    return jars.stream().map(JarLauncher::url).toArray(URL[]::new);
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new AssertionError("every path is a URL", e);
    }
  }

  /** Returns the jars inside {@code program} as files. */
  private static List<Path> unpacked(Path program) throws IOException {
    try (ZipFile zip = new ZipFile(program.toFile())) {
      List<ZipEntry> inside = new ArrayList<>();
      CRC32 digest = new CRC32();
      for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        if (entry.getName().matches(LIB + "[^/]+\\.jar")) {
          inside.add(entry);
          digest.update((entry.getName() + " " + entry.getCrc()).getBytes(StandardCharsets.UTF_8));
        }
      }
      Path folder = cache().resolve("jars-" + Long.toHexString(digest.getValue()));
      List<Path> jars = inside.stream().map(entry -> file(folder, entry)).sorted().toList();
      if (!isComplete(folder, inside)) {
        unpack(zip, inside, folder);
      }
      return jars;
    }
  }

  private static Path file(Path folder, ZipEntry entry) {
    return folder.resolve(entry.getName().substring(LIB.length()));
  }

  private static boolean isComplete(Path folder, List<ZipEntry> inside) throws IOException {
    for (ZipEntry entry : inside) {
      Path file = file(folder, entry);
      if (!Files.isRegularFile(file) || Files.size(file) != entry.getSize()) {
        return false;
      }
    }
    return true;
  }

  private static void unpack(ZipFile zip, List<ZipEntry> inside, Path folder) throws IOException {
    Path made = Files.createTempDirectory(folder.getParent(), "unpacking");
    for (ZipEntry entry : inside) {
      try (InputStream in = zip.getInputStream(entry)) {
        Files.copy(in, file(made, entry));
      }
    }
    try {
      Files.move(made, folder);
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      if (!isComplete(folder, inside)) {
        throw new IOException(folder + " is incomplete; delete it", e);
      }
      // another process was faster; its files are the same
      for (ZipEntry entry : inside) {
        Files.delete(file(made, entry));
      }
      Files.delete(made);
    }
  }

  /** The user's cache folder, or a new folder if there is none that only this user may write to. */
  private static Path cache() throws IOException {
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path caches =
        xdg == null || xdg.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(xdg);
    try {
      Files.createDirectories(caches);
      Path own = caches.resolve("warren");
      if (!Files.isDirectory(own)) {
        Files.createDirectory(
            own,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      if (Files.isWritable(own) && isPrivate(own)) {
        return own;
      }
    } catch (FileAlreadyExistsException e) {
      return cache(); // made by another process at this moment
    } catch (IOException e) {
      // such as a home folder that does not exist: see below
    }
    return Files.createTempDirectory("warren-jars");
  }

  private static boolean isPrivate(Path folder) throws IOException {
    String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(folder));
    return permissions.charAt(4) != 'w'
        && permissions.charAt(7) != 'w'
        && Files.getOwner(folder).getName().equals(System.getProperty("user.name"));
  }
}
