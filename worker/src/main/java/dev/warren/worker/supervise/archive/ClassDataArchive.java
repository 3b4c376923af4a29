package dev.warren.worker.supervise.archive;

import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.TimeSource;
import dev.warren.worker.cache.CacheFolder;
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
 * A class-data sharing (CDS) archive of the classes that every child loads, which more than halves
 * a child's start-up time. A background training run creates it once per Java and set of jars; it
 * is kept in the {@link CacheFolder}.
 *
 * <p>It never causes a failure: without it, children start normally. The training run may outlive
 * its worker by some seconds, so that short runs get their archive too. Confined to the thread that
 * starts children; several workers may share the folder.
 */
public final class ClassDataArchive {
  private static final Logger log = Logs.of(ClassDataArchive.class);

  /** Wait before a training run that left no archive is repeated. */
  private static final Duration RETRY = Duration.ofHours(1);

  /** End of the name of the folder of a training run that has not succeeded. */
  private static final String MARK = ".making";

  /** Archives that no worker has started to use for this long are deleted. */
  private static final Duration KEPT = Duration.ofDays(30);

  /** Maximum number of archives, of about 11 MB each: every build of the jars creates one. */
  private static final int MAX_KEPT = 40;

  /** Without these, a JVM that rejects an archive writes a warning to the child's stdout. */
  private static final List<String> QUIET = List.of("-Xlog:cds=off", "-Xlog:cds+dynamic=off");

  /**
   * Maps archives at the address they were created for. Recent versions of Java 17 relocate them
   * (ASLR) and patch their pointers, which costs a sixth of the processor time of a child's start,
   * and 14 MB that cannot be shared with other children. A Java that does not know these options
   * creates no archive, and its children start without one.
   */
  private static final List<String> IN_PLACE =
      List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:ArchiveRelocationMode=0");

  /** {@code mv} publishes the archive atomically; the marker folder is removed only on success. */
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
   * Creates the archive for children started as {@code java options … -cp classPath}, in the user's
   * cache folder.
   *
   * @param java the program
   * @param options the JVM options of all children
   * @param classPath their class path; only the jars before its first folder are archived, because
   *     Java archives no others
   */
  public static ClassDataArchive of(Path java, List<String> options, List<Path> classPath) {
    return new ClassDataArchive(
        null, java, options, leadingJars(classPath), builder -> builder.start().pid());
  }

  /** The same in another folder. */
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
   * Returns the JVM options for a child started now: none while there is no archive. The first call
   * starts the training run if it is missing. Does not wait.
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

  /** Returns where the archive is or will be; null if there can be none. */
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
        cache.deleteOld("*.jsa", oldest, MAX_KEPT);
        cache.deleteOld(
            "*.jsa" + MARK, FileTime.fromMillis(now.toMillis() - RETRY.toMillis()), MAX_KEPT);
      }
      return wanted;
    } catch (IOException | RuntimeException e) {
      log.debug("children start without a class-data archive: {}", e.toString());
      return null;
    }
  }

  private static Path markOf(Path wanted) {
    return Path.of(wanted + MARK);
  }

  /**
   * Whether this worker should create it: no other worker is creating it or has recently failed to.
   */
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
    log.debug("creating class-data archive {}, by process {}", wanted, training.start(builder));
  }

  /**
   * Returns a name derived from everything that the archive depends on; the JVM checks most of it
   * and rejects a wrong archive.
   */
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
