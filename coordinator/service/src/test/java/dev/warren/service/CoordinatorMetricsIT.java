package dev.warren.service;

import static dev.warren.service.ServiceClient.function;
import static dev.warren.service.ServiceClient.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.pool.Pool;
import dev.warren.service.metrics.Catalogue;
import dev.warren.task.ChildContext;
import dev.warren.testkit.metrics.OpenMetricsText;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a coordinator shows to Prometheus. */
@Timeout(600)
class CoordinatorMetricsIT {
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final String TOKEN = "a-token-of-27-characters-ok";
  private static final int MOST_SERIES = 400;

  @TempDir private Path folder;
  private final HttpClient http = HttpClient.newHttpClient();

  private CoordinatorService start(String token) throws IOException {
    ServiceConfig config =
        ServiceConfig.of(folder.resolve("store").toString()).port(0).token(token).build();
    Pool.Builder pool = Pool.builder().processes(2).context(ChildContext.threads());
    CoordinatorService service = CoordinatorService.open(config, pool);
    service.start();
    return service;
  }

  private HttpResponse<String> get(CoordinatorService service, String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path))
            .timeout(Duration.ofSeconds(20))
            .header("Accept", "application/openmetrics-text;version=1.0.0");
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private OpenMetricsText scrape(CoordinatorService service) {
    try {
      HttpResponse<String> answer = get(service, "/metrics");
      assertThat(answer.statusCode()).isEqualTo(200);
      return OpenMetricsText.parse(answer.body());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void run(ServiceClient client, int from, int to) throws Exception {
    for (int i = from; i < to; i++) {
      client.submit("name=job" + i + "&" + function("twice"), numbers(10));
    }
    for (int i = from; i < to; i++) {
      String job = "job" + i;
      await().atMost(SOON).until(() -> client.state(job).equals("succeeded"));
    }
  }

  @Test
  void the_values_are_those_of_what_was_run_and_the_number_of_series_is_constant()
      throws Exception {
    try (CoordinatorService service = start(null)) {
      ServiceClient client = new ServiceClient(service.port());
      run(client, 0, 1);
      OpenMetricsText first = scrape(service);
      assertThat(first.size()).isLessThanOrEqualTo(MOST_SERIES);
      run(client, 1, 20);
      client.submit("name=bad&" + function("failing") + "&lines=text", "3 none\n4 none\n");
      await().atMost(SOON).until(() -> client.state("bad").equals("failed"));
      OpenMetricsText then = scrape(service);
      assertThat(then.value("warren_calls_submitted_total")).isEqualTo(202);
      assertThat(then.value("warren_outcomes_total{kind=\"value\"}")).isEqualTo(201);
      assertThat(then.value("warren_outcomes_total{kind=\"failed\"}")).isEqualTo(1);
      assertThat(then.value("warren_journal_commit_seconds_count")).isGreaterThanOrEqualTo(21);
      assertThat(then.value("warren_attempts_total{reason=\"first\"}")).isEqualTo(202);
      Set<String> added = new HashSet<>(then.series());
      added.removeAll(first.series());
      assertThat(added).allMatch(key -> key.contains("::failing"));
      assertThat(then.labelNames())
          .isSubsetOf(
              Catalogue.ALL.stream()
                  .flatMap(meter -> meter.labels().stream())
                  .map(label -> label.name())
                  .toList());
      await()
          .atMost(SOON)
          .untilAsserted(
              () -> {
                assertThat(scrape(service).value("warren_jobs{state=\"succeeded\"}")).isEqualTo(20);
                assertThat(scrape(service).value("warren_jobs{state=\"failed\"}")).isEqualTo(1);
              });
      assertThat(then.value("warren_queue_messages{queue=\"dead\",state=\"ready\"}")).isZero();
    }
  }

  @Test
  void whoever_has_the_token_may_read_at_both_paths() throws Exception {
    try (CoordinatorService service = start(TOKEN)) {
      for (String path : new String[] {"/metrics", "/api/v1/metrics"}) {
        assertThat(get(service, path).statusCode()).isEqualTo(401);
        HttpResponse<String> answer = get(service, path, "Authorization", "Bearer " + TOKEN);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
            .startsWith("application/openmetrics-text");
        assertThat(OpenMetricsText.parse(answer.body()).size()).isPositive();
      }
    }
  }

  @Test
  @Tag("stress")
  void a_thousand_jobs_add_no_series() throws Exception {
    try (CoordinatorService service = start(null)) {
      ServiceClient client = new ServiceClient(service.port());
      run(client, 0, 1);
      Set<String> first = scrape(service).series();
      run(client, 1, 1000);
      assertThat(scrape(service).series()).isEqualTo(first);
    }
  }
}
