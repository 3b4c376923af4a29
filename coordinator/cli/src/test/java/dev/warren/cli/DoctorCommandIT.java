package dev.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.broker.BrokerUri;
import dev.warren.broker.PoolNames;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.broker.rabbit.connection.ServerVersion;
import dev.warren.cli.WarrenProcess.Result;
import dev.warren.json.Json;
import dev.warren.testkit.BrokerAlarm;
import dev.warren.testkit.SharedBroker;
import dev.warren.testkit.server.PrivateBroker;
import dev.warren.testkit.server.ServerInstallation;
import dev.warren.testkit.server.ServerSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The real program, on a real broker. */
@Tag("versions")
@ParameterizedClass
@MethodSource("dev.warren.testkit.RabbitVersion#chosen")
class DoctorCommandIT {
  private static final Duration SOON = Duration.ofMinutes(3);

  private final String pool = "doctor-" + UUID.randomUUID();
  private final ServerInstallation installation;

  DoctorCommandIT(ServerInstallation installation) {
    this.installation = installation;
  }

  private PrivateBroker server() {
    return SharedBroker.of(installation);
  }

  private Result doctor(String uri, String... more) {
    String[] args = new String[5 + more.length];
    System.arraycopy(new String[] {"doctor", "--broker", uri, "--pool", pool}, 0, args, 0, 5);
    System.arraycopy(more, 0, args, 5, more.length);
    return WarrenInside.run(Map.of(), args);
  }

  @Test
  void a_broker_without_the_pool_is_checked_and_not_changed() throws Exception {
    String before = server().ctl("list_queues", "name");
    Result result = doctor(server().uri());
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .contains("broker       RabbitMQ " + installation.version())
        .contains("configure, write and read on warren.* work")
        .contains("has no queues yet", "a child took ");
    assertThat(server().ctl("list_queues", "name")).isEqualTo(before);
  }

  @Test
  void missing_permissions_are_reported_with_the_command_that_grants_them() throws Exception {
    server().ctl("add_user", "powerless", "secret");
    try {
      server().ctl("set_permissions", "powerless", "^$", "^$", "^$");
      String uri = server().uri().replaceFirst("//[^@]*@", "//powerless:secret@");
      Result result = doctor(uri);
      assertThat(result.exit()).isEqualTo(1);
      assertThat(result.out()).contains("problem  permissions", "rabbitmqctl set_permissions");
    } finally {
      server().ctl("delete_user", "powerless");
    }
  }

  @Test
  @Tag("management") // takes a minute: the plug-in starts slowly and reports a policy late
  void the_management_interface_tells_policies_that_harm_and_alarms() throws Exception {
    int port = freePort();
    ServerSettings settings =
        ServerSettings.of(installation)
            .withPlugin("management")
            .with("management.tcp.ip = 127.0.0.1")
            .with("management.tcp.port = " + port);
    try (PrivateBroker own = PrivateBroker.start(settings)) {
      declarePool(own.uri());
      ServerVersion version = ServerVersion.of("RabbitMQ", installation.version());
      own.ctl("set_policy", "--apply-to", "queues", "all", ".*", policy(version));
      String page = own.uri().replaceFirst("amqp://(.*@).*", "http://$1127.0.0.1:" + port);
      boolean harms = version.consumerTimeoutPerQueue() && !version.consumerTimeoutPerConsumer();
      awaitPolicy(page, "all");
      List<String> policies =
          findings(doctor(own.uri(), "--management", page, "--json"), "policies");
      assertThat(policies)
          .anyMatch(
              text ->
                  text.startsWith("policy 'all' sets message-ttl=60000 on warren." + pool)
                      && text.endsWith(" and 2 more queues"));
      assertThat(policies.stream().anyMatch(text -> text.contains("consumer-timeout=")))
          .as("told of a delivery timeout, which 4.3's consumers overrule: %s", policies)
          .isEqualTo(harms);
      Result pools =
          WarrenInside.run(
              Map.of(), "pools", "list", "--broker", own.uri(), "--management", page, "--json");
      assertThat(pools.exit()).isZero();
      JsonNode only = Json.MAPPER.readTree(pools.out());
      assertThat(only.get("pool").asString()).isEqualTo(pool);
      assertThat(only.get("workers").asInt() + only.get("waiting").asInt()).isZero();
      own.ctl("clear_policy", "all");
      BrokerAlarm.MEMORY.raise(own);
      awaitPolicy(page, "");
      await()
          .atMost(SOON)
          .until(() -> get(page, "/api/nodes").path(0).path("mem_alarm").asBoolean());
      Result alarmed = doctor(own.uri(), "--management", page, "--json");
      assertThat(findings(alarmed, "policies"))
          .hasSize(1)
          .allMatch(text -> text.startsWith("none affects the 3 queues"));
      assertThat(findings(alarmed, "alarms"))
          .anyMatch(text -> text.startsWith("mem_alarm on " + own.nodeName()))
          .anyMatch(text -> text.startsWith("the broker accepts no messages"));
      BrokerAlarm.MEMORY.clear(own);
    }
  }

  /** Harmful policies, as far as the version supports them. */
  private static String policy(ServerVersion version) {
    return version.consumerTimeoutPerQueue()
        ? "{\"message-ttl\":60000,\"consumer-timeout\":300000}"
        : "{\"message-ttl\":60000}";
  }

  /**
   * A policy takes effect on a queue and appears in the management interface only after some time.
   */
  private void awaitPolicy(String page, String name) {
    PoolNames names = new PoolNames(pool);
    for (String queue : List.of(names.tasks(), names.dead())) {
      String path = "/api/queues/%2F/" + queue;
      await().atMost(SOON).until(() -> get(page, path).path("policy").asString("").equals(name));
    }
  }

  private static JsonNode get(String page, String path) throws Exception {
    URI login = URI.create(page);
    String basic =
        Base64.getEncoder().encodeToString(login.getUserInfo().getBytes(StandardCharsets.UTF_8));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + login.getPort() + path))
            .header("Authorization", "Basic " + basic)
            .build();
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    return Json.MAPPER.readTree(answer.body());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void declarePool(String uri) throws InterruptedException {
    try (RabbitBroker broker =
        RabbitBroker.open(BrokerUri.parse(uri), "doctor test", Duration.ofSeconds(20))) {
      broker.declare(new PoolNames(pool).topology());
    }
  }

  private static List<String> findings(Result result, String check) {
    JsonNode all = Json.MAPPER.readTree(result.out()).get("findings");
    return StreamSupport.stream(all.spliterator(), false)
        .filter(finding -> finding.get("check").asString().equals(check))
        .map(finding -> finding.get("text").asString())
        .toList();
  }

  @Test
  void an_unreachable_broker_is_exit_code_3_and_the_host_is_still_checked() throws Exception {
    Result result = doctor("amqp://127.0.0.1:1", "--json");
    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.out()).contains("nothing listens", "\"check\":\"children\"");
  }
}
