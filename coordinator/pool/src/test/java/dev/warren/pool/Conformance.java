package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.task.TaskOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/**
 * Base of the conformance suite: what holds for every pool with real child processes.
 * docs/python-to-warren.md lists which rule of Python's Pool each test proves.
 */
@Timeout(600)
@Tag("conformance")
@ExtendWith(Site.Closing.class)
abstract class Conformance {
  /** Maximum wait for an expected event: only a hang exceeds it, even on a busy machine. */
  static final Duration SOON = Duration.ofMinutes(3);

  /**
   * Every future must end within this time of its cause. In an ordinary run only a hang exceeds it;
   * the promised five seconds are measured by {@code ./verify --chaos}, on an otherwise idle
   * machine, which sets {@code warren.bound}.
   */
  static final Duration BOUND = Duration.parse(System.getProperty("warren.bound", "PT3M"));

  @Parameter Site site;
  @TempDir Path folder;
  private final List<Pool> opened = new ArrayList<>();
  private Pool shared;

  @BeforeEach
  void openSite() throws Exception {
    shared = site.pool();
  }

  /** A pool for the whole run; no test closes it. */
  Pool pool() {
    return shared;
  }

  Pool.Builder builder() {
    return site.builder();
  }

  /** Opens a pool that is closed after the test. */
  Pool open(Pool.Builder builder) {
    Pool pool = builder.open();
    opened.add(pool);
    return pool;
  }

  Pool own() {
    return open(builder());
  }

  @AfterEach
  void end() {
    for (Pool pool : opened) {
      pool.terminate();
      assertThat(pool.join(SOON)).as("ended in time").isTrue();
    }
  }

  static List<Integer> upTo(int n) {
    return IntStream.range(0, n).boxed().toList();
  }

  static TaskOptions.Builder options() {
    return TaskOptions.builder();
  }

  static int lines(Path file) throws IOException {
    return Files.exists(file) ? Files.readAllLines(file).size() : 0;
  }

  static void awaitLines(Path file, int wanted) {
    await().atMost(SOON).until(() -> lines(file) >= wanted);
  }
}
