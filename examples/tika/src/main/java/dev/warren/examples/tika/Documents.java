package dev.warren.examples.tika;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The documents of this machine: those of its packages, and jars, classes and POMs of the local
 * Maven repository. Stateless.
 */
final class Documents {
  private static final long MAX_BYTES = 3_000_000;

  /** The order is mixed, as in a real folder, but the same in every run. */
  private static final long SEED = 1;

  private Documents() {}

  /** Finds up to about {@code share} × 600 documents. */
  static List<String> ofThisMachine(double share) {
    Path repository = Path.of(System.getProperty("user.home"), ".m2", "repository");
    List<Path> shared = List.of(Path.of("/usr/share"), Path.of("/usr/lib"));
    List<String> found = new ArrayList<>();
    found.addAll(some(shared, share * 20, ".pdf", ".odt", ".doc", ".docx", ".rtf"));
    found.addAll(some(shared, share * 150, ".html"));
    found.addAll(some(List.of(Path.of("/usr/share/doc")), share * 120, ".txt", "copyright"));
    found.addAll(some(List.of(Path.of("/usr/share/doc")), share * 100, ".gz"));
    found.addAll(some(List.of(repository), share * 40, ".jar"));
    found.addAll(some(List.of(Path.of("/usr/share"), repository), share * 60, ".xml", ".pom"));
    found.addAll(some(shared, share * 40, ".md"));
    found.addAll(some(shared, share * 40, ".png", ".jpg", ".svg"));
    java.util.Collections.shuffle(found, new Random(SEED));
    return found;
  }

  /** Returns about {@code max} files with one of these endings, evenly from all of them. */
  private static List<String> some(List<Path> folders, double max, String... endings) {
    List<String> all = new ArrayList<>();
    for (Path folder : folders) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.walk(folder)) {
          files.filter(file -> wanted(file, endings)).map(Path::toString).forEach(all::add);
        } catch (IOException | UncheckedIOException e) {
          throw new IllegalStateException("cannot list " + folder + ": " + e.getMessage(), e);
        }
      }
    }
    all.sort(null);
    int step = Math.max(1, (int) (all.size() / Math.max(1, max)));
    List<String> chosen = new ArrayList<>();
    for (int i = 0; i < all.size() && chosen.size() < max; i += step) {
      chosen.add(all.get(i));
    }
    return chosen;
  }

  private static boolean wanted(Path file, String... endings) {
    String name = file.getFileName().toString();
    return Stream.of(endings).anyMatch(name::endsWith)
        && Files.isRegularFile(file, java.nio.file.LinkOption.NOFOLLOW_LINKS)
        && Files.isReadable(file)
        && file.toFile().length() > 0
        && file.toFile().length() <= MAX_BYTES;
  }
}
