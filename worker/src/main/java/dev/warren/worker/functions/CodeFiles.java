package dev.warren.worker.functions;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipFile;

/**
 * Visits the files of a jar or folder as a class loader sees them: in a multi-release jar the files
 * for this Java version, in a folder also the targets of symbolic links. Stateless.
 */
final class CodeFiles {
  private CodeFiles() {}

  /** Receives each file. */
  interface Visitor {
    /**
     * Receives a file.
     *
     * @param path path within the jar or folder, separated by {@code /}
     */
    void file(String path, Content content) throws IOException;
  }

  /** Opens a file. */
  interface Content {
    InputStream open() throws IOException;
  }

  /**
   * Visits all files of a jar or folder.
   *
   * @throws IOException if a jar cannot be read; unreadable files of a folder are left out
   */
  static void visit(Path entry, Visitor visitor) throws IOException {
    if (Files.isDirectory(entry)) {
      visitFolder(entry, visitor);
    } else {
      visitJar(entry.toFile(), visitor);
    }
  }

  private static void visitJar(File file, Visitor visitor) throws IOException {
    try (JarFile jar = new JarFile(file, false, ZipFile.OPEN_READ, JarFile.runtimeVersion())) {
      for (Iterator<JarEntry> entries = jar.versionedStream().iterator(); entries.hasNext(); ) {
        JarEntry entry = entries.next();
        if (!entry.isDirectory()) {
          visitor.file(entry.getName(), () -> jar.getInputStream(entry));
        }
      }
    }
  }

  private static void visitFolder(Path folder, Visitor visitor) throws IOException {
    Files.walkFileTree(
        folder,
        EnumSet.of(FileVisitOption.FOLLOW_LINKS),
        Integer.MAX_VALUE,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            String path = folder.relativize(file).toString().replace(File.separatorChar, '/');
            visitor.file(path, () -> Files.newInputStream(file));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException cause) {
            return FileVisitResult.CONTINUE; // a cycle of links, or not readable
          }
        });
  }
}
