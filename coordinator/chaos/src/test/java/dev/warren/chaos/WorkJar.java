package dev.warren.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The scenarios' user program, packaged once per test run. */
final class WorkJar {
  private static final String CLASS = Work.class.getName().replace('.', '/');
  private static final Path JAR = make();

  private WorkJar() {}

  static Path path() {
    return JAR;
  }

  /** Creates a program without any class in this folder. */
  static Path withoutClasses(Path folder) throws IOException {
    Path jar = folder.resolve("other.jar");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      zip.putNextEntry(new ZipEntry("readme.txt"));
    }
    return jar;
  }

  private static Path make() {
    try {
      Path classes =
          Path.of(Work.class.getProtectionDomain().getCodeSource().getLocation().getPath());
      Path folder = Files.createDirectories(Path.of("target", "chaos").toAbsolutePath());
      Path jar = folder.resolve("work.jar");
      try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar));
          var files =
              Files.newDirectoryStream(
                  classes.resolve(CLASS).getParent(), "{Work,Coordinator}{,$*}.class")) {
        for (Path file : files) {
          zip.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
          Files.copy(file, zip);
        }
      }
      return jar;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
