package dev.warren.worker.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A folder for files that can be recreated: {@code $XDG_CACHE_HOME/warren}, {@code
 * ~/.cache/warren}, or one in the folder for temporary files. Only its owner may write to it, since
 * JVMs load code from it.
 */
public record CacheFolder(Path path) {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> OF_OTHERS =
      Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  /** Returns the user's folder; creates it if needed. */
  public static CacheFolder ofUser() throws IOException {
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
   * Returns the folder at {@code path}; creates it if needed.
   *
   * @throws IOException if it cannot be created, or if others may write to it
   */
  public static CacheFolder at(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      Files.createDirectory(path, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    }
    if (!Files.isWritable(path)
        || !Collections.disjoint(Files.getPosixFilePermissions(path), OF_OTHERS)
        || !ours(path)) {
      throw new IOException(path + " belongs to another user, or others may write to it");
    }
    return new CacheFolder(path);
  }

  private static boolean ours(Path path) throws IOException {
    Path self = Path.of("/proc/self");
    return Files.isDirectory(self)
        ? Files.getAttribute(self, "unix:uid").equals(Files.getAttribute(path, "unix:uid"))
        : Files.getOwner(path).getName().equals(System.getProperty("user.name"));
  }

  public Path file(String name) {
    return path.resolve(name);
  }

  /**
   * Deletes files, or folders, of a kind: all last modified before {@code oldest}, and then the
   * oldest until at most {@code max} are left.
   *
   * @param kind a glob pattern such as {@code *.jsa}
   */
  public void deleteOld(String kind, FileTime oldest, int max) throws IOException {
    SortedMap<FileTime, List<Path>> byAge = new TreeMap<>(Comparator.reverseOrder());
    try (var files = Files.newDirectoryStream(path, kind)) {
      for (Path file : files) {
        FileTime touched = Files.getLastModifiedTime(file);
        byAge.computeIfAbsent(touched, time -> new ArrayList<>()).add(file);
      }
    }
    int kept = 0;
    for (Map.Entry<FileTime, List<Path>> each : byAge.entrySet()) {
      for (Path file : each.getValue()) {
        if (each.getKey().compareTo(oldest) < 0 || kept == max) {
          delete(file);
        } else {
          kept++;
        }
      }
    }
  }

  /** Deletes a file, or a folder with its content. */
  static void delete(Path file) throws IOException {
    if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
      try (var files = Files.newDirectoryStream(file)) {
        for (Path inside : files) {
          delete(inside);
        }
      }
    }
    Files.deleteIfExists(file);
  }
}
