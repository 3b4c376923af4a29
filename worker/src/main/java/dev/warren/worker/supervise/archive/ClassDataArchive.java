package dev.warren.worker.supervise.archive;

import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.TimeSource;
import dev.warren.worker.child.ArchiveTraining;
import dev.warren.worker.supervise.process.ChildEnvironment;
import dev.warren.worker.supervise.process.JavaCommand;
import dev.warren.worker.supervise.process.Programs;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * A class-data-sharing archive of the classes that every child loads, which takes more than half of
 * its start-up time away. It is made once per Java and set of jars, by a training run in the
 * background, and kept in the {@link CacheFolder}.
 *
 * <p>Never a reason to fail: whatever is wrong, children start without it. The training run
 * outlives a worker that ends meanwhile, by some seconds, so that short runs get their archive too.
 * Confined to the thread that starts children; several workers may share the folder.
 */
public final class ClassDataArchive {
  private static final Logger log = Logs.of(ClassDataArchive.class);

  /** A training run that has left no archive is not repeated before. */
  private static final Duration RETRY = Duration.ofHours(1);

  /** Archives that no worker has begun to use in this time are deleted. */
  private static final Duration KEPT = Duration.ofDays(30);

  /** So many are kept, of some 11 MB each: who builds often would have a new one each time. */
  private static final int MOST_KEPT = 40;

  /** Else a JVM that refuses an archive says so on the child's stdout. */
  private static final List<String> QUIET = List.of("-Xlog:cds=off", "-Xlog:cds+dynamic=off");

  /**
   * Archives are mapped where they were made for. Java 17 has since come to put them elsewhere,
   * against those who know where things lie, and rewrites their pointers: a sixth of the processor
   * time of a child's start, and 14 MB that it shares with no other child. A Java that does not
   * know these options makes no archive, and its children are started without them.
   */
  private static final List<String> IN_PLACE =
      List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:ArchiveRelocationMode=0");

  /** {@code mv} makes it appear at once and whole; the mark goes only where it worked. */
  private static final String SCRIPT =
      "made=$1 wanted=$2 mark=$3; shift 3;"
          + " \"$@\" && mv -f \"$made\" \"$wanted\" && rm -rf \"$mark\"; rm -f \"$made\"";

  private final @Nullable Path folder;
  private final Path java;
  private final List<String> options;
  private final List<Path> jars;
  private final TrainingRun training;
  private boolean looked;
  private @Nullable Path archive;

  /** Starts the training run; returns its process id. */
  interface TrainingRun {
    long start(ProcessBuilder builder) throws IOException;
  }

  private ClassDataArchive(
      @Nullable Path folder,
      Path java,
      List<String> options,
      List<Path> jars,
      TrainingRun training) {
    this.folder = folder;
    this.java = java;
    this.options = List.copyOf(options);
    this.jars = jars;
    this.training = training;
  }

  /**
   * For children started as {@code java options … -cp classPath}, in the user's cache folder.
   *
   * @param java the program
   * @param options the JVM options that all children have
   * @param classPath their class path; only the jars in front of its first folder are archived,
   *     because Java archives no others
   */
  public static ClassDataArchive of(Path java, List<String> options, List<Path> classPath) {
    return new ClassDataArchive(
        null, java, options, leadingJars(classPath), builder -> builder.start().pid());
  }

  /** The same in a folder of its own. */
  static ClassDataArchive in(Path folder, Path java, List<String> options, List<Path> classPath) {
    return in(folder, java, options, classPath, builder -> builder.start().pid());
  }

  /** The same with another way to start the training run. */
  static ClassDataArchive in(
      Path folder, Path java, List<String> options, List<Path> classPath, TrainingRun training) {
    return new ClassDataArchive(folder, java, options, leadingJars(classPath), training);
  }

  private static List<Path> leadingJars(List<Path> classPath) {
    List<Path> jars = new ArrayList<>();
    for (Path entry : classPath) {
      if (!entry.toString().endsWith(".jar")) {
        break;
      }
      jars.add(entry);
    }
    return jars;
  }

