package dev.warren.service;

import static dev.warren.service.ServiceClient.function;
import static dev.warren.service.ServiceClient.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.warren.json.Json;
import dev.warren.pool.Pool;
import dev.warren.service.ServiceClient.Answer;
import dev.warren.task.ChildContext;
import dev.warren.task.Payload;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The service with workers in this process and SQLite in a temporary folder. */
@Timeout(300)
class CoordinatorServiceIT {
  private static final Duration SOON = Duration.ofMinutes(2);

  @TempDir private Path folder;
  private final List<CoordinatorService> services = new ArrayList<>();

  @AfterEach
  void close() {
    services.forEach(CoordinatorService::close);
  }

  private CoordinatorService start() throws IOException {
    return start(null);
  }

  private CoordinatorService start(String token) throws IOException {
    ServiceConfig config =
        ServiceConfig.of(folder.resolve("store").toString())
            .port(0)
            .token(token)
            .grace(Duration.ofSeconds(5))
            .build();
    Pool.Builder pool = Pool.builder().processes(2).context(ChildContext.threads());
    CoordinatorService service = CoordinatorService.open(config, pool);
    services.add(service);
    service.start();
    return service;
  }

  private ServiceClient client() throws IOException {
    return new ServiceClient(start().port());
  }

  private Path file() {
    return folder.resolve("now");
  }

  private String waiting(int calls) {
    return ("\"" + file() + "\"\n").repeat(calls);
  }

  private String failing(int calls) {
    return IntStream.range(0, calls)
        .mapToObj(i -> i + " " + file() + "\n")
        .collect(Collectors.joining());
  }

  private static void awaitState(ServiceClient client, String job, String state) {
    await().atMost(SOON).until(() -> client.state(job).equals(state));
  }

  @Test
  void a_job_is_submitted_and_its_results_are_those_of_map() throws Exception {
    ServiceClient client = client();
    Answer accepted = client.submit("name=nightly&" + function("twice"), numbers(3000));
    assertThat(accepted.status()).as(accepted.body()).isEqualTo(201);
    assertThat(accepted.json().path("calls").asInt()).isEqualTo(3000);
    String all =
        IntStream.range(0, 3000)
            .mapToObj(i -> "{\"index\":" + i + ",\"value\":" + 2 * i + "}\n")
            .collect(Collectors.joining());
    assertThat(client.results("nightly")).isEqualTo(all);
    awaitState(client, "nightly", "succeeded");
    assertThat(client.get("/jobs/nightly/results", "from=2999").body())
        .isEqualTo("{\"index\":2999,\"value\":5998}\n");
    assertThat(client.get("/jobs/nightly/results", "from=3000").body()).isEmpty();
    assertThat(client.get("/jobs/nightly/results", "only=failed").body()).isEmpty();
    assertThat(client.get("/jobs").json().path("jobs").get(0).path("name").asString())
        .isEqualTo("nightly");
  }

  @Test
  void the_same_job_is_accepted_once_and_another_one_of_its_name_is_refused() throws Exception {
    ServiceClient client = client();
    String job = "name=nightly&" + function("twice");
    Answer first = client.submit(job, numbers(10), "Idempotency-Key", "k1");
    Answer again = client.submit(job, numbers(10), "Idempotency-Key", "k1");
    assertThat(List.of(first.status(), again.status())).containsOnly(201);
    assertThat(again.json().path("id")).isEqualTo(first.json().path("id"));
    assertThat(client.submit(job, numbers(10)).status()).isEqualTo(200);
    Answer otherInput = client.submit(job, "0\n1\n7\n" + numbers(7));
    assertThat(otherInput.status()).isEqualTo(409);
    assertThat(otherInput.detail()).contains("line 3 of the input differs");
    assertThat(client.submit("name=nightly&" + function("slowly"), numbers(10)).detail())
        .contains("function is");
    Answer otherJob =
        client.submit("name=b&" + function("twice"), numbers(10), "Idempotency-Key", "k1");
    assertThat(otherJob.status()).isEqualTo(422);
    assertThat(client.submit(job, numbers(11), "Idempotency-Key", "k1").status()).isEqualTo(422);
  }

