package dev.warren.cli;

import dev.warren.cli.app.Samples;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The packaged user program of these tests. All tests use one file, so that workers find the
 * class-data archive of an earlier test.
 */
public final class AppJar {
  private AppJar() {}

  public static Path path() throws IOException {
    Path jar =
        Files.createDirectories(Path.of("target", "samples").toAbsolutePath())
            .resolve("samples.jar");
    byte[] content = content();
    if (!Files.exists(jar) || !Arrays.equals(Files.readAllBytes(jar), content)) {
      // tests run in several JVMs
      Path made = Files.createTempFile(jar.getParent(), "made", ".jar");
      Files.write(made, content);
      Files.move(made, jar, StandardCopyOption.ATOMIC_MOVE);
    }
    return jar;
  }

  private static byte[] content() throws IOException {
    String entry = Samples.class.getName().replace('.', '/') + ".class";
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes);
        InputStream in = Samples.class.getResourceAsStream("Samples.class")) {
      if (in == null) {
        throw new IOException("no class file of " + entry);
      }
      ZipEntry file = new ZipEntry(entry);
      file.setTime(0);
      zip.putNextEntry(file);
      in.transferTo(zip);
    }
    return bytes.toByteArray();
  }

  public static String function(String name) {
    return Samples.class.getName() + "::" + name;
  }
}
