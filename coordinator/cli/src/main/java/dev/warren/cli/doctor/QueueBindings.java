package dev.warren.cli.doctor;

import dev.warren.broker.PoolNames;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Finds queues that are no longer bound to their exchange, so that cancels do not reach a worker,
 * or heartbeats do not reach an owner. Stateless.
 */
final class QueueBindings {
  private QueueBindings() {}

  /**
   * Checks the bindings of the private queues of workers and owners.
   *
   * @param queues of the virtual host, as listed by the management interface
   * @param bindings likewise
   */
  static void look(Report report, PoolNames names, JsonNode queues, JsonNode bindings) {
    // only bindings to Warren's exchanges count: the default exchange reaches every queue
    Set<String> bound = new HashSet<>();
    for (JsonNode binding : bindings) {
      if (binding.path("source").asString("").startsWith("warren.")) {
        bound.add(binding.path("destination").asString(""));
      }
    }
    int looked = 0;
    int unbound = 0;
    for (JsonNode queue : queues) {
      String name = queue.path("name").asString("");
      boolean control = name.startsWith(names.control("")); // of a worker
      if (control || name.startsWith(PoolNames.events(""))) {
        looked++;
        if (!bound.contains(name)) {
          unbound++;
          report.warning(
              "bindings",
              name
                  + " is bound to no exchange: "
                  + (control
                      ? "that worker receives no cancels"
                      : "its owner receives no heartbeats"),
              "they are declared again within 15 s; if that does not help, find out what deletes"
                  + " exchanges or bindings of this virtual host");
        }
      }
    }
    if (looked > 0 && unbound == 0) {
      report.ok("bindings", "all " + looked + " queues of workers and owners are bound");
    }
  }
}
