package dev.warren.cli.kit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Converts the values of {@code --app} and {@code --lib} to class path entries: jars and folders of
 * classes. Stateless.
 */
public final class AppPath {
  private AppPath() {}

  /**
   * Returns the entries, absolute and without duplicates. A folder adds the jars directly in it
   * and, if it contains anything else that Java could load, itself; an empty folder adds nothing.
   *
   * @param option the option's name for messages, {@code --app}
   * @param given jars and folders, or several of them joined by the path separator
   * @throws CommandFailure naming the entry that does not exist, cannot be read or is not a jar
   */
  public static List<Path> resolve(String option, List<String> given) {
    Set<Path> entries = new LinkedHashSet<>();
    for (String joined : given) {
      checkSeparator(option, joined);
      for (String one : joined.split(File.pathSeparator, -1)) {
        if (!one.isBlank()) {
          entries.addAll(
              resolve(
                  option, Path.of(one.endsWith("/*") ? one.substring(0, one.length() - 1) : one)));
        }
      }
    }
    return List.copyOf(entries);
  }

  private static void checkSeparator(String option, String given) {
    if (given.contains(File.pathSeparator) && Files.exists(Path.of(given))) {
      throw CommandFailure.usage(
          option
              + " "
              + given
              + " has a '"
              + File.pathSeparator
              + "' in its path, which separates the entries of a class path; rename it");
    }
  }

  private static List<Path> resolve(String option, Path given) {
    Path path = given.toAbsolutePath().normalize();
    if (!Files.exists(path)) {
      throw CommandFailure.usage(option + " " + given + ": no such file or folder");
    }
    if (!Files.isReadable(path)) {
      throw CommandFailure.usage(option + " " + given + ": not readable by this user");
    }
    if (!Files.isDirectory(path)) {
      checkJar(option, given, path);
      return List.of(path);
    }
    return folder(path);
  }

  private static void checkJar(String option, Path given, Path jar) {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      zip.size();
    } catch (ZipException e) {
      throw new CommandFailure(
          ExitCode.USAGE, option + " " + given + ": not a jar file (" + e.getMessage() + ")", e);
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.USAGE, option + " " + given + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static List<Path> folder(Path folder) {
    List<Path> entries = new ArrayList<>();
    boolean classes = false;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files.sorted()::iterator) {
        if (file.toString().endsWith(".jar")) {
          entries.add(file);
        } else {
          classes |= Files.isDirectory(file) || file.toString().endsWith(".class");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (classes) {
      entries.add(0, folder);
    }
    return entries;
  }
}
