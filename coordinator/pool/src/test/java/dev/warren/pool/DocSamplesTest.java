package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.broker.memory.InMemoryBroker;
import dev.warren.task.NamedFunction;
import dev.warren.task.Payload;
import dev.warren.task.TaskOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the samples of the documentation; the pages must show the same code. */
@Timeout(600)
class DocSamplesTest {
  private static final Pattern SAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  private static final Logger log = LoggerFactory.getLogger(DocSamplesTest.class);

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
      for (Outcome<Double> outcome : pool.mapOutcomes(Samples::score, items)) {
        if (outcome.isSuccess()) {
          total += outcome.value();
        } else {
          log.warn("{} failed", items.get((int) outcome.index()), outcome.failure());
        }
      }
      assertThat(total).isEqualTo(6);
      total = 0;
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
      assertThat(worker.calls()).isEqualTo(10);
      worker.answer = line -> Payload.of("{\"value\":5}"); // as Python would
      NamedFunction<Integer> add = NamedFunction.of("operator::add", Integer.class);
      int five = pool.apply(add, 2, 3);
      assertThat(five).isEqualTo(5);
    }
  }

  @Test
  void every_java_sample_of_every_page_is_compiled_and_run() throws IOException {
    String run =
        squeezed(
            Files.readString(Path.of("src/test/java/dev/warren/pool/DocSamplesTest.java"))
                + Files.readString(
                    Path.of("../../examples/src/main/java/dev/warren/examples/Primes.java"))
                + Files.readString(
                    Path.of("src/test/java/dev/warren/metrics/WarrenMetricsTest.java"))
                + Files.readString(
                    Path.of("src/test/java/dev/warren/tracing/WarrenTracingTest.java"))
                + Files.readString(Path.of("../jobs/src/test/java/dev/warren/jobs/JobsIT.java"))
                + Files.readString(
                    Path.of("../service/src/test/java/dev/warren/service/ServiceSampleIT.java"))
                + Files.readString(
                    Path.of(
                        "../../examples/src/test/java/dev/warren/examples/PrimesFaultsIT.java")));
    int samples = 0;
    for (Path page : pages()) {
      Matcher sample = SAMPLE.matcher(Files.readString(page));
      while (sample.find()) {
        samples++;
        for (String statement : sample.group(1).split("(?<=;)\n", -1)) {
          String wanted = squeezed(statement.replaceAll("(\n|^)\\s*}\\s*$", "").strip());
          assertThat(run).as("a sample of " + page).contains(wanted);
        }
      }
    }
    assertThat(samples).isGreaterThanOrEqualTo(5);
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> top = Files.list(Path.of("../.."));
        Stream<Path> docs = Files.walk(Path.of("../../docs"))) {
      return Stream.concat(top, docs).filter(file -> file.toString().endsWith(".md")).toList();
    }
  }

  private static String squeezed(String code) {
    return code.lines().map(String::strip).collect(Collectors.joining(" "));
  }
}
