package dev.warren.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where things are in this repository, for tests that use more than their own module. */
public final class RepositoryFiles {
  private RepositoryFiles() {}

  /** Returns the repository's folder: the nearest one above the working folder with these docs. */
  public static Path top() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("docs/ARCHITECTURE.md"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("the tests do not run inside the repository");
      }
    }
    return folder;
  }

  /** The folder with the jars of the command-line program, which {@code mvn package} fills. */
  public static Path programJars() {
    return top().resolve("coordinator/cli/target/dist/lib");
  }

  /** The class path of the command-line program, as {@code ./warren} uses it. */
  public static String programClassPath() {
    try (Stream<Path> jars = Files.list(programJars())) {
      return jars.map(Path::toString).sorted().collect(Collectors.joining(File.pathSeparator));
    } catch (IOException e) {
      throw new UncheckedIOException("Warren's jars are made by 'mvn package'", e);
    }
  }

  /** The child written in Python. */
  public static Path pythonChild() {
    return top().resolve("examples/python/warren_child.py");
  }
}
