package dev.warren.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The program {@code warren} from the jars of this build, as tests start it. Like the script it
 * uses a class-data archive, which the first test that needs it creates; that saves a third of the
 * processor time of a start. Thread-safe, also between JVMs.
 */
public final class WarrenProgram {
  private static final String MAIN = "dev.warren.cli.WarrenMain";
  private static final long LIMIT_SECONDS = 180;

  private WarrenProgram() {}

  /** Returns the command line with these arguments. */
  public static List<String> command(String... arguments) {
    List<String> command = javaCommand();
    command.add(MAIN);
    command.addAll(Arrays.asList(arguments));
    return command;
  }

  /** Returns the command line up to the main class, which the caller appends. */
  public static List<String> javaCommand() {
    return TestJava.command(
        "-Xshare:auto",
        "-XX:SharedArchiveFile=" + archive(),
        "-Xlog:disable",
        "-Xlog:all=error:stderr",
        "-Xlog:cds=off:stderr",
        "-Xlog:cds+dynamic=off:stderr",
        "-cp",
        RepositoryFiles.programClassPath());
  }

  private static synchronized Path archive() {
    Path jars = RepositoryFiles.programJars();
    Path folder = jars.resolveSibling("test-archive");
    Path archive = folder.resolve("warren.jsa");
    try {
      Files.createDirectories(folder);
      try (FileChannel file =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        var unused = file.lock(); // until the file is closed
        if (!Files.exists(archive) || isOlder(archive, jars)) {
          create(archive);
        }
        return archive;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("no class-data archive for the tests", e);
    }
  }

  /** The JVM rejects an archive of other jars. */
  private static boolean isOlder(Path archive, Path jars) throws IOException {
    try (var files = Files.list(jars)) {
      long created = Files.getLastModifiedTime(archive).toMillis();
      return files.anyMatch(jar -> jar.toFile().lastModified() > created);
    }
  }

  private static void create(Path archive) throws IOException {
    Path made = archive.resolveSibling("made.jsa");
    Files.deleteIfExists(made);
    List<String> command =
        new ArrayList<>(
            TestJava.command(
                "-Xshare:auto",
                "-Xlog:disable",
                "-XX:ArchiveClassesAtExit=" + made,
                "-cp",
                RepositoryFiles.programClassPath(),
                MAIN));
    command.addAll(List.of("map", "--processes", "1", "--fn", "java.lang.Integer::toBinaryString"));
    Path input = Files.writeString(archive.resolveSibling("input"), "1\n");
    Process process =
        new ProcessBuilder(command)
            .redirectInput(input.toFile())
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD)
            .start();
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("the program that creates it failed: " + command);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      process.destroyForcibly();
    }
    Files.move(made, archive, StandardCopyOption.REPLACE_EXISTING);
  }
}
