package dev.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.testkit.RepositoryFiles;
import dev.warren.testkit.TestJava;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The README's program, run from its source file, so that its classes are in memory only. */
@Timeout(600)
class SourceFileIT {
  @TempDir private Path folder;

  @Test
  void a_program_run_from_its_source_file_is_told_to_be_compiled() throws Exception {
    Path source = Path.of("../../examples/src/main/java/dev/warren/examples/Primes.java");
    Path copy =
        Files.writeString(
            folder.resolve("Primes.java"),
            Files.readString(source).replaceFirst("(?m)^package .*;", ""));
    Path output = folder.resolve("output");
    Process program =
        new ProcessBuilder(
                TestJava.command("-cp", RepositoryFiles.programClassPath(), copy.toString()))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(program.waitFor(180, TimeUnit.SECONDS)).isTrue();
    } finally {
      program.destroyForcibly();
    }
    assertThat(program.exitValue()).isEqualTo(1);
    assertThat(Files.readString(output))
        .contains("unknown class Primes: it is not on the child's class path")
        .contains("compile it first, 'javac -d classes Primes.java'");
  }
}
