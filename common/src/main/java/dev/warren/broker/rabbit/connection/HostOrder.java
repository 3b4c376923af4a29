package dev.warren.broker.rabbit.connection;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.broker.BrokerUri.Host;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The order in which one client tries the hosts of its broker: random, so that the clients of a
 * cluster spread over its nodes, and with the hosts last that failed last. Shared by the client's
 * connections, which therefore prefer the same host. Thread-safe.
 */
final class HostOrder {
  @GuardedBy("this")
  private final List<Host> hosts;

  HostOrder(List<Host> hosts, Random random) {
    this.hosts = new ArrayList<>(hosts);
    Collections.shuffle(this.hosts, random);
  }

  /** Returns all hosts, the one to try first in front. */
  synchronized List<Host> hosts() {
    return List.copyOf(hosts);
  }

  /** A connection to the host was lost or could not be opened: it is tried after all others. */
  synchronized void failed(Host host) {
    if (hosts.remove(host)) {
      hosts.add(host);
    }
  }
}
