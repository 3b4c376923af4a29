package dev.warren.cli.watch;

import dev.warren.cli.options.CoordinatorAddress;
import dev.warren.json.Json;
import dev.warren.service.board.WorkerCells;
import dev.warren.task.Payload;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The state of a pool as its coordinator describes it to pages. */
final class CoordinatorSource implements PoolSource {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final int OK = 200;
  private static final int UNAUTHORIZED = 401;
  private static final int MISDIRECTED = 421;
  private static final String EVENT = "event: ";
  private static final String DATA = "data: ";

  private final URI base;
  private final InputStream body;
  private final BufferedReader lines;
  private final Map<String, JsonNode> sections = new TreeMap<>();

  private CoordinatorSource(URI base, InputStream body) {
    this.base = base;
    this.body = body;
    this.lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
  }

  /**
   * Connects.
   *
   * @throws IOException in one sentence, if the coordinator cannot be reached or refuses
   */
  static CoordinatorSource open(CoordinatorAddress coordinator)
      throws IOException, InterruptedException {
    HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT).build();
    URI base = coordinator.base();
    HttpRequest.Builder request =
        coordinator.request("/stream?view=now").header("Accept", "text/event-stream");
    HttpResponse<InputStream> answer;
    try {
      answer = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new IOException(
          "cannot reach the coordinator at " + base + ": is it running there?", e);
    }
    if (answer.statusCode() != OK) {
      throw new IOException(refusal(base, answer));
    }
    return new CoordinatorSource(base, answer.body());
  }

  private static String refusal(URI base, HttpResponse<InputStream> answer) throws IOException {
    try (InputStream body = answer.body()) {
      return switch (answer.statusCode()) {
        case UNAUTHORIZED -> "the coordinator at " + base + " needs its token: --token-file FILE";
        case MISDIRECTED ->
            Json.read(Payload.of(body.readAllBytes()), JsonNode.class).path("detail").asString("");
        default -> base + " is no coordinator: it answers with status " + answer.statusCode();
      };
    } catch (JacksonException e) {
      return base + " is no coordinator: its answer is no JSON";
    }
  }

  @Override
  public Snapshot next() throws IOException {
    try {
      boolean first = sections.isEmpty();
      String event = read();
      while (first && !event.equals("state")) {
        event = read();
      }
      return snapshot();
    } catch (JacksonException e) {
      throw new IOException(base + " sent something that cannot be read: " + e.getMessage(), e);
    }
  }

  /** Reads one event; returns its name. */
  private String read() throws IOException {
    String event = "";
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith(EVENT)) {
        event = line.substring(EVENT.length());
      } else if (line.startsWith(DATA)) {
        take(event, Json.read(Payload.of(line.substring(DATA.length())), JsonNode.class));
      } else if (line.isEmpty() && !event.isEmpty()) {
        return event;
      }
    }
    throw new IOException("the coordinator at " + base + " has ended");
  }

  private void take(String event, JsonNode data) throws IOException {
    if (event.equals("problem")) {
      throw new IOException(data.path("detail").asString("the coordinator cannot show the pool"));
    }
    if (event.equals("state")) {
      sections.clear();
    }
    data.path("set").properties().forEach(each -> sections.put(each.getKey(), each.getValue()));
    data.path("del").forEach(key -> sections.remove(key.asString("")));
  }

  private Snapshot snapshot() {
    JsonNode header = section("header");
    List<WorkerCells> workers =
        sections.entrySet().stream()
            .filter(entry -> entry.getKey().startsWith("worker/"))
            .map(entry -> Json.MAPPER.treeToValue(entry.getValue(), WorkerCells.class))
            .sorted(Comparator.comparing(WorkerCells::host).thenComparing(WorkerCells::id))
            .toList();
    List<Snapshot.Job> jobs =
        section("jobs")
            .valueStream()
            .map(job -> Json.MAPPER.treeToValue(job, Snapshot.Job.class))
            .toList();
    return new Snapshot(
        header.path("sentence").asString(""), header.path("level").asString("ok"), workers, jobs);
  }

  private JsonNode section(String key) {
    return sections.getOrDefault(key, Json.MAPPER.createArrayNode());
  }

  @Override
  public void close() {
    try {
      body.close();
    } catch (IOException e) {
      // nothing is lost
    }
  }
}
