package dev.warren.cli.doctor;

import dev.warren.broker.BrokerUri;
import dev.warren.broker.PoolNames;
import dev.warren.broker.rabbit.connection.ServerVersion;
import dev.warren.cli.management.ManagementApi;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Checks that need the management plug-in's HTTP interface: policies, bindings, limits, alarms.
 * Confined to the main thread.
 */
final class ManagementChecks {
  /** Share of a limit above which a warning is given. */
  private static final double NEARLY = 0.8;

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
      JsonNode queues = api.queues("name,policy,effective_policy_definition");
      if (queues != null) {
        QueuePolicies.look(report, names, queues, version);
        JsonNode bindings = api.bindings();
        if (bindings != null) {
          QueueBindings.look(report, names, queues, bindings);
        }
        limits(queues.size());
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

  /** Reports limits of the virtual host and of the user. */
  private void limits(int queues) throws IOException, InterruptedException {
    for (JsonNode limits : List.of(api.vhostLimits(), api.userLimits())) {
      for (JsonNode of : limits) {
        String whose = of.has("vhost") ? "virtual host " + uri.vhost() : "user " + uri.user();
        for (var limit : of.path("value").properties()) {
          report.note("limits", whose + ": " + limit.getKey() + "=" + limit.getValue().asString());
          long max = limit.getValue().asLong(-1);
          if (limit.getKey().equals("max-queues") && max >= 0 && queues >= NEARLY * max) {
            report.warning(
                "limits",
                queues + " of " + max + " queues exist",
                "remove unused pools ('warren pools list'), or raise the limit"
                    + " (rabbitmqctl set_vhost_limits)");
          }
        }
      }
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