  @Test
  void a_repeated_submission_gets_the_same_answer_from_the_next_coordinator() throws Exception {
    CoordinatorService first = start();
    String job = "name=a&restart=true&" + function("twice");
    ServiceClient client = new ServiceClient(first.port());
    client.submit("name=a&" + function("twice"), numbers(5));
    awaitState(client, "a", "succeeded");
    Answer accepted = client.submit(job, numbers(10), "Idempotency-Key", "k1");
    awaitState(client, "a", "succeeded");
    client.submit("name=a&" + function("twice"), numbers(10), "Idempotency-Key", "k2");
    first.close();
    ServiceClient second = client();
    Answer repeated = second.submit(job, numbers(10), "Idempotency-Key", "k1");
    assertThat(List.of(accepted.status(), repeated.status())).containsOnly(201);
    assertThat(repeated.json().path("id")).isEqualTo(accepted.json().path("id"));
    assertThat(second.get("/jobs").json().path("jobs")).hasSize(2);
    Answer found =
        second.submit("name=a&" + function("twice"), numbers(10), "Idempotency-Key", "k2");
    assertThat(found.status()).isEqualTo(200);
  }

  @Test
  void results_arrive_while_the_job_runs() throws Exception {
    ServiceClient client = client();
    client.submit("name=a&lines=text&chunk=1&" + function("failing"), failing(20));
    awaitState(client, "a", "failed");
    client.submit("name=b&chunk=1&" + function("await"), "\"/\"\n" + waiting(2));
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(client.stream("b"), StandardCharsets.UTF_8))) {
      assertThat(lines.readLine()).isEqualTo("{\"index\":0,\"value\":\"there\"}");
      assertThat(client.get("/jobs/b/results", "wait=false").body().lines()).hasSize(1);
      assertThat(client.state("b")).isEqualTo("running");
      Files.createFile(file());
      assertThat(lines.readLine()).startsWith("{\"index\":1");
      assertThat(lines.readLine()).startsWith("{\"index\":2");
      assertThat(lines.readLine()).isNull();
    }
  }

  @Test
  void a_job_is_paused_resumed_and_cancelled() throws Exception {
    ServiceClient client = client();
    client.submit("name=a&chunk=1&" + function("slowly"), numbers(20_000));
    assertThat(client.post("/jobs/a/pause", "").status()).isEqualTo(202);
    awaitState(client, "a", "paused");
    assertThat(client.post("/jobs/a/resume", "").status()).isEqualTo(202);
    awaitState(client, "a", "running");
    assertThat(client.post("/jobs/a/cancel", "").status()).isEqualTo(202);
    awaitState(client, "a", "cancelled");
    JsonNode job = client.get("/jobs/a").json();
    assertThat(job.path("cancelled").asLong()).isPositive();
    assertThat(client.results("a").lines()).hasSize(20_000);
    Answer late = client.post("/jobs/a/pause", "");
    assertThat(late.status()).isEqualTo(409);
    assertThat(late.detail()).isEqualTo("job a is cancelled; there is nothing to pause");
    JsonNode actions = client.get("/audit").json().path("actions");
    assertThat(actions.findValuesAsString("what")).containsExactly("cancel", "resume", "pause");
    assertThat(actions.findValuesAsString("subject")).containsOnly("job:a");
    assertThat(actions.findValuesAsString("who")).containsOnly("127.0.0.1");
    assertThat(client.get("/audit", "limit=1").json().path("actions")).hasSize(1);
  }

  @Test
  void failed_calls_are_grouped_by_cause_and_run_again() throws Exception {
    ServiceClient client = client();
    client.submit("name=a&lines=text&" + function("failing"), failing(50));
    awaitState(client, "a", "failed");
    JsonNode causes = client.get("/jobs/a/causes").json().path("causes");
    assertThat(causes).hasSize(1);
    JsonNode cause = causes.get(0);
    assertThat(cause.path("calls").asInt()).isEqualTo(5);
    assertThat(cause.path("firstIndex").asInt()).isEqualTo(3);
    assertThat(client.get("/jobs/a/results", "only=failed").body().lines()).hasSize(5);
    Files.createFile(file());
    String which = "cause=" + cause.path("cause").asString();
    Answer canary = client.post("/jobs/a/retry", which + "&canary=true");
    assertThat(canary.status()).as(canary.body()).isEqualTo(202);
    await().atMost(SOON).until(() -> client.get("/jobs/a").json().path("succeeded").asInt() == 46);
    awaitState(client, "a", "failed");
    assertThat(client.post("/jobs/a/retry", which).status()).isEqualTo(202);
    awaitState(client, "a", "succeeded");
    assertThat(client.post("/jobs/a/retry", "").detail()).contains("no call without a value");
  }

  @Test
  void an_ended_job_is_deleted_and_a_running_one_is_not() throws Exception {
    ServiceClient client = client();
    client.submit("name=a&" + function("await"), waiting(1));
    Answer running = client.send("DELETE", "/jobs/a", "", BodyPublishers.noBody());
    assertThat(running.status()).isEqualTo(409);
    assertThat(running.detail()).contains("cancel it before deleting it");
    Files.createFile(file());
    awaitState(client, "a", "succeeded");
    assertThat(client.send("DELETE", "/jobs/a", "", BodyPublishers.noBody()).status())
        .isEqualTo(204);
    Answer gone = client.get("/jobs/a");
    assertThat(gone.status()).isEqualTo(404);
    assertThat(gone.detail()).isEqualTo("there is no job 'a' in pool 'default'");
    assertThat(client.get("/jobs").json().path("jobs").get(0).path("state").asString())
        .isEqualTo("deleted");
  }

  @Test
  void a_refused_input_leaves_nothing() throws Exception {
    ServiceClient client = client();
    String job = "name=a&" + function("twice");
    Answer broken = client.submit(job, numbers(5000) + "{\"x\":\n" + numbers(5000));
    assertThat(broken.status()).isEqualTo(400);
    assertThat(broken.detail()).startsWith("line 5001 is not JSON");
    assertThat(client.submit(job + "&arity=2", "[1,2]\n[1]\n").detail())
        .isEqualTo("line 2 must be an array of 2 arguments, but has 1");
    Answer encoded = client.submit(job, "1\n", "Content-Encoding", "gzip");
    assertThat(encoded.status()).isEqualTo(415);
    Answer form = client.submit(job, "1\n", "Content-Type", "multipart/form-data; boundary=x");
    assertThat(form.detail()).contains("--data-binary");
    assertThat(client.submit("name=a", "1\n").detail()).startsWith("parameter function is missing");
    assertThat(client.get("/jobs").json().path("jobs")).isEmpty();
    assertThat(client.submit(job, numbers(3)).status()).isEqualTo(201);
  }

  @Test
  void an_upload_that_breaks_off_leaves_nothing() throws Exception {
    CoordinatorService service = start();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
      String head =
          "POST /api/v1/jobs?name=a&"
              + function("twice")
              + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n"
              + numbers(1000);
      socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
    }
    ServiceClient client = new ServiceClient(service.port());
    await()
        .atMost(SOON)
        .until(() -> client.submit("name=a&" + function("twice"), "7\n").status() == 201);
    assertThat(client.results("a")).isEqualTo("{\"index\":0,\"value\":14}\n");
  }

  @Test
  void a_service_that_is_restarted_goes_on_and_the_output_is_the_same() throws Exception {
    CoordinatorService first = start();
    ServiceClient client = new ServiceClient(first.port());
    client.submit("name=undisturbed&chunk=5&" + function("slowly"), numbers(3000));
    String expected = client.results("undisturbed");
    client.submit("name=a&chunk=5&" + function("slowly"), numbers(3000));
    InputStream stream = client.stream("a");
    assertThat(stream.read()).isEqualTo('{');
    first.close();
    assertThatThrownBy(stream::readAllBytes).isInstanceOf(IOException.class);
    ServiceClient second = client();
    JsonNode before = second.get("/jobs/a").json();
    assertThat(before.path("state").asString()).isEqualTo("running");
    assertThat(before.path("succeeded").asInt()).isBetween(1, 2999);
    assertThat(second.results("a")).isEqualTo(expected);
    awaitState(second, "a", "failed");
  }

  @Test
  void two_services_share_a_store() throws Exception {
    ServiceClient one = client();
    ServiceClient two = client();
    one.submit("name=a&chunk=1&" + function("slowly"), numbers(2000));
    assertThat(two.state("a")).isEqualTo("running");
    two.post("/jobs/a/pause", "");
    awaitState(one, "a", "paused");
    assertThat(one.get("/jobs/a").json().path("owner"))
        .isEqualTo(two.get("/jobs/a").json().path("owner"));
    one.post("/jobs/a/resume", "");
    assertThat(two.results("a").lines()).hasSize(2000);
    awaitState(two, "a", "failed");
    assertThat(one.results("a")).isEqualTo(two.results("a"));
    two.submit("name=a&chunk=1&" + function("slowly"), numbers(2000));
    assertThat(one.get("/jobs").json().path("jobs")).hasSize(1);
  }

  @Test
  void calls_are_listed_and_one_is_explained() throws Exception {
    ServiceClient client = client();
    client.submit("name=a&lines=text&chunk=5&" + function("failing"), failing(20));
    awaitState(client, "a", "failed");
    JsonNode calls = client.get("/jobs/a/calls", "from=2&limit=3").json().path("calls");
    assertThat(calls.findValuesAsString("state")).containsExactly("ok", "failed", "ok");
    assertThat(calls.get(0).path("outcome").path("value").asInt()).isEqualTo(2);
    assertThat(client.get("/jobs/a/calls", "from=20").json().path("calls")).isEmpty();
    JsonNode failed = client.get("/jobs/a/calls", "from=4&only=failed").json().path("calls");
    assertThat(failed.findValuesAsString("state")).containsExactly("failed");
    assertThat(failed.get(0).path("index").asInt()).isEqualTo(13);
    assertThat(failed.get(0).path("line").asString()).startsWith("13 ");
    assertThat(client.get("/jobs/a/calls", "only=ok").detail()).contains("must be failed");
    JsonNode call = client.get("/jobs/a/calls/3").json();
    assertThat(call.path("state").asString()).isEqualTo("failed");
    assertThat(call.path("line").asString()).startsWith("3 ");
    assertThat(call.path("outcome").path("error").path("where").path("host").asString())
        .isNotEmpty();
    assertThat(call.path("timeline").findValuesAsString("event"))
        .startsWith("accepted", "published", "delivered", "given")
        .contains("failed", "outcome_sent", "outcome_stored")
        .endsWith("job_ended");
    JsonNode forgotten = client.get("/jobs/a/calls/2").json();
    assertThat(forgotten.path("note").asString()).startsWith("No worker remembers the call.");
    assertThat(client.get("/jobs/a/calls/20").status()).isEqualTo(404);
    assertThat(client.get("/jobs/a/calls/x").detail()).contains("must be its index");
    assertThat(client.get("/jobs/b/calls/0").status()).isEqualTo(404);
  }

  @Test
  void a_call_that_waits_is_queued_and_one_in_a_child_is_running() throws Exception {
    ServiceClient client = client();
    client.submit("name=a&chunk=1&window=3&" + function("await"), waiting(4));
    await()
        .atMost(SOON)
        .until(
            () -> client.get("/jobs/a/calls/0").json().path("state").asString().equals("running"));
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(
                        client
                            .get("/jobs/a/calls")
                            .json()
                            .path("calls")
                            .findValuesAsString("state"))
                    .containsExactly("running", "running", "queued", "unread"));
    assertThat(client.get("/jobs/a/calls/3").json().path("state").asString()).isEqualTo("unread");
    Files.createFile(file());
    awaitState(client, "a", "succeeded");
  }

  @Test
  void health_workers_pools_and_the_description_are_shown() throws Exception {
    ServiceClient client = client();
    assertThat(client.get("/health").json().path("ready").asBoolean()).isTrue();
    assertThat(client.get("/health/live").status()).isEqualTo(200);
    await().atMost(SOON).until(() -> client.get("/workers").json().path("workers").size() == 1);
    JsonNode pool = client.get("/pools").json().path("pools").get(0);
    assertThat(pool.path("slots").asInt()).isEqualTo(2);
    assertThat(pool.path("broker").asString()).isEqualTo("in memory");
    assertThat(client.get("/openapi.yaml").body()).startsWith("openapi: 3.1.0");
    assertThat(client.get("/jobs", "limit=0").status()).isEqualTo(400);
  }

  @Test
  void a_token_is_needed_and_a_browser_can_sign_in_with_it() throws Exception {
    String token = "0123456789abcdef";
    ServiceClient client = new ServiceClient(start(token).port());
    assertThat(client.get("/jobs").status()).isEqualTo(401);
    assertThat(client.get("/health").status()).isEqualTo(200);
    assertThat(
            client
                .send(
                    "GET", "/jobs", "", BodyPublishers.noBody(), "Authorization", "Bearer " + token)
                .status())
        .isEqualTo(200);
    Payload wrong = Json.write(java.util.Map.of("token", "wrong"));
    assertThat(client.send("POST", "/session", "", BodyPublishers.ofString(wrong.text())).status())
        .isEqualTo(401);
    String right = "{\"token\":\"" + token + "\"}";
    assertThat(client.send("POST", "/session", "", BodyPublishers.ofString(right)).status())
        .isEqualTo(204);
    assertThat(client.send("POST", "/session", "", BodyPublishers.ofString("x")).status())
        .isEqualTo(400);
  }
}
