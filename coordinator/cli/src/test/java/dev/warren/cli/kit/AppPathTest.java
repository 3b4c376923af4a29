package dev.warren.cli.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppPathTest {
  @TempDir private Path folder;

  private Path jar(String name) throws IOException {
    Path jar = folder.resolve(name);
    Files.createDirectories(jar.getParent());
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      zip.putNextEntry(new ZipEntry("a"));
    }
    return jar;
  }

  @Test
  void a_folder_is_replaced_by_its_jars() throws IOException {
    Path b = jar("apps/b.jar");
    Path a = jar("apps/a.jar");
    Files.createFile(folder.resolve("apps/.gitkeep"));
    assertThat(AppPath.resolve("--app", List.of(folder.resolve("apps").toString())))
        .containsExactly(a, b);
  }

  @Test
  void a_folder_with_classes_is_kept() throws IOException {
    Path a = jar("apps/a.jar");
    Files.createDirectories(folder.resolve("apps/com/acme"));
    assertThat(AppPath.resolve("--app", List.of(folder.resolve("apps").toString())))
        .containsExactly(folder.resolve("apps"), a);
  }

  @Test
  void an_empty_folder_is_dropped() {
    assertThat(AppPath.resolve("--app", List.of(folder.toString()))).isEmpty();
  }

  @Test
  void several_paths_may_be_joined_and_each_counts_once() throws IOException {
    Path a = jar("a.jar");
    Path b = jar("b.jar");
    String joined = a + File.pathSeparator + b + File.pathSeparator + a;
    assertThat(AppPath.resolve("--app", List.of(joined, b.toString()))).containsExactly(a, b);
  }

  @Test
  void a_path_with_the_separator_in_it_is_named() throws IOException {
    Path jar = Files.createFile(Files.createDirectory(folder.resolve("a:b")).resolve("x.jar"));
    assertThatThrownBy(() -> AppPath.resolve("--app", List.of(jar.toString())))
        .hasMessage(
            "--app "
                + jar
                + " has a ':' in its path, which separates the entries of a class path; rename it");
  }

  @Test
  void a_missing_path_or_non_jar_is_named() throws IOException {
    Path text = Files.writeString(folder.resolve("text.jar"), "not a zip");
    assertThatExceptionOfType(CommandFailure.class)
        .isThrownBy(() -> AppPath.resolve("--app", List.of("/nowhere/x.jar")))
        .withMessage("--app /nowhere/x.jar: no such file or folder")
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE));
    assertThatExceptionOfType(CommandFailure.class)
        .isThrownBy(() -> AppPath.resolve("--app", List.of(text.toString())))
        .withMessageContaining("text.jar: not a jar file");
  }
}
