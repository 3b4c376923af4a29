package dev.warren.worker.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppDigestTest {
  @TempDir private Path folder;

  private Path jar(String name, long time, String content) throws IOException {
    Path jar = folder.resolve(name);
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      put(zip, "META-INF/MANIFEST.MF", time, "Built: " + time + "\n");
      put(zip, "acme/Stats.class", time, content);
    }
    return jar;
  }

  private static void put(ZipOutputStream zip, String name, long time, String content)
      throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTime(time);
    zip.putNextEntry(entry);
    zip.write(content.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  @Test
  void same_files_have_the_same_digest_however_they_are_packed() throws IOException {
    String digest = AppDigest.of(List.of(jar("a.jar", 1_000_000_000_000L, "v1")));
    assertThat(digest).matches("[0-9a-f]{16}");
    assertThat(AppDigest.of(List.of(jar("b.jar", 1_700_000_000_000L, "v1")))).isEqualTo(digest);
    Path classes = Files.createDirectories(folder.resolve("classes/acme"));
    Files.writeString(classes.resolve("Stats.class"), "v1");
    assertThat(AppDigest.of(List.of(classes.getParent()))).isEqualTo(digest);
  }

  @Test
  void another_build_has_another_digest() throws IOException {
    assertThat(AppDigest.of(List.of(jar("a.jar", 1_000_000_000_000L, "v1"))))
        .isNotEqualTo(AppDigest.of(List.of(jar("b.jar", 1_000_000_000_000L, "v2"))));
  }
}
