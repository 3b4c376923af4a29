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
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Class-data sharing (CDS) archives for children, kept in the {@link CacheFolder}, one set per Java
 * and set of jars. A background training run creates each once:
 *
 * <ul>
 *   <li>that of the classes that every child loads, which more than halves a child's start-up time;
 *   <li>then, for an application of many classes, one that also has the classes that a child of
 *       this application has loaded. A child records their names ({@link #recordingOptions}); the
 *       training run loads these classes and runs none of their code.
 * </ul>
 *
 * <p>They never cause a failure: without them, children start normally. A training run may outlive
 * its worker by some seconds, so that short runs get their archives too. Confined to the thread
 * that starts children; several workers may share the folder.
 */
public final class ClassDataArchive {
  private static final Logger log = Logs.of(ClassDataArchive.class);

  /** Wait before a training run that left no archive is repeated. */
  private static final Duration RETRY = Duration.ofHours(1);

  /** End of the name of the folder of a training run that has not succeeded. */
  private static final String MARK = ".making";

  /** End of the name of the file in which a child records the classes it loads. */
  private static final String RECORDING = ".classes";

  /** Archives that no worker has started to use for this long are deleted. */
  private static final Duration KEPT = Duration.ofDays(30);

  /** Maximum number of archives, of about 11 MB each: every build of the jars creates one. */
  private static final int MAX_KEPT = 40;

  /** Of archives with an application's classes, which may have 50 MB. */
  private static final int MAX_KEPT_OF_APPS = 8;

  /**
   * Number of classes from which an archive of the application's own is worth its disk space. A
   * child loads about 820 without any.
   */
  static final int MIN_CLASSES = 1500;

  /** Maximum number of children that record, per worker: one that ends early has few classes. */
  static final int MAX_RECORDINGS = 2;

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
  private final boolean onlyJars;
  private final TrainingRun training;
  private boolean looked;
  private @Nullable Place place;
  private int recordings;

  /** Where the archives of these children are or will be. */
  private record Place(CacheFolder cache, Path ofAll, Path ofApp) {
    /** The archive to use now; null for none. */
    @Nullable Path best() {
      return Files.isReadable(ofApp) ? ofApp : Files.isReadable(ofAll) ? ofAll : null;
    }
  }

  /** Starts the training run; returns its process id. */
  interface TrainingRun {
    long start(ProcessBuilder builder) throws IOException;
  }

  private ClassDataArchive(
      @Nullable Path folder,
      Path java,
      List<String> options,
      List<Path> classPath,
      TrainingRun training) {
    this.folder = folder;
    this.java = java;
    this.options = List.copyOf(options);
    this.jars = leadingJars(classPath);
    this.onlyJars = jars.size() == classPath.size();
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
    return new ClassDataArchive(null, java, options, classPath, builder -> builder.start().pid());
  }

  /** The same in another folder. */
  static ClassDataArchive in(Path folder, Path java, List<String> options, List<Path> classPath) {
    return in(folder, java, options, classPath, builder -> builder.start().pid());
  }

  /** The same with another way to start the training run. */
  static ClassDataArchive in(
      Path folder, Path java, List<String> options, List<Path> classPath, TrainingRun training) {
    return new ClassDataArchive(folder, java, options, classPath, training);
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
      place = look();
    }
    Path archive = place == null ? null : place.best();
    if (archive == null) {
      return List.of();
    }
    List<String> all = new ArrayList<>(QUIET);
    all.addAll(IN_PLACE);
    all.add("-XX:SharedArchiveFile=" + archive);
    return all;
  }

  /**
   * Returns the JVM option with which a child records the classes it loads; none if no recording is
   * needed, or if this Java may not know the option because it has created no archive. Once the
   * child has ended, {@link #ended} must be called.
   */
  public List<String> recordingOptions(String child) {
    if (place == null
        || !onlyJars
        || recordings == MAX_RECORDINGS
        || !place.ofAll.equals(place.best())
        || Files.exists(markOf(place.ofApp))) {
      return List.of();
    }
    recordings++;
    return List.of("-XX:DumpLoadedClassList=" + recording(place, child));
  }

  private static Path recording(Place place, String child) {
    return place.cache.file(child + RECORDING);
  }

  /**
   * A child has ended: if it has recorded many classes, starts the training run for the archive
   * with the application's classes.
   */
  public void ended(String child) {
    Place there = place;
    if (there == null) {
      return;
    }
    Path recording = recording(there, child);
    if (!Files.isReadable(recording)) {
      return;
    }
    try {
      FileTime now = FileTime.fromMillis(TimeSource.SYSTEM.epochMillis());
      if (classes(recording) >= MIN_CLASSES
          && !Files.isReadable(there.ofApp)
          && mark(there.ofApp, now)) {
        Path list = markOf(there.ofApp).resolve("classes");
        Files.move(recording, list, StandardCopyOption.REPLACE_EXISTING);
        train(there.ofApp, List.of(list.toString()));
        clean(there.cache, now);
      }
      Files.deleteIfExists(recording);
    } catch (IOException | RuntimeException e) {
      log.debug("no class-data archive with the application's classes: {}", e.toString());
    }
  }

  private static long classes(Path recording) throws IOException {
    // names of classes are mostly ASCII, and only their number matters here
    try (Stream<String> lines = Files.lines(recording, StandardCharsets.ISO_8859_1)) {
      return lines.count();
    }
  }

  /** Returns where the archives are or will be; null if there can be none. */
  private @Nullable Place look() {
    if (jars.isEmpty() || Programs.shell().isEmpty()) {
      return null;
    }
    try {
      CacheFolder cache = folder == null ? CacheFolder.ofUser() : CacheFolder.at(folder);
      String key = key();
      Place there = new Place(cache, cache.file(key + ".jsa"), cache.file(key + ".app.jsa"));
      FileTime now = FileTime.fromMillis(TimeSource.SYSTEM.epochMillis());
      Path best = there.best();
      if (best != null) {
        Files.setLastModifiedTime(best, now);
      } else if (mark(there.ofAll, now)) {
        train(there.ofAll, List.of());
        clean(cache, now);
      }
      return there;
    } catch (IOException | RuntimeException e) {
      log.debug("children start without a class-data archive: {}", e.toString());
      return null;
    }
  }

  private static void clean(CacheFolder cache, FileTime now) throws IOException {
    FileTime oldest = FileTime.fromMillis(now.toMillis() - KEPT.toMillis());
    cache.deleteOld("*.app.jsa", oldest, MAX_KEPT_OF_APPS);
    cache.deleteOld("*.jsa", oldest, MAX_KEPT);
    cache.deleteOld(
        "*.jsa" + MARK, FileTime.fromMillis(now.toMillis() - RETRY.toMillis()), MAX_KEPT);
    cache.deleteOld("*" + RECORDING, oldest, MAX_KEPT);
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

  private void train(Path wanted, List<String> arguments) throws IOException {
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
    command.addAll(arguments);
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
