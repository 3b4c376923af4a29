package dev.warren.cli.demo;

import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.ExitCode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The demo's input and program. Immutable.
 *
 * @param folder the folder with the jars
 * @param jars the jars, ordered by path
 */
record DemoJars(Path folder, List<Path> jars) {
  private static final String APP = "warren-examples.jar";

  DemoJars {
    jars = List.copyOf(jars);
  }

  /**
   * Finds the jars to inspect: those in {@code given}, otherwise in the local Maven repository,
   * otherwise Warren's own libraries.
   *
   * @throws CommandFailure if there are none
   */
  static DemoJars find(@Nullable Path given, int max) {
    Path repository = Path.of(System.getProperty("user.home"), ".m2", "repository");
    List<Path> folders =
        given == null ? List.of(repository, libraries()) : List.of(given, libraries());
    for (Path folder : folders) {
      List<Path> jars = in(folder, max);
      if (!jars.isEmpty()) {
        return new DemoJars(folder, jars);
      }
      if (given != null && !Files.isDirectory(given)) {
        throw CommandFailure.usage("--jars " + given + ": no such folder");
      }
    }
    throw CommandFailure.usage("no jar found in " + folders.get(0) + "; name a folder with --jars");
  }

  /** The jar with the demo's function. */
  static Path app() {
    Path lib = libraries();
    List<Path> places =
        List.of(
            lib.resolveSibling("apps").resolve(APP), // in the images
            lib.resolve("../../../../../examples/target").resolve(APP)); // in a checkout
    for (Path place : places) {
      if (Files.isReadable(place)) {
        return place.normalize();
      }
    }
    throw CommandFailure.usage(
        "the demo's program, " + APP + ", is missing; build it with mvn -DskipTests package");
  }

  /** The folder with Warren's own jars. */
  private static Path libraries() {
    try {
      Path own =
          Path.of(DemoJars.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return Objects.requireNonNull(own.toAbsolutePath().getParent(), "a jar is in a folder");
    } catch (URISyntaxException e) {
      throw new IllegalStateException("cannot find Warren's own jars", e);
    }
  }

  private static List<Path> in(Path folder, int max) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".jar") && Files.isRegularFile(file))
          .map(file -> file.toAbsolutePath().normalize())
          .sorted()
          .limit(max)
          .toList();
    } catch (UncheckedIOException | IOException e) {
      throw new CommandFailure(
          ExitCode.USAGE, "cannot look for jars in " + folder + ": " + e.getMessage(), e);
    }
  }

  /** Total size of all jars, in bytes. */
  long bytes() {
    return jars.stream().map(Path::toFile).mapToLong(File::length).sum();
  }
}
