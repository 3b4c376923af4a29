package dev.warren.service;

import static dev.warren.service.ServiceClient.function;
import static dev.warren.service.ServiceClient.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.pool.Pool;
import dev.warren.task.ChildContext;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What the page's stream shows of a service with workers in this process. */
@Timeout(120)
class LiveViewsIT {
  @TempDir private Path folder;
  private CoordinatorService service;
  private ServiceClient client;

  @BeforeEach
  void start() throws IOException {
    ServiceConfig config =
        ServiceConfig.of(folder.resolve("store").toString())
            .port(0)
            .grace(Duration.ofSeconds(5))
            .build();
    service =
        CoordinatorService.open(
            config,
            Pool.builder().processes(2).maxTasksPerChild(5).context(ChildContext.threads()));
    service.start();
    client = new ServiceClient(service.port());
  }

  @AfterEach
  void close() {
    service.close();
  }

  private EventReader view(String name) throws IOException, InterruptedException {
    return EventReader.open(service.port(), name);
  }

  private void submit(String name, String function, int calls)
      throws IOException, InterruptedException {
    String query = function(function) + "&name=" + name + "&chunk=1";
    assertThat(client.submit(query, numbers(calls)).status()).isEqualTo(201);
  }

  @Test
  void first_event_has_the_whole_pool_and_deltas_follow() throws Exception {
    try (EventReader now = view("now")) {
      assertThat(now.next()).isEqualTo("state");
      assertThat(now.get("header").path("sentence").asString("")).endsWith("Broker fine.");
      assertThat(now.get("legend").path("states").get(4).asString("")).isEqualTo("busy");
      now.until(reader -> reader.get("header").path("idle").asInt(-1) == 2);
      assertThat(now.get("header").path("sentence").asString(""))
          .isEqualTo("1 host, 2 slots: 0 busy, 2 idle. Nothing queued. Broker fine.");
      submit("watched", "twice", 40);
      now.until(
          reader -> reader.get("jobs").path(0).path("state").asString("").equals("succeeded"));
      assertThat(now.get("jobs").path(0).path("succeeded").asInt(-1)).isEqualTo(40);
      now.until(reader -> worker(reader).path("recycled").asInt(-1) >= 4);
      now.until(reader -> worker(reader).path("callsEnded").asInt(-1) == 40);
      assertThat(worker(now).path("cells").asString("")).hasSize(16);
    }
  }

  private static JsonNode worker(EventReader reader) {
    return reader.sections().entrySet().stream()
        .filter(entry -> entry.getKey().startsWith("worker/"))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void job_shows_its_calls_as_a_picture_and_its_causes() throws Exception {
    submit("mixed", "oddFails", 20);
    try (EventReader job = view("job:mixed")) {
      job.until(reader -> reader.get("progress").path("failed").asInt(-1) == 10);
      job.until(reader -> reader.get("job").path("state").asString("").equals("failed"));
      assertThat(job.get("map/0").asString("")).isEqualTo("kf".repeat(10));
      assertThat(job.get("progress").path("succeeded").asInt(-1)).isEqualTo(10);
      assertThat(job.get("progress").path("unread").asInt(-1)).isZero();
      JsonNode cause = job.get("causes").path(0);
      assertThat(cause.path("calls").asInt(-1)).isEqualTo(10);
      assertThat(cause.path("kind").asString("")).isEqualTo("failed");
      assertThat(job.get("audit").path(0).path("what").asString("")).startsWith("FAILED");
      String fingerprint = cause.path("cause").asString("");
      try (EventReader page = view("cause:mixed:" + fingerprint)) {
        page.next();
        assertThat(page.get("samples")).hasSize(5);
        assertThat(page.get("samples").path(0).path("error").path("message").asString(""))
            .contains("odd");
        assertThat(page.get("command").asString(""))
            .isEqualTo("warren jobs retry mixed --cause " + fingerprint);
      }
    }
  }

  @Test
  void pages_of_a_job_that_is_started_over_do_not_go_on_with_the_old_one() throws Exception {
    submit("mixed", "oddFails", 20);
    try (EventReader job = view("job:mixed")) {
      job.until(reader -> reader.get("job").path("state").asString("").equals("failed"));
      String id = job.get("job").path("id").asString("");
      String fingerprint = job.get("causes").path(0).path("cause").asString("");
      try (EventReader page = view("cause:mixed:" + fingerprint)) {
        page.until(reader -> reader.get("samples").size() == 5);
        submit("mixed", "twice&restart=true", 6);
        job.until(reader -> !reader.get("job").path("id").asString("").equals(id));
        assertThat(job.get("job").path("name").asString("")).isEqualTo("mixed");
        job.until(reader -> reader.get("job").path("state").asString("").equals("succeeded"));
        assertThat(job.get("map/0").asString("")).isEqualTo("k6");
        page.until(reader -> reader.get("problem").path("status").asInt(-1) == 404);
      }
    }
  }

  @Test
  void job_that_has_not_ended_is_shown_however_many_newer_ones_there_are() throws Exception {
    submit("old", "slowly", 20_000);
    client.post("/jobs/old/pause", "");
    for (int i = 0; i < 21; i++) {
      submit("new" + i, "twice", 1);
    }
    try (EventReader now = view("now")) {
      now.until(reader -> reader.get("jobs").path(0).path("name").asString("").equals("old"));
      assertThat(now.get("jobs")).hasSize(20);
    }
    client.post("/jobs/old/cancel", "");
  }

  @Test
  void unknown_job_is_a_problem_and_unknown_view_too() throws Exception {
    for (String name : List.of("job:none", "nowhere", "cause:none:abc")) {
      try (EventReader reader = view(name)) {
        assertThat(reader.next()).isEqualTo("problem");
        assertThat(reader.get("problem").path("status").asInt(-1)).isIn(400, 404);
        assertThat(reader.next()).isEmpty();
      }
    }
    assertThatThrownBy(() -> view("")).hasMessageContaining("view is missing");
  }

  @Test
  void quiet_view_ticks_and_ends_with_the_service() throws Exception {
    try (EventReader jobs = view("jobs")) {
      jobs.until(reader -> reader.get("header").path("idle").asInt(-1) == 2);
      String event = jobs.next();
      while (!event.equals("tick")) {
        assertThat(event).isEqualTo("delta");
        event = jobs.next();
      }
      service.close();
      while (!event.isEmpty()) {
        event = jobs.next();
      }
    }
  }
}
