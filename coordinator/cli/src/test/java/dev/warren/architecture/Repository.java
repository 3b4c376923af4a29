package dev.warren.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The files of this repository, for tests that read documents and sources. */
final class Repository {
  private static final Set<String> GENERATED = Set.of("target", ".git");

  private Repository() {}

  /** Returns the repository's folder: the nearest one above the working folder with these docs. */
  static Path top() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("docs/ARCHITECTURE.md"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("the tests do not run inside the repository");
      }
    }
    return folder;
  }

  /** Returns README.md, CONTRIBUTING.md, CHANGELOG.md and the pages of docs/. */
  static List<Path> pages() {
    return Stream.concat(list(top()).stream(), list(top().resolve("docs")).stream())
        .filter(file -> file.toString().endsWith(".md"))
        .sorted()
        .toList();
  }

  /** Returns all Java files, tests included. */
  static List<Path> sources() {
    try (Stream<Path> files = Files.walk(top())) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(Repository::isNotGenerated)
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
    try (var in = Repository.class.getResourceAsStream("/language/" + name)) {
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
    for (Path part : top().relativize(file)) {
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
