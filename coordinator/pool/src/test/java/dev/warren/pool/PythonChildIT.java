package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.task.ChildContext;
import dev.warren.task.TaskOptions;
import dev.warren.testkit.RepositoryFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A pool whose children run the Python program in examples/: Java declares the functions, and the
 * module of the same name implements them.
 */
@Timeout(600)
class PythonChildIT {
  @TempDir static Path folder;
  private static Pool pool;

  /** Declares the functions of dev/warren/pool/PythonChildIT$Stats.py; its bodies never run. */
  static final class Stats {
    private Stats() {}

    static int setUp(int offset) {
      throw new AssertionError("in Java");
    }

    static double score(List<Double> values) {
      throw new AssertionError("in Java");
    }

    static int fail(int n) {
      throw new AssertionError("in Java");
    }

    static int sleep(double seconds) {
      throw new AssertionError("in Java");
    }

    static int die() {
      throw new AssertionError("in Java");
    }
  }

  private static final String MODULE =
      """
      import os, time
      offset = 0

      def setUp(n):
          global offset
          offset = n

      def score(values):
          return offset + sum(values) / len(values)

      def fail(n):
          raise ValueError(f"cannot {n}")

      def sleep(seconds):
          time.sleep(seconds)
          return 1

      def die():
          os._exit(7)
      """;

  @BeforeAll
  static void open() throws Exception {
    Path module = folder.resolve(Stats.class.getName().replace('.', '/') + ".py");
    Files.createDirectories(module.getParent());
    Files.writeString(module, MODULE);
    Path child = RepositoryFiles.pythonChild();
    pool =
        Pool.builder()
            .processes(2)
            .context(ChildContext.command("python3", child.toString()).workingDirectory(folder))
            .initializer(Stats::setUp, 100)
            .open();
  }

  @AfterAll
  static void close() {
    pool.close();
  }

  @Test
  void calls_and_maps_run_in_python_with_its_initializer() {
    assertThat(pool.apply(Stats::score, List.of(1.0, 2.0))).isEqualTo(101.5);
    List<List<Double>> items = IntStream.range(0, 200).mapToObj(n -> List.of((double) n)).toList();
    List<Double> expected = items.stream().map(values -> 100 + values.get(0)).toList();
    assertThat(pool.map(Stats::score, items)).isEqualTo(expected);
    List<Double> lazy = new ArrayList<>();
    pool.imap(Stats::score, items.iterator(), 7).forEachRemaining(lazy::add);
    assertThat(lazy).isEqualTo(expected);
  }

  @Test
  void an_exception_of_python_comes_with_its_class_message_and_stack() {
    assertThatThrownBy(() -> pool.apply(Stats::fail, 3))
        .isExactlyInstanceOf(TaskFailedException.class)
        .hasMessageStartingWith("builtins.ValueError: cannot 3 [in ")
        .hasCauseExactlyInstanceOf(RemoteException.class)
        .cause()
        .hasMessageContaining("raise ValueError");
  }

  @Test
  void what_python_does_not_have_is_rejected() {
    assertThatThrownBy(() -> pool.apply(n -> n, 1))
        .isExactlyInstanceOf(TaskRejectedException.class)
        .hasMessageContaining("PythonChildIT");
  }

  @Test
  void a_context_can_say_which_functions_may_be_called() throws Exception {
    Path child = RepositoryFiles.pythonChild();
    ChildContext context =
        ChildContext.command("python3", child.toString())
            .workingDirectory(folder)
            .functions(Stats.class.getName() + "::score");
    try (Pool narrow = Pool.builder().processes(1).context(context).open()) {
      assertThat(narrow.apply(Stats::score, List.of(1.0))).isEqualTo(1.0);
      assertThatThrownBy(() -> narrow.apply(Stats::fail, 3))
          .isExactlyInstanceOf(TaskRejectedException.class)
          .hasMessageContaining("PythonChildIT$Stats::fail is not allowed here");
    }
    assertThatThrownBy(
            () -> Pool.builder().context(ChildContext.command("x").functions("a/b::c")).open())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("function pattern 'a/b::c'");
  }

  @Test
  void limits_and_losses_are_as_with_java() {
    Pool strict =
        pool.with(TaskOptions.builder().childLost(0).softTimeLimit(Duration.ofMillis(300)).build());
    assertThatThrownBy(() -> strict.apply(Stats::sleep, 30.0))
        .isExactlyInstanceOf(TimeLimitExceededException.class);
    assertThatThrownBy(() -> strict.<Integer>apply(Stats::die))
        .isExactlyInstanceOf(ChildLostException.class)
        .satisfies(e -> assertThat(((ChildLostException) e).exitCode()).hasValue(7));
    assertThat(pool.apply(Stats::score, List.of(1.0))).isEqualTo(101.0);
  }
}
