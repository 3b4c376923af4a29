package dev.warren.worker.supervise.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a class-data archive is created and used; the training run itself is not started. */
class ClassDataArchiveTest {
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

  @TempDir private Path folder;
  private final List<ProcessBuilder> trainings = new ArrayList<>();
  private Path cache;
  private Path jar;

  @BeforeEach
  void one_jar() throws IOException {
    cache = folder.resolve("cache");
    jar = Files.createFile(folder.resolve("a.jar"));
  }

  private List<String> options(Path... classPath) {
    return worker(classPath).jvmOptions();
  }

  private ClassDataArchive worker(Path... classPath) {
    return ClassDataArchive.in(
        cache,
        JAVA,
        List.of("-Xshare:auto"),
        List.of(classPath),
        builder -> {
          trainings.add(builder);
          return 1;
        });
  }

  /** Starts a worker where there is an archive without the application's classes. */
  private ClassDataArchive workerWithArchive(Path... classPath) throws IOException {
    options(classPath);
    trained();
    trainings.clear();
    ClassDataArchive worker = worker(classPath);
    assertThat(worker.jvmOptions()).isNotEmpty();
    return worker;
  }

  private static Path record(ClassDataArchive worker, String child, int classes)
      throws IOException {
    String option = worker.recordingOptions(child).get(0);
    Path file = Path.of(option.substring("-XX:DumpLoadedClassList=".length()));
    return Files.write(file, Collections.nCopies(classes, "com/acme/Stats"));
  }

  private Path only(String ending) throws IOException {
    try (var files = Files.list(cache)) {
      return files.filter(file -> file.toString().endsWith(ending)).findFirst().orElseThrow();
    }
  }

  /** Creates the files that a training run leaves behind. */
  private Path trained() throws IOException {
    Path mark = only(".making");
    Path archive = Path.of(mark.toString().replace(".making", ""));
    Files.createFile(archive);
    Files.delete(mark);
    return archive;
  }

  @Test
  void first_child_starts_without_an_archive_and_triggers_its_creation() {
    assertThat(options(jar)).isEmpty();
    assertThat(trainings).hasSize(1);
    assertThat(trainings.get(0).command())
        .contains(JAVA.toString(), "-Xshare:auto", "-XX:ArchiveRelocationMode=0")
        .anyMatch(argument -> argument.startsWith("-XX:ArchiveClassesAtExit="));
  }

  @Test
  void archive_is_used_once_it_exists_and_its_age_is_reset() throws IOException {
    options(jar);
    Path archive = trained();
    FileTime old = FileTime.fromMillis(1_000_000_000);
    Files.setLastModifiedTime(archive, old);
    assertThat(options(jar)).contains("-XX:SharedArchiveFile=" + archive);
    assertThat(trainings).hasSize(1);
    assertThat(Files.getLastModifiedTime(archive)).isGreaterThan(old);
  }

  @Test
  void training_that_another_worker_has_begun_is_not_repeated_within_an_hour() throws IOException {
    options(jar);
    options(jar);
    assertThat(trainings).hasSize(1);
    Path mark = only(".making");
    long age = 61 * 60_000;
    Files.setLastModifiedTime(
        mark, FileTime.fromMillis(Files.getLastModifiedTime(mark).toMillis() - age));
    options(jar);
    assertThat(trainings).as("it has failed").hasSize(2);
  }

  @Test
  void changed_jar_gets_a_new_archive() throws IOException {
    options(jar);
    Path archive = trained();
    Files.writeString(jar, "changed");
    assertThat(options(jar)).isEmpty();
    assertThat(trainings).hasSize(2);
    assertThat(archive).exists();
  }

  @Test
  void only_jars_before_the_first_folder_are_archived() throws IOException {
    Path classes = Files.createDirectory(folder.resolve("classes"));
    assertThat(options(classes, jar)).isEmpty();
    assertThat(trainings).isEmpty();
    options(jar, classes);
    assertThat(trainings.get(0).command()).contains(jar.toString());
  }

  @Test
  void children_start_without_an_archive_if_others_may_write_to_the_folder() throws IOException {
    Files.createDirectory(cache);
    Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(options(jar)).isEmpty();
    assertThat(trainings).isEmpty();
  }

  @Test
  void archive_with_the_applications_classes_is_made_from_what_a_child_has_loaded()
      throws IOException {
    ClassDataArchive worker = workerWithArchive(jar);
    Path recording = record(worker, "w-1", ClassDataArchive.MIN_CLASSES);
    worker.ended("w-1");
    assertThat(recording).doesNotExist();
    assertThat(trainings).hasSize(1);
    List<String> command = trainings.get(0).command();
    assertThat(Path.of(command.get(command.size() - 1)))
        .hasContent("com/acme/Stats\n".repeat(ClassDataArchive.MIN_CLASSES));
    Path archive = Path.of(only(".app.jsa.making").toString().replace(".making", ""));
    Files.createFile(archive);
    assertThat(worker.jvmOptions()).contains("-XX:SharedArchiveFile=" + archive);
    assertThat(worker.recordingOptions("w-3")).isEmpty();
  }

  @Test
  void application_of_few_classes_gets_no_archive_of_its_own() throws IOException {
    ClassDataArchive worker = workerWithArchive(jar);
    Path recording = record(worker, "w-1", ClassDataArchive.MIN_CLASSES - 1);
    worker.ended("w-1");
    worker.ended("w-2");
    assertThat(recording).doesNotExist();
    assertThat(trainings).isEmpty();
  }

  @Test
  void at_most_two_children_of_a_worker_record() throws IOException {
    ClassDataArchive worker = workerWithArchive(jar);
    assertThat(worker.recordingOptions("w-1")).hasSize(1);
    assertThat(worker.recordingOptions("w-2")).hasSize(1);
    assertThat(worker.recordingOptions("w-3")).isEmpty();
  }

  @Test
  void second_recording_does_not_repeat_the_training_of_the_first() throws IOException {
    ClassDataArchive worker = workerWithArchive(jar);
    record(worker, "w-1", ClassDataArchive.MIN_CLASSES);
    Path second = record(worker, "w-2", ClassDataArchive.MIN_CLASSES);
    worker.ended("w-1");
    worker.ended("w-2");
    assertThat(trainings).hasSize(1);
    assertThat(second).doesNotExist();
  }

  @Test
  void nothing_is_recorded_where_java_could_not_archive_the_application() throws IOException {
    assertThat(worker(jar).recordingOptions("w-1")).as("no archive yet").isEmpty();
    Path classes = Files.createDirectory(folder.resolve("classes"));
    ClassDataArchive worker = workerWithArchive(jar, classes);
    assertThat(worker.recordingOptions("w-1")).as("classes in a folder").isEmpty();
  }
}
