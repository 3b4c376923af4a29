package dev.warren.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.warren.broker.BrokerUri;
import dev.warren.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Findings from the management plug-in's answers; {@code DoctorCommandIT} queries a real one. */
class ManagementChecksTest {
  private static final String LOGIN =
      "Basic " + Base64.getEncoder().encodeToString("me:secret".getBytes(StandardCharsets.UTF_8));

  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    answers.put("/api/overview", "{\"rabbitmq_version\":\"3.10.8\"}");
    answers.put("/api/nodes", "[{\"name\":\"rabbit@a\",\"mem_alarm\":false}]");
    answers.put("/api/queues/%2F", "[{\"name\":\"warren.p.tasks\"}]");
    answers.put("/api/bindings/%2F", "[]");
    answers.put("/api/vhost-limits/%2F", "[]");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String answer = answers.get(exchange.getRequestURI().getRawPath());
    boolean known = LOGIN.equals(exchange.getRequestHeaders().getFirst("Authorization"));
    byte[] body = (answer == null ? "{}" : answer).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(!known ? 401 : answer == null ? 404 : 200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private String findings(String user) throws InterruptedException {
    Report report = new Report();
    URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    BrokerUri uri = BrokerUri.parse("amqp://" + user + "@127.0.0.1/?pool=p");
    new ManagementChecks(report, uri, base).look();
    return Json.MAPPER.readTree(report.json()).toString();
  }

  @Test
  void a_policy_that_changes_what_a_queue_needs_is_named_with_its_queues() throws Exception {
    String queue = "{\"name\":\"%s\",\"policy\":\"all\",\"effective_policy_definition\":%s}";
    answers.put(
        "/api/queues/%2F",
        "["
            + String.join(
                ",",
                queue.formatted("warren.p.tasks", "{\"message-ttl\":60000}"),
                queue.formatted("warren.p.delay.1000", "{\"message-ttl\":60000}"),
                queue.formatted("warren.results.me", "{\"max-length\":5,\"delivery-limit\":1}"),
                queue.formatted("warren.other.tasks", "{\"expires\":1000}"),
                queue.formatted("mine", "{\"expires\":1000}"))
            + "]");
    assertThat(findings("me:secret"))
        .contains("policy 'all' sets message-ttl=60000 on warren.p.tasks and 1 more queue")
        .contains("policy 'all' sets max-length=5 on warren.results.me")
        .doesNotContain("delivery-limit", "expires");
  }

  @Test
  void harmless_policies_are_reported_as_ok() throws Exception {
    assertThat(findings("me:secret")).contains("none affects the 1 queues here");
  }

  @Test
  void a_queue_that_is_bound_to_no_exchange_is_named() throws Exception {
    answers.put(
        "/api/queues/%2F",
        "[{\"name\":\"warren.p.control.w-1\"},{\"name\":\"warren.p.control.w-2\"},"
            + "{\"name\":\"warren.events.me\"}]");
    answers.put(
        "/api/bindings/%2F",
        "[{\"source\":\"\",\"destination\":\"warren.p.control.w-2\"},"
            + "{\"source\":\"warren.p.control\",\"destination\":\"warren.p.control.w-1\"},"
            + "{\"source\":\"warren.p.events\",\"destination\":\"warren.events.me\"}]");
    assertThat(findings("me:secret"))
        .contains("warren.p.control.w-2 is bound to no exchange: that worker receives no cancels")
        .doesNotContain("w-1 is bound", "events.me is bound");
  }

  @Test
  void limits_are_named_and_one_that_is_nearly_reached_is_a_warning() throws Exception {
    answers.put("/api/vhost-limits/%2F", "[{\"vhost\":\"/\",\"value\":{\"max-queues\":1}}]");
    answers.put("/api/user-limits/me", "[{\"user\":\"me\",\"value\":{\"max-connections\":9}}]");
    assertThat(findings("me:secret"))
        .contains("virtual host /: max-queues=1", "1 of 1 queues exist")
        .contains("user me: max-connections=9");
  }

  @Test
  void an_alarm_is_named_with_its_node() throws Exception {
    answers.put("/api/nodes", "[{\"name\":\"rabbit@a\",\"mem_alarm\":true}]");
    assertThat(findings("me:secret")).contains("mem_alarm on rabbit@a");
  }

  @Test
  void a_malformed_answer_is_reported_with_what_to_check() throws Exception {
    assertThat(findings("me:wrong")).contains("answers 401 to /api/overview", "the tag monitoring");
  }
}
