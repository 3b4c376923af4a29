package dev.warren.cli;

import dev.warren.cli.app.Samples;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Packages the user program of these tests. */
public final class AppJar {
  private AppJar() {}

  public static Path in(Path folder) throws IOException {
    Path jar = folder.resolve("samples.jar");
    String entry = Samples.class.getName().replace('.', '/') + ".class";
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar));
        InputStream in = Samples.class.getResourceAsStream("Samples.class")) {
      if (in == null) {
        throw new IOException("no class file of " + entry);
      }
      zip.putNextEntry(new ZipEntry(entry));
      in.transferTo(zip);
    }
    return jar;
  }

  public static String function(String name) {
    return Samples.class.getName() + "::" + name;
  }
}
