package dev.warren.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.warren.broker.BrokerUri;
import dev.warren.wire.Json;
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

/** What is made of the management plug-in's answers; {@code DoctorCommandIT} asks a real one. */
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
    answers.put("/api/queues/%2F/warren.p.dead", "{}");
    answers.put("/api/queues/%2F/warren.p.again", "{}");
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
  void a_policy_that_overrides_what_a_queue_needs_is_named_with_its_queue() throws Exception {
    answers.put(
        "/api/queues/%2F/warren.p.tasks",
        "{\"policy\":\"all\",\"effective_policy_definition\":{\"message-ttl\":60000}}");
    assertThat(findings("me:secret"))
        .contains("policy 'all' sets message-ttl=60000 on warren.p.tasks")
        .contains("none overrides what warren.p.again needs");
  }

  @Test
  void an_alarm_is_named_with_its_node() throws Exception {
    answers.put("/api/nodes", "[{\"name\":\"rabbit@a\",\"mem_alarm\":true}]");
    assertThat(findings("me:secret")).contains("mem_alarm on rabbit@a");
  }

  @Test
  void an_answer_that_is_none_is_told_with_what_to_check() throws Exception {
    assertThat(findings("me:wrong")).contains("answers 401 to /api/overview", "the tag monitoring");
  }
}
