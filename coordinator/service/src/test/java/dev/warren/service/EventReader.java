package dev.warren.service;

import dev.warren.json.Json;
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
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** Reads a view of a service as a page does, and keeps its sections. */
final class EventReader implements AutoCloseable {
  private final InputStream body;
  private final BufferedReader lines;
  private final Map<String, JsonNode> sections = new TreeMap<>();
  private String event = "";
  private int bytes;

  private EventReader(InputStream body) {
    this.body = body;
    this.lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
  }

  static EventReader open(int port, String view) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + port + "/api/v1/stream?view=" + view))
            .header("Accept", "text/event-stream")
            .build();
    HttpResponse<InputStream> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());
    if (answer.statusCode() != 200) {
      throw new IOException(
          answer.statusCode()
              + " "
              + new String(answer.body().readAllBytes(), StandardCharsets.UTF_8));
    }
    return new EventReader(answer.body());
  }

  /** Reads the next event; returns its name, or an empty text at the end. */
  String next() throws IOException {
    event = "";
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("event: ")) {
        event = line.substring("event: ".length());
      } else if (line.startsWith("data: ")) {
        bytes = line.length();
        take(Json.read(Payload.of(line.substring("data: ".length())), JsonNode.class));
      } else if (line.isEmpty() && !event.isEmpty()) {
        return event;
      }
    }
    return "";
  }

  private void take(JsonNode data) {
    if (event.equals("state")) {
      sections.clear();
    }
    if (event.equals("problem")) {
      sections.put("problem", data);
    }
    data.path("set").properties().forEach(each -> sections.put(each.getKey(), each.getValue()));
    data.path("del").forEach(key -> sections.remove(key.asString()));
  }

  /** Reads until the sections fulfil the condition. */
  void until(Predicate<EventReader> condition) throws IOException {
    while (!condition.test(this)) {
      if (next().isEmpty()) {
        throw new IOException("the stream has ended; last state: " + sections);
      }
    }
  }

  JsonNode get(String key) {
    return sections.getOrDefault(key, Json.read(Payload.of("{}"), JsonNode.class));
  }

  Map<String, JsonNode> sections() {
    return sections;
  }

  /** Size of the last event's data. */
  int bytes() {
    return bytes;
  }

  @Override
  public void close() throws IOException {
    body.close();
  }
}
