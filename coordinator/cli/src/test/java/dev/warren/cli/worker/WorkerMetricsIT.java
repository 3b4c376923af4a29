package dev.warren.cli.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.broker.BrokerUri;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.task.TaskOptions;
import dev.warren.testkit.SharedBroker;
import dev.warren.testkit.metrics.OpenMetricsText;
import dev.warren.testkit.server.PrivateBroker;
import dev.warren.wire.PoolSettings;
import dev.warren.worker.TestOwner;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a worker process shows to Prometheus and to probes. */
@Timeout(600)
class WorkerMetricsIT {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final int GROUP = 25;
  private static final int MOST_SERIES = 250;

  @TempDir Path folder;
  private final String pool = "pool-" + UUID.randomUUID();
  private final PrivateBroker server = SharedBroker.get();
  private final HttpClient http = HttpClient.newHttpClient();
  private int port;
  private RabbitBroker broker;
  private TestOwner owner;
  private WorkerProcess worker;

  @BeforeEach
  void connect() throws Exception {
    broker = RabbitBroker.open(BrokerUri.parse(uri()), "test-owner", Duration.ofSeconds(20));
    owner = new TestOwner(broker, pool);
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
  }

  @AfterEach
  void stop() {
    worker.close();
    broker.close();
  }

  private String uri() {
    return server.uri() + "?pool=" + pool;
  }

  private void startWorker(String... options) throws IOException {
    String[] all = new String[options.length + 2];
    all[0] = "--metrics-port";
    all[1] = Integer.toString(port);
    System.arraycopy(options, 0, all, 2, options.length);
    worker = WorkerProcess.start(uri(), folder.resolve("worker.log"), all);
    await().atMost(SOON).until(() -> worker.serves(pool) && status("/health") == 200);
  }

  private HttpResponse<String> get(String path) throws IOException {
    try {
      return http.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
              .timeout(Duration.ofSeconds(20))
              .header("Accept", "application/openmetrics-text;version=1.0.0")
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private int status(String path) throws IOException {
    return get(path).statusCode();
  }

  private OpenMetricsText scrape() throws IOException {
    return OpenMetricsText.parse(get("/metrics").body());
  }

  private void run(String method, List<?> args, TaskOptions options) {
    int before = owner.ended();
    owner.submit(method, args, 1, options, PoolSettings.DEFAULTS);
    await().atMost(SOON).until(() -> owner.ended() == before + args.size());
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  @Test
  void the_values_are_those_of_what_was_run() throws Exception {
    startWorker();
    run("thirdsFail", numbers(30), TaskOptions.DEFAULTS);
    run("die", List.of(137), TaskOptions.builder().childLost(1).build());
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              OpenMetricsText scrape = scrape();
              assertThat(scrape.value("warren_outcomes_total{kind=\"value\"}")).isEqualTo(20);
              assertThat(scrape.value("warren_outcomes_total{kind=\"failed\"}")).isEqualTo(10);
              assertThat(scrape.value("warren_outcomes_total{kind=\"child_lost\"}")).isEqualTo(1);
              assertThat(scrape.value("warren_child_ends_total{why=\"died\"}")).isEqualTo(2);
              assertThat(scrape.value("warren_child_starts_total{why=\"lost\"}")).isEqualTo(2);
              assertThat(scrape.value("warren_attempts_total{reason=\"first\"}")).isEqualTo(31);
              assertThat(scrape.value("warren_attempts_total{reason=\"child_lost\"}")).isEqualTo(1);
              assertThat(scrape.value("warren_dead_total{kind=\"child_lost\"}")).isEqualTo(1);
              assertThat(scrape.value("warren_deliveries_total{fate=\"start\"}")).isEqualTo(32);
              assertThat(
                      scrape.value(
                          "warren_publishes_total{result=\"confirmed\",what=\"dead_letter\"}"))
                  .isEqualTo(1);
              assertThat(
                      scrape.value(
                          "warren_run_seconds_count{fn=\"dev.warren.worker.Calls::thirdsFail\"}"))
                  .isEqualTo(30);
              assertThat(scrape.value("warren_queue_wait_seconds_count"))
                  .isGreaterThanOrEqualTo(32); // more if children gave calls back
              assertThat(scrape.value("warren_slots{state=\"idle\"}")).isEqualTo(2);
              assertThat(scrape.value("warren_child_memory_bytes{stat=\"sum\"}"))
                  .isGreaterThan(20e6);
              assertThat(scrape.value("warren_unconfirmed{role=\"worker\"}")).isZero();
            });
  }

  @Test
  void probes_tell_whether_it_is_alive_and_whether_it_can_work() throws Exception {
    startWorker("--grace", "1m");
    assertThat(get("/health").body())
        .isEqualTo("{\"live\":true,\"ready\":true,\"broker\":true,\"children\":true}\n");
    assertThat(status("/health/live")).isEqualTo(200);
    assertThat(status("/other")).isEqualTo(404);
    assertThat(get("/metrics").headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/openmetrics-text");
    Path file = folder.resolve("begun");
    owner.submit("hang", List.of(file.toString()), 1);
    await().atMost(SOON).until(() -> file.toFile().exists());
    worker.terminate();
    await().atMost(SOON).until(() -> status("/health") == 503);
    assertThat(status("/health/live")).isEqualTo(200);
  }

  /** Recycles groups of children, so that a hang is noticed however many there are. */
  private void recyclesAddNoSeries(int groups) throws Exception {
    startWorker("--max-tasks-per-child", "1");
    run("same", numbers(2), TaskOptions.DEFAULTS);
    Set<String> first = scrape().series();
    assertThat(first).hasSizeLessThanOrEqualTo(MOST_SERIES);
    for (int i = 0; i < groups; i++) {
      run("same", Collections.nCopies(GROUP, 1), TaskOptions.DEFAULTS);
    }
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(scrape().value("warren_child_ends_total{why=\"recycled_calls\"}"))
                    .isEqualTo(groups * GROUP + 2.0));
    assertThat(scrape().series()).isEqualTo(first);
  }

  @Test
  void recycled_children_add_no_series() throws Exception {
    recyclesAddNoSeries(1);
  }

  @Test
  @Tag("stress")
  @Timeout(1800)
  void ten_thousand_recycled_children_add_no_series() throws Exception {
    recyclesAddNoSeries(10_000 / GROUP);
  }
}
