package dev.warren.chaos;

import static dev.warren.chaos.Scenario.named;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.chaos.Work.Deed;
import dev.warren.pool.Pool;
import dev.warren.task.FailureKind;
import dev.warren.testkit.RepositoryFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Children, programs in Python, that misuse the link to their supervisor. */
final class LinkScenarios {
  private static final Path CHILD = RepositoryFiles.pythonChild();

  private LinkScenarios() {}

  static List<Scenario> all() {
    return List.of(
        misuses("a child closes its link in a call, and stays", Deed.CLOSE_LINK),
        misuses("a child writes garbage into its link in a call", Deed.GARBAGE_ON_LINK),
        misuses("a child announces a frame of 2 GB on its link", Deed.HUGE_FRAME),
        misuses("a child sends the outcome of a call that it does not hold", Deed.FALSE_OUTCOME),
        lies(),
        misuses("a child in Python dies of SIGSEGV in a call", Deed.SIGNAL_SEGV));
  }

  private static Scenario lies() {
    return named("a child answers calls with lines that are no outcome")
        .ends(FailureKind.RESULT_NOT_SERIALIZABLE, 5)
        .play(
            stage -> {
              packProgram(stage.folder());
              Pool pool = stage.open(1, "--functions", "**", "--child-command", "python3 " + CHILD);
              stage.fault();
              stage.calls().submit(pool, Deed.ANSWER_GARBAGE, 5);
              stage.calls().submit(pool, Deed.SLEEP_20_MS, 50);
              stage.awaitAllEnded();
              assertThat(stage.calls().repeated()).as("calls begun again").isZero();
            });
  }

  private static Scenario misuses(String name, Deed deed) {
    return named(name)
        .mayRunTwice("the call it was in")
        .play(
            stage -> {
              packProgram(stage.folder());
              Pool pool =
                  stage.open(
                      1,
                      "--child-command",
                      "python3 " + CHILD,
                      "--functions",
                      "dev.warren.chaos.*");
              stage.calls().submit(pool, deed);
              stage.calls().submit(pool, Deed.SLEEP_20_MS, 50);
              stage.awaitAllEnded();
              assertThat(stage.calls().repeated()).as("calls begun again").isEqualTo(1);
            });
  }

  /**
   * A child finds {@code dev.warren.chaos.Work} below its working directory, which is its worker's.
   */
  private static void packProgram(Path folder) throws IOException {
    Path module = folder.resolve(Work.class.getName().replace('.', '/') + ".py");
    Files.createDirectories(module.getParent());
    try (InputStream program = Work.class.getResourceAsStream("/chaos/Work.py")) {
      Files.copy(program, module);
    }
  }
}
