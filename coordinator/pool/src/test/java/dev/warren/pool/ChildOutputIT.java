package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.testkit.TestJava;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where what children print goes. */
@Timeout(600)
class ChildOutputIT {
  @TempDir private Path folder;

  /** Functions that run in the children. */
  public static final class Calls {
    private Calls() {}

    /** Prints on both streams. */
    public static void print(int n) {
      System.out.println("out " + n);
      System.err.println("err " + n);
    }
  }

  /** A program without a logging library. */
  public static final class Program {
    private Program() {}

    /** Has a child print. */
    public static void main(String[] args) {
      try (Pool pool = Pool.builder().processes(1).open()) {
        pool.run(Calls::print, 7);
      }
    }
  }

  @Test
  void a_listener_can_take_the_lines() {
    List<String> taken = new CopyOnWriteArrayList<>();
    PoolListener listener =
        new PoolListener() {
          @Override
          public boolean childOutput(String child, long pid, boolean error, String line) {
            taken.add((pid > 0) + " " + error + " " + line);
            if (line.equals("out 1")) {
              throw new IllegalStateException("a listener's own failure stops no output");
            }
            return true;
          }
        };
    try (Pool pool = Pool.builder().processes(1).listener(listener).open()) {
      pool.run(Calls::print, 1);
      pool.run(Calls::print, 2);
      await().atMost(Duration.ofMinutes(3)).until(() -> taken.size() == 4);
    }
    assertThat(taken)
        .containsExactlyInAnyOrder(
            "true false out 1", "true true err 1", "true false out 2", "true true err 2");
  }

  @Test
  void without_a_logging_library_the_lines_are_on_the_programs_stderr() throws Exception {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(entry -> !entry.contains("logback"))
            .collect(Collectors.joining(File.pathSeparator));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process program =
        new ProcessBuilder(TestJava.command("-cp", classPath, Program.class.getName()))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertThat(program.waitFor(180, TimeUnit.SECONDS)).isTrue();
    } finally {
      program.destroyForcibly();
    }
    assertThat(program.exitValue()).isZero();
    assertThat(Files.readString(out)).isEmpty();
    assertThat(Files.readAllLines(err)).contains("out 7", "err 7");
  }
}
