package dev.warren.cli.doctor;

import dev.warren.broker.PoolNames;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Finds queues that an exchange no longer routes to: cancels do not reach such a worker, or
 * heartbeats such an owner. Stateless.
 */
final class QueueBindings {
  private QueueBindings() {}

  /**
   * Whether the private queues of workers and owners are bound.
   *
   * @param queues of the virtual host, as the management interface lists them
   * @param bindings likewise
   */
  static void look(Report report, PoolNames names, JsonNode queues, JsonNode bindings) {
    // to an exchange of ours: the default exchange reaches every queue
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
                  + (control ? "that worker hears of no cancel" : "its owner hears no worker"),
              "they are declared again within 15 s; if that does not help, look for what deletes"
                  + " exchanges or bindings of this virtual host");
        }
      }
    }
    if (looked > 0 && unbound == 0) {
      report.ok("bindings", "all " + looked + " queues of workers and owners are bound");
    }
  }
}
