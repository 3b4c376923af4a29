package dev.warren.architecture;

import dev.warren.testkit.RepositoryFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The documents and sources of this repository, for tests that read documents and sources. */
final class RepositoryTexts {
  private static final Set<String> GENERATED = Set.of("target", ".git");

  private RepositoryTexts() {}

  /** Returns README.md, CONTRIBUTING.md, CHANGELOG.md and the pages of docs/. */
  static List<Path> pages() {
    return Stream.concat(
            list(RepositoryFiles.top()).stream(),
            list(RepositoryFiles.top().resolve("docs")).stream())
        .filter(file -> file.toString().endsWith(".md"))
        .sorted()
        .toList();
  }

  /** Returns all Java files, tests included. */
  static List<Path> sources() {
    try (Stream<Path> files = Files.walk(RepositoryFiles.top())) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(RepositoryTexts::isNotGenerated)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the lines of a list in the test resources, without empty lines and comments. */
  static List<String> resource(String name) {
    try (var in = RepositoryTexts.class.getResourceAsStream("/language/" + name)) {
      if (in == null) {
        throw new IllegalArgumentException("no test resource language/" + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isNotGenerated(Path file) {
    for (Path part : RepositoryFiles.top().relativize(file)) {
      if (GENERATED.contains(part.toString())) {
        return false;
      }
    }
    return true;
  }

  private static List<Path> list(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
