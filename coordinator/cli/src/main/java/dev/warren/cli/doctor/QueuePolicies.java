package dev.warren.cli.doctor;

import dev.warren.broker.PoolNames;
import dev.warren.broker.rabbit.connection.ServerVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Finds policies that break the guarantees of a pool's queues. Stateless. */
final class QueuePolicies {
  private static final String CONSUMER_TIMEOUT = "consumer-timeout";

  /** Keys that make any queue lose or move messages. */
  private static final List<String> LOSING =
      List.of(
          "message-ttl",
          "expires",
          "max-length",
          "max-length-bytes",
          "overflow",
          "dead-letter-exchange",
          "dead-letter-routing-key");

  /** Additional keys that matter for queues with tasks. */
  private static final List<String> CONSUMED = List.of("delivery-limit", CONSUMER_TIMEOUT);

  private QueuePolicies() {}

  /**
   * Reports what policies change, and on which queues.
   *
   * @param queues of the virtual host, as listed by the management interface
   */
  static void look(Report report, PoolNames names, JsonNode queues, ServerVersion version) {
    Map<String, String> first = new LinkedHashMap<>();
    Map<String, Integer> counts = new LinkedHashMap<>();
    int looked = 0;
    for (JsonNode queue : queues) {
      String name = queue.path("name").asString("");
      boolean consumed = List.of(names.tasks(), names.again(), names.dead()).contains(name);
      if (!consumed && !holdsMessages(names, name)) {
        continue;
      }
      looked++;
      JsonNode policy = queue.path("effective_policy_definition");
      for (String key : harmful(consumed, version)) {
        if (policy.has(key)) {
          String finding =
              "policy '"
                  + queue.path("policy").asString("?")
                  + "' sets "
                  + key
                  + "="
                  + policy.get(key).asString()
                  + " on ";
          first.putIfAbsent(finding, name);
          counts.merge(finding, 1, Integer::sum);
        }
      }
    }
    first.forEach(
        (finding, name) ->
            report.warning(
                "policies",
                finding + name + more(counts.getOrDefault(finding, 1) - 1),
                "exclude '^warren\\.' from that policy's pattern (rabbitmqctl list_policies)"));
    if (first.isEmpty() && looked > 0) {
      report.ok("policies", "none affects the " + looked + " queues here");
    }
  }

  private static List<String> harmful(boolean consumed, ServerVersion version) {
    if (!consumed) {
      return LOSING;
    }
    boolean overruled = version.consumerTimeoutPerConsumer();
    return Stream.concat(LOSING.stream(), CONSUMED.stream())
        .filter(key -> !(overruled && key.equals(CONSUMER_TIMEOUT)))
        .toList();
  }

  /** Whether it is a delay or lease queue of the pool, or an owner's results queue. */
  private static boolean holdsMessages(PoolNames names, String queue) {
    return queue.startsWith(names.tasks().replaceFirst("tasks$", "delay."))
        || queue.startsWith(names.tasks().replaceFirst("tasks$", "lease."))
        || queue.startsWith(PoolNames.results(""));
  }

  private static String more(int count) {
    return count == 0 ? "" : " and " + count + " more queue" + (count == 1 ? "" : "s");
  }
}
