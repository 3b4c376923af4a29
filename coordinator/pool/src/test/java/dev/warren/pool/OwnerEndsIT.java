package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.testkit.TestJava;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs that end, normally or not, with a pool open: no hang, nothing left behind. */
@Timeout(600)
@ExtendWith(Site.Closing.class)
class OwnerEndsIT {
  private static final Duration BOUND = Conformance.BOUND;

  /** Below the minute that a call without a cancel takes. */
  private static final long EXIT_SECONDS = Math.min(30, BOUND.toSeconds());

  @TempDir Path folder;
  private final List<Process> programs = new ArrayList<>();

  @AfterEach
  void endPrograms() {
    programs.forEach(Process::destroyForcibly);
  }

  private Process run(Class<?> program, String... arguments) throws IOException {
    List<String> command =
        TestJava.command("-cp", System.getProperty("java.class.path"), program.getName());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    programs.add(process);
    return process;
  }

  private String output() throws IOException {
    return Files.readString(folder.resolve("output"));
  }

  /** Process ids that calls have written to the file. */
  private List<Long> pids(Path file, int wanted) throws IOException {
    await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> Files.exists(file) && Files.readAllLines(file).size() >= wanted);
    return Files.readAllLines(file).stream().map(Long::valueOf).toList();
  }

  private static void awaitGone(List<Long> pids) {
    assertThat(pids).isNotEmpty();
    await()
        .atMost(BOUND)
        .until(() -> pids.stream().noneMatch(pid -> ProcessHandle.of(pid).isPresent()));
  }

  /**
   * The child has ended with its owner or, if it is a worker's, its call was cancelled. If the
   * machine is so busy that the grace expires before the call has seen its cancel, a worker kills
   * the child.
   */
  private static void awaitOver(Site site, Path file, List<Long> children) {
    if (site.overBroker()) {
      await()
          .atMost(BOUND)
          .until(() -> Conformance.lines(file) == 2 || ProcessHandle.of(children.get(0)).isEmpty());
    } else {
      awaitGone(children);
    }
  }

  private static String uri(Site site) throws Exception {
    site.pool();
    return site.uri();
  }

  /** Opens a pool, uses it, and returns from main with a call running. */
  static final class Careless {
    private Careless() {}

    /** Runs. */
    public static void main(String[] args) throws Exception {
      Pool pool = Pool.open(args[0]);
      System.out.println("got " + pool.apply(Functions::twice, 21));
      pool.applyAsync(Functions::untilCancelled, args[1]);
      while (!Files.exists(Path.of(args[1]))) {
        Uninterrupted.millis(10);
      }
      if (args.length > 2) {
        System.exit(Integer.parseInt(args[2]));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.warren.pool.Site#all")
  void a_program_that_returns_with_a_pool_open_ends_with_0_and_leaves_no_call(Site site)
      throws Exception {
    Path file = folder.resolve("running");
    Process program = run(Careless.class, uri(site), file.toString());
    List<Long> children = pids(file, 1);
    assertThat(program.waitFor(EXIT_SECONDS, TimeUnit.SECONDS)).as(output()).isTrue();
    assertThat(program.exitValue()).isZero();
    assertThat(output()).contains("got 42");
    awaitOver(site, file, children);
  }

  @ParameterizedTest
  @MethodSource("dev.warren.pool.Site#all")
  void a_program_that_exits_keeps_its_exit_code(Site site) throws Exception {
    Path file = folder.resolve("running");
    Process program = run(Careless.class, uri(site), file.toString(), "3");
    List<Long> children = pids(file, 1);
    assertThat(program.waitFor(EXIT_SECONDS, TimeUnit.SECONDS)).as(output()).isTrue();
    assertThat(program.exitValue()).isEqualTo(3);
    awaitOver(site, file, children);
  }

  /** Runs calls that start processes, and waits. */
  static final class Busy {
    private Busy() {}

    /** Runs. */
    public static void main(String[] args) throws Exception {
      try (Pool pool = Pool.builder().processes(2).open()) {
        pool.starmap(
            Functions::startProcess, List.of(Args.of(args[0], 600), Args.of(args[0], 600)), 1);
      }
    }
  }

  @Test
  void children_of_a_killed_program_end_in_the_middle_of_a_call_with_what_they_started()
      throws Exception {
    Path file = folder.resolve("tree");
    Process program = run(Busy.class, file.toString());
    List<Long> tree = pids(file, 4);
    program.destroyForcibly();
    awaitGone(tree);
  }

  /** Drops a pool without closing it, and continues. */
  static final class Dropping {
    private Dropping() {}

    /** Runs. */
    public static void main(String[] args) throws Exception {
      drop(args[0]);
      while (true) {
        System.gc();
        Uninterrupted.millis(20);
      }
    }

    private static void drop(String file) throws Exception {
      Pool pool = Pool.builder().processes(1).open();
      pool.apply(Functions::mark, file, 1);
    }
  }

  @Test
  void a_pool_that_was_dropped_says_where_it_was_opened_and_its_children_end() throws Exception {
    Path file = folder.resolve("dropped");
    Process program = run(Dropping.class, file.toString());
    List<Long> children = pids(file, 1);
    await()
        .atMost(Duration.ofMinutes(3))
        .until(
            () ->
                output().contains("was not closed")
                    && output().contains("OwnerEndsIT$Dropping.drop(OwnerEndsIT.java"));
    awaitGone(children);
    assertThat(program.isAlive()).isTrue();
  }
}
