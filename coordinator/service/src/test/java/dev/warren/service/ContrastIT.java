package dev.warren.service;

import static dev.warren.service.ServiceClient.function;
import static dev.warren.service.ServiceClient.numbers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.pool.Pool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What the page says is different about failures, with child processes that are recycled. */
@Timeout(120)
class ContrastIT {
  @TempDir private Path folder;
  private CoordinatorService service;
  private ServiceClient client;

  @BeforeEach
  void start() throws IOException {
    ServiceConfig config =
        ServiceConfig.of(folder.resolve("store").toString())
            .port(0)
            .grace(Duration.ofSeconds(2))
            .build();
    service =
        CoordinatorService.open(
            config, Pool.builder().uri("local:").processes(2).maxTasksPerChild(100));
    service.start();
    client = new ServiceClient(service.port());
  }

  @AfterEach
  void close() {
    service.close();
  }

  /** Runs a job that fails, and returns its most frequent cause. */
  private JsonNode cause(String name, String query, int calls) throws Exception {
    assertThat(client.submit(query + "&name=" + name, numbers(calls)).status()).isEqualTo(201);
    try (EventReader job = EventReader.open(service.port(), "job:" + name)) {
      job.until(reader -> reader.get("job").path("state").asString("").equals("failed"));
      return job.get("causes").path(0);
    }
  }

  private static List<String> contrast(JsonNode cause) {
    return cause.path("contrast").valueStream().map(JsonNode::asString).toList();
  }

  @Test
  void calls_of_a_leaking_child_are_named() throws Exception {
    JsonNode cause = cause("leak", function("leaks"), 400);
    assertThat(cause.path("title").asString("")).contains("too many open files");
    assertThat(contrast(cause).get(0))
        .matches("100 % after at least 80 calls of their child, where (\\d+) % of the calls ran");
  }

  @Test
  void calls_of_a_child_that_crashes_are_named_and_the_evidence_tells_its_state() throws Exception {
    JsonNode cause = cause("crash", function("crashes") + "&atMostOnce=true", 600);
    assertThat(contrast(cause))
        .anyMatch(
            text ->
                text.matches(
                    "100 % after at least 80 calls of their child, where .* % of the calls ran"));
    String view = "cause:crash:" + cause.path("cause").asString("");
    try (EventReader page = EventReader.open(service.port(), view)) {
      page.next();
      JsonNode where = page.get("samples").path(0).path("error").path("where");
      assertThat(where.path("callsBefore").asLong(-1)).isEqualTo(80);
      assertThat(where.path("ageMs").asLong(-1)).isNotNegative();
    }
  }
}
