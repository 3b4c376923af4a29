package dev.warren.service;

import dev.warren.json.Json;
import dev.warren.service.api.ApiDescription;
import dev.warren.task.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** Sends requests to a service and checks each answer against the description of the API. */
final class ServiceClient {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final ApiDescription API = ApiDescription.load();

  private final HttpClient http = HttpClient.newHttpClient();
  private final int port;

  ServiceClient(int port) {
    this.port = port;
  }

  /** An answer. */
  record Answer(int status, String body) {
    JsonNode json() {
      return Json.read(Payload.of(body), JsonNode.class);
    }

    String detail() {
      return json().path("detail").asString();
    }
  }

  /** The address of a function of these tests, as a parameter. */
  static String function(String name) {
    return "function=" + ServiceFunctions.class.getName() + "::" + name;
  }

  /** The numbers from 0 on, one a line. */
  static String numbers(int count) {
    return IntStream.range(0, count).mapToObj(i -> i + "\n").collect(Collectors.joining());
  }

  /**
   * Sends a request.
   *
   * @param path below the API's prefix, as described, with the name of a job in place of {name}
   */
  Answer send(String method, String path, String query, BodyPublisher body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path, query)).timeout(LIMIT).method(method, body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
    check(method, path, response);
    return new Answer(response.statusCode(), response.body());
  }

  private static void check(String method, String path, HttpResponse<String> response) {
    String type = response.headers().firstValue("Content-Type").orElse("");
    String described =
        path.replaceFirst("^/jobs/[^/]+", "/jobs/{name}")
            .replaceFirst("/calls/[^/]+", "/calls/{index}");
    List<String> bodies =
        type.equals("application/jsonl")
            ? response.body().lines().toList()
            : List.of(response.body());
    for (String body : bodies) {
      List<String> errors =
          API.errors(method.toLowerCase(Locale.ROOT), described, response.statusCode(), type, body);
      if (!errors.isEmpty()) {
        throw new AssertionError(
            method + " " + path + " " + response.statusCode() + ": " + errors + "\n" + body);
      }
    }
  }

  Answer get(String path) throws IOException, InterruptedException {
    return get(path, "");
  }

  Answer get(String path, String query) throws IOException, InterruptedException {
    return send("GET", path, query, BodyPublishers.noBody());
  }

  Answer post(String path, String query) throws IOException, InterruptedException {
    return send("POST", path, query, BodyPublishers.noBody());
  }

  Answer submit(String query, String input, String... headers)
      throws IOException, InterruptedException {
    return send("POST", "/jobs", query, BodyPublishers.ofString(input), headers);
  }

  /** All outcomes, once there are all of them. */
  String results(String job) throws IOException, InterruptedException {
    return get("/jobs/" + job + "/results").body();
  }

  String state(String job) throws IOException, InterruptedException {
    return get("/jobs/" + job).json().path("state").asString();
  }

  /** The outcomes as they come. */
  InputStream stream(String job) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(uri("/jobs/" + job + "/results", "")).build();
    return http.send(request, BodyHandlers.ofInputStream()).body();
  }

  private URI uri(String path, String query) {
    return URI.create(
        "http://127.0.0.1:" + port + "/api/v1" + path + (query.isEmpty() ? "" : "?" + query));
  }
}
