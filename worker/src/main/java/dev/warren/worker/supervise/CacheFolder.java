package dev.warren.worker.supervise;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.Set;

/**
 * A folder for what can be made again: {@code $XDG_CACHE_HOME/warren}, {@code ~/.cache/warren}, or
 * one among the temporary files. Only its owner may write to it, for what is in it is run.
 */
record CacheFolder(Path path) {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> OF_OTHERS =
      Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  /** The user's; made if need be. */
  static CacheFolder ofUser() throws IOException {
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path caches =
        xdg == null || xdg.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(xdg);
    try {
      Files.createDirectories(caches);
      return at(caches.resolve("warren"));
    } catch (IOException e) {
      Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
      return at(temporary.resolve("warren-cache-" + System.getProperty("user.name")));
    }
  }

  /**
   * The folder at {@code path}, made if need be.
   *
   * @throws IOException where it cannot be made, or others may write to it
   */
  static CacheFolder at(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      Files.createDirectory(path, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    }
    if (!Files.isWritable(path)
        || !Collections.disjoint(Files.getPosixFilePermissions(path), OF_OTHERS)
        || !ours(path)) {
      throw new IOException(path + " is not ours, or others may write to it");
    }
    return new CacheFolder(path);
  }

  private static boolean ours(Path path) throws IOException {
    Path self = Path.of("/proc/self");
    return Files.isDirectory(self)
        ? Files.getAttribute(self, "unix:uid").equals(Files.getAttribute(path, "unix:uid"))
        : Files.getOwner(path).getName().equals(System.getProperty("user.name"));
  }

  Path file(String name) {
    return path.resolve(name);
  }

  /**
   * Deletes the files of this kind ({@code *.jsa}) that were last touched before {@code oldest}.
   */
  void deleteOlder(String kind, FileTime oldest) throws IOException {
    try (var files = Files.newDirectoryStream(path, kind)) {
      for (Path file : files) {
        if (Files.getLastModifiedTime(file).compareTo(oldest) < 0) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}
