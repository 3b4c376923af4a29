package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.broker.InMemoryBroker;
import dev.warren.task.TaskOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The samples of docs/python-to-warren.md: here they are run, and the page must show the same. */
@Timeout(60)
class DocSamplesTest {
  private final List<String> items = List.of("a", "bb", "ccc");

  /** Functions of the samples. */
  static final class Samples {
    private Samples() {}

    static boolean init(String model) {
      return model.endsWith(".bin");
    }

    static double score(String item) {
      return item.length();
    }
  }

  @Test
  void the_shortest_program() {
    // sample
    try (Pool pool =
        Pool.builder()
            .processes(4)
            .initializer(Samples::init, "model.bin")
            .maxTasksPerChild(1000)
            .open()) {
      List<Double> scores = pool.map(Samples::score, items);
      // end
      assertThat(scores).containsExactly(1.0, 2.0, 3.0);
    }
  }

  @Test
  @SuppressWarnings("StreamResourceLeak") // the pool closes the stream that it is given
  void lambdas_results_and_limits(@TempDir Path folder) throws Exception {
    InMemoryBroker broker = InMemoryBroker.open();
    Path file = Files.write(folder.resolve("items"), items);
    double total = 0;
    List<String> items = this.items;
    try (FakeWorker worker = new FakeWorker(broker, "default", 2);
        Pool pool = Pool.builder().openOn(broker)) {
      double factor = 1.5;
      List<Double> scaled = pool.map(item -> factor * Samples.score(item), items);
      assertThat(scaled).containsExactly(1.5, 3.0, 4.5);
      ResultIterator<Double> results = pool.imapUnordered(Samples::score, Files.lines(file));
      while (results.hasNext()) {
        total += results.next();
      }
      assertThat(total).isEqualTo(6);
      AsyncResult<Double> slow =
          pool.with(TaskOptions.builder().timeLimit(Duration.ofSeconds(30)).maxAttempts(3).build())
              .applyAsync(Samples::score, "item");
      if (!slow.await(Duration.ofMinutes(1))) {
        slow.cancel(true);
      }
      assertThat(slow.get()).isEqualTo(4);
      assertThat(worker.calls()).isEqualTo(7);
    }
  }

  @Test
  void the_page_shows_what_is_run_here() throws IOException {
    String source =
        squeezed(Files.readString(Path.of("src/test/java/dev/warren/pool/DocSamplesTest.java")));
    String page = Files.readString(Path.of("../docs/python-to-warren.md"));
    List<String> samples =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
            .matcher(page)
            .results()
            .map((MatchResult match) -> match.group(1))
            .toList();
    assertThat(samples).hasSize(4);
    for (String sample : samples) {
      for (String statement : sample.split("(?<=;)\n", -1)) {
        String wanted = squeezed(statement.replaceAll("\n}\\s*$", "").strip());
        assertThat(source).contains(wanted.equals("}") ? "" : wanted);
      }
    }
  }

  private static String squeezed(String code) {
    return code.lines().map(String::strip).collect(Collectors.joining(" "));
  }

  @Test
  void every_test_that_the_page_names_exists() throws IOException {
    String tests;
    try (var files = Files.walk(Path.of("src/test/java/dev/warren/pool"))) {
      tests =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .map(
                  file -> {
                    try {
                      return Files.readString(file);
                    } catch (IOException e) {
                      throw new IllegalStateException(e);
                    }
                  })
              .collect(Collectors.joining());
    }
    String page = Files.readString(Path.of("../docs/python-to-warren.md"));
    List<String> named =
        Pattern.compile("`([a-z][a-z0-9]*(?:_[a-z0-9]+){2,})`")
            .matcher(page)
            .results()
            .map((MatchResult match) -> match.group(1))
            .toList();
    assertThat(named).hasSizeGreaterThan(40).allMatch(name -> tests.contains("void " + name + "("));
  }
}