  /**
   * JVM options to start a child with now: none while there is no archive. The first call has one
   * made where there is none. Waits for nothing.
   */
  public List<String> jvmOptions() {
    if (!looked) {
      looked = true;
      archive = look();
    }
    if (archive == null || !Files.isReadable(archive)) {
      return List.of();
    }
    List<String> all = new ArrayList<>(QUIET);
    all.addAll(IN_PLACE);
    all.add("-XX:SharedArchiveFile=" + archive);
    return all;
  }

  /** Where the archive is or will be; null where there can be none. */
  private @Nullable Path look() {
    if (jars.isEmpty() || Programs.shell().isEmpty()) {
      return null;
    }
    try {
      CacheFolder cache = folder == null ? CacheFolder.ofUser() : CacheFolder.at(folder);
      Path wanted = cache.file(key() + ".jsa");
      FileTime now = FileTime.fromMillis(TimeSource.SYSTEM.epochMillis());
      if (Files.isReadable(wanted)) {
        Files.setLastModifiedTime(wanted, now);
      } else if (mark(wanted, now)) {
        train(wanted);
        FileTime oldest = FileTime.fromMillis(now.toMillis() - KEPT.toMillis());
        cache.deleteOld("*.jsa", oldest, MOST_KEPT);
      }
      return wanted;
    } catch (IOException | RuntimeException e) {
      log.debug("no class-data archive, children start without: {}", e.toString());
      return null;
    }
  }

  private static Path markOf(Path wanted) {
    return Path.of(wanted + ".making");
  }

  /** Whether it is for us to make it: nobody else is at it, or has failed at it lately. */
  private static boolean mark(Path wanted, FileTime now) throws IOException {
    Path mark = markOf(wanted);
    try {
      Files.createDirectory(mark);
      return true;
    } catch (FileAlreadyExistsException e) {
      long age = now.toMillis() - Files.getLastModifiedTime(mark).toMillis();
      if (age < RETRY.toMillis()) {
        log.debug("no class-data archive yet: {} is {} ms old", mark, age);
        return false;
      }
      Files.setLastModifiedTime(mark, now);
      return true;
    }
  }

  private void train(Path wanted) throws IOException {
    Path mark = markOf(wanted);
    Path made = mark.resolve("archive");
    List<String> command = new ArrayList<>(Programs.ownSession());
    command.addAll(Programs.lowPriority());
    command.addAll(Programs.shell());
    command.addAll(List.of("-c", SCRIPT, "warren", made.toString(), wanted.toString()));
    command.add(mark.toString());
    command.add(java.toString());
    command.addAll(options);
    command.addAll(IN_PLACE);
    command.add("-XX:ArchiveClassesAtExit=" + made);
    command.addAll(JavaCommand.classPath(jars, mark.resolve("class-path")));
    command.add(ArchiveTraining.class.getName());
    ProcessBuilder builder = new ProcessBuilder(command);
    ChildEnvironment.restrict(builder.environment(), List.of());
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    log.debug("making class-data archive {}, by process {}", wanted, training.start(builder));
  }

  /** Names all that the archive depends on: the JVM checks most of it itself, and refuses. */
  private String key() throws IOException {
    Path program = java.toRealPath();
    Path release = program.resolveSibling("../release").normalize();
    StringBuilder text = new StringBuilder();
    text.append(program).append('\n').append(options).append(IN_PLACE).append('\n');
    text.append(Files.isReadable(release) ? Files.readString(release) : "").append('\n');
    for (Path jar : jars) {
      text.append(jar).append('\n').append(Files.size(jar)).append(' ');
      text.append(Files.getLastModifiedTime(jar)).append('\n');
    }
    try {
      byte[] all = text.toString().getBytes(StandardCharsets.UTF_8);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(all);
      return "children-" + HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
