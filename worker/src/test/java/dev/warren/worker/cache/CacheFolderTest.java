package dev.warren.worker.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheFolderTest {
  @TempDir private Path folder;

  @Test
  void old_files_are_deleted_and_then_the_oldest_beyond_the_limit() throws IOException {
    CacheFolder cache = CacheFolder.at(folder.resolve("cache"));
    for (int age = 1; age <= 6; age++) {
      touch(cache.file(age + ".jsa"), age);
    }
    touch(cache.file("6.other"), 6);
    cache.deleteOld("*.jsa", touchedAgo(5), 3);
    assertThat(names(cache)).containsExactlyInAnyOrder("1.jsa", "2.jsa", "3.jsa", "6.other");
    cache.deleteOld("*.jsa", touchedAgo(2), 3);
    assertThat(names(cache)).containsExactlyInAnyOrder("1.jsa", "2.jsa", "6.other");
  }

  @Test
  void an_old_folder_is_deleted_with_its_files() throws IOException {
    CacheFolder cache = CacheFolder.at(folder.resolve("cache"));
    Path old = Files.createDirectory(cache.file("old.making"));
    Files.createFile(old.resolve("class-path"));
    Files.setLastModifiedTime(old, touchedAgo(5));
    Files.createDirectory(cache.file("young.making"));
    cache.deleteOld("*.making", touchedAgo(3), 40);
    assertThat(names(cache)).containsExactly("young.making");
  }

  private static List<String> names(CacheFolder cache) throws IOException {
    try (var files = Files.list(cache.path())) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static void touch(Path file, int secondsAgo) throws IOException {
    Files.setLastModifiedTime(Files.createFile(file), touchedAgo(secondsAgo));
  }

  private static FileTime touchedAgo(int seconds) {
    return FileTime.fromMillis(1_000_000_000 - seconds * 1000L);
  }
}
