package dev.warren.worker.supervise.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands of children: their prefixes, and why they did not start. */
class ProgramsTest {
  @TempDir private Path folder;

  private static ProcessBuilder of(String... command) {
    List<String> all = new ArrayList<>(Programs.ownSession());
    all.addAll(List.of(command));
    ProcessBuilder builder = new ProcessBuilder(all);
    builder.environment().clear();
    return builder;
  }

  @Test
  void programs_of_the_system_are_executable_paths() {
    for (List<String> program :
        List.of(Programs.ownSession(), Programs.lowPriority(), Programs.shell())) {
      assertThat(program).hasSizeLessThanOrEqualTo(1).allMatch(path -> new File(path).canExecute());
    }
  }

  @Test
  void failed_start_names_the_program_that_was_meant() {
    IOException why =
        new IOException("Cannot run program \"/usr/bin/setsid\": error=2, No such file");
    assertThat(Programs.cannotStart(of("/no/such/program", "x"), why))
        .isEqualTo("cannot start /no/such/program: error=2, No such file");
    assertThat(Programs.cannotStart(of("p"), new IOException("other")))
        .isEqualTo("cannot start p: other");
  }

  @Test
  void command_that_is_too_long_is_reported_with_its_length() {
    ProcessBuilder builder = of("p", "x".repeat(1000));
    builder.environment().put("V", "y".repeat(2000));
    assertThat(Programs.cannotStart(builder, new IOException("x: error=7, Argument list too long")))
        .contains("its arguments (1003 bytes)")
        .contains("environment (2003 bytes, the longest of all 2003)")
        .contains("--child-env");
  }

  @Test
  void children_start_in_this_programs_folder_or_in_the_root_if_that_was_deleted()
      throws IOException {
    Path own = Files.createDirectory(folder.resolve("own"));
    WorkingFolder working = new WorkingFolder(own);
    assertThat(working.ofChildren()).isEqualTo(own.toFile());
    Files.delete(own);
    assertThat(working.ofChildren()).isEqualTo(own.getRoot().toFile());
    assertThat(working.ofChildren()).isEqualTo(own.getRoot().toFile());
  }

  @Test
  void long_class_path_goes_into_a_file() throws IOException {
    Path file = folder.resolve("class-path");
    List<Path> few = List.of(Path.of("/a.jar"), Path.of("/b"));
    assertThat(JavaCommand.classPath(few, file))
        .containsExactly("-cp", "/a.jar" + File.pathSeparator + "/b");
    assertThat(file).doesNotExist();
    List<Path> many = Collections.nCopies(JavaCommand.LONGEST, Path.of("/a\"b.jar"));
    assertThat(JavaCommand.classPath(many, file)).containsExactly("@" + file);
    assertThat(Files.readString(file)).startsWith("-cp \"/a\\\"b.jar" + File.pathSeparator);
  }
}
