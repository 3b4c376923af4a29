package dev.warren.cli.doctor;

import dev.warren.broker.BrokerUri;
import dev.warren.broker.PoolNames;
import dev.warren.broker.ServerVersion;
import dev.warren.cli.management.ManagementApi;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What only the management plug-in's HTTP interface tells: policies and the nodes' alarms. */
final class ManagementChecks {
  private static final String CONSUMER_TIMEOUT = "consumer-timeout";

  /** Keys of a policy that change what a task or dead queue promises. */
  private static final List<String> HARMFUL =
      List.of(
          "message-ttl",
          "expires",
          "max-length",
          "max-length-bytes",
          "overflow",
          "delivery-limit",
          CONSUMER_TIMEOUT,
          "dead-letter-exchange",
          "dead-letter-routing-key");

  private final Report report;
  private final BrokerUri uri;
  private final ManagementApi api;

  ManagementChecks(Report report, BrokerUri uri, URI base) {
    this.report = report;
    this.uri = uri;
    this.api = new ManagementApi(base, uri);
  }

  void look() throws InterruptedException {
    try {
      PoolNames names = new PoolNames(uri.pool());
      ServerVersion version = version();
      for (String queue : List.of(names.tasks(), names.again(), names.dead())) {
        JsonNode found = api.queue(queue);
        if (found != null) {
          policies(queue, found, version);
        }
      }
      JsonNode nodes = api.get("/api/nodes");
      if (nodes != null) {
        nodes.forEach(this::alarms);
      }
    } catch (IOException | JacksonException | IllegalArgumentException e) {
      report.warning(
          "management",
          api.host()
              + ": "
              + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()),
          "check --management: http://user:password@host:15672, a user with the tag monitoring");
    }
  }

  private ServerVersion version() throws IOException, InterruptedException {
    JsonNode overview = api.get("/api/overview");
    return ServerVersion.of(
        "RabbitMQ", overview == null ? "" : overview.path("rabbitmq_version").asString(""));
  }

  void policies(String queue, JsonNode found, ServerVersion version) {
    JsonNode policy = found.path("effective_policy_definition");
    boolean harmless = true;
    for (String key : HARMFUL) {
      boolean overruled = key.equals(CONSUMER_TIMEOUT) && version.consumerTimeoutPerConsumer();
      if (policy.has(key) && !overruled) {
        harmless = false;
        report.warning(
            "policies",
            "policy '"
                + found.path("policy").asString("?")
                + "' sets "
                + key
                + "="
                + policy.get(key).asString()
                + " on "
                + queue,
            "exclude '^warren\\.' from that policy's pattern (rabbitmqctl list_policies)");
      }
    }
    if (harmless) {
      report.ok("policies", "none overrides what " + queue + " needs");
    }
  }

  void alarms(JsonNode node) {
    String name = node.path("name").asString("?");
    for (String alarm : List.of("mem_alarm", "disk_free_alarm")) {
      if (node.path(alarm).asBoolean(false)) {
        report.problem(
            "alarms",
            alarm + " on " + name + ": publishers of the whole cluster are stopped",
            "free memory or disk there");
      }
    }
  }
}
