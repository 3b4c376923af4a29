package dev.warren.examples.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JarAuditTest {
  @TempDir private Path folder;

  private String jar(Map<String, byte[]> entries) throws IOException {
    Path jar = folder.resolve("test.jar");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      for (Map.Entry<String, byte[]> entry : new TreeMap<>(entries).entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
    return jar.toString();
  }

  private static byte[] classFile(int version) {
    return new byte[] {(byte) 0xCA, (byte) 0xFE, (byte) 0xBA, (byte) 0xBE, 0, 0, 0, (byte) version};
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void a_jar_is_counted_and_described() throws IOException {
    JarReport report =
        JarAudit.audit(
            jar(
                Map.of(
                    "META-INF/MANIFEST.MF",
                    text("Manifest-Version: 1.0\nMulti-Release: true\n"),
                    "META-INF/LICENSE.txt",
                    text("free"),
                    "META-INF/versions/21/a/A.class",
                    classFile(65),
                    "module-info.class",
                    classFile(53),
                    "a/A.class",
                    classFile(52),
                    "a/B.class",
                    classFile(50),
                    "Top.class",
                    classFile(52))));
    assertThat(report.classes()).isEqualTo(3);
    assertThat(report.multiRelease()).isTrue();
    assertThat(report.licences()).containsExactly("META-INF/LICENSE.txt");
    assertThat(report.packages()).containsOnlyKeys("a", "");
    assertThat(report.packages().get("a")).hasSize(2 * JarReport.CLASS_MARK);
    assertThat(report.sha256()).hasSize(64);
    assertThat(report.problem()).isNull();
  }

  @Test
  void the_newest_class_decides_which_java_it_needs() throws IOException {
    String jar = jar(Map.of("A.class", classFile(50), "B.class", classFile(61)));
    assertThat(JarAudit.audit(jar).javaRelease()).isEqualTo(17);
  }

  @Test
  void a_class_has_the_same_mark_in_every_jar() throws IOException {
    JarReport one = JarAudit.audit(jar(Map.of("a/A.class", classFile(52))));
    JarReport other = JarAudit.audit(jar(Map.of("a/A.class", classFile(61), "B", text("b"))));
    assertThat(one.packages()).isEqualTo(other.packages());
    assertThat(one.sha256()).isNotEqualTo(other.sha256());
  }

  @Test
  void damage_is_a_finding_and_no_failure() throws IOException {
    Path text = Files.writeString(folder.resolve("text.jar"), "no zip at all");
    assertThat(JarAudit.audit(text.toString()).problem()).contains("zip");
    Path empty = Files.createFile(folder.resolve("empty.jar"));
    assertThat(JarAudit.audit(empty.toString()).problem()).isNotNull();
    JarReport cut = JarAudit.audit(jar(Map.of("A.class", text("no"), "B.class", text("no class"))));
    assertThat(cut.problem()).isEqualTo("2 damaged entries");
    assertThat(cut.classes()).isZero();
  }

  @Test
  void a_jar_that_is_not_there_is_a_failure() {
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> JarAudit.audit(folder.resolve("nothing.jar").toString()));
  }
}
