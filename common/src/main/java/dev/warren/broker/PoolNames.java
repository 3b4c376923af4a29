package dev.warren.broker;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Names and constant arguments of the broker objects of one pool (DESIGN: pinned).
 *
 * @param pool the pool's name: 1 to 100 letters, digits, {@code -}, {@code _} or {@code .}
 */
public record PoolNames(String pool) {
  /** Pool of a URI that names none. */
  public static final String DEFAULT_POOL = "default";

  /** A results queue without a consumer for this long is removed, and its owner counts as gone. */
  public static final long RESULTS_EXPIRE_MS = 300_000;

  /** Backstop only: Warren counts attempts and losses itself. */
  static final int DELIVERY_LIMIT = 100;

  /**
   * How often a message of the dead queue may be looked at. Each look counts as a delivery, and
   * RabbitMQ 4 drops a message after 20 unless the queue says otherwise; -1 for no limit would make
   * 3.10 drop it at the first look.
   */
  static final int DEAD_DELIVERY_LIMIT = 1_000_000_000;

  /** Argument of a queue, and of a consumer, for how long a delivery may stay unsettled. */
  static final String CONSUMER_TIMEOUT = "x-consumer-timeout";

  /**
   * How long a delivery may stay unsettled where the broker lets a queue (3.12 and later) or a
   * consumer (4.3) say so.
   */
  static final long CONSUMER_TIMEOUT_MS = 8L * 24 * 3600 * 1000;

  /** A task that comes to a lease queue and is not taken by its worker for so long goes back. */
  public static final Duration LEASE = Duration.ofSeconds(30);

  /** A lease queue whose worker has gone is removed, long after its tasks have gone back. */
  static final long LEASE_QUEUE_EXPIRES_MS = 3_600_000;

  /**
   * What becomes of a message where a policy has limited a queue and it is full: it is refused, and
   * its publisher tries again. RabbitMQ's default drops the oldest instead.
   */
  private static final String OVERFLOW = "x-overflow";

  private static final String REFUSE = "reject-publish";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");

  public PoolNames {
    if (!NAME.matcher(pool).matches()) {
      throw new IllegalArgumentException(
          "pool name is '" + pool + "'; must be 1 to 100 letters, digits, '-', '_' or '.'");
    }
  }

  public String tasks() {
    return "warren." + pool + ".tasks";
  }

  /**
   * Calls that must be run again, and calls that a worker gives back: workers begin what comes from
   * here before what comes from {@link #tasks()}, however much waits there.
   */
  public String again() {
    return "warren." + pool + ".again";
  }

  public String dead() {
    return "warren." + pool + ".dead";
  }

  public String control() {
    return "warren." + pool + ".control";
  }

  /** A worker's own queue for what goes to the control exchange, and for what is for it alone. */
  public String control(String worker) {
    return control() + "." + worker;
  }

  /** An owner's own queue for what goes to the events exchange. */
  public static String events(String client) {
    return "warren.events." + client;
  }

  public String events() {
    return "warren." + pool + ".events";
  }

  /** Queue in which messages wait {@code millis} before they go to {@link #again()}. */
  public String delay(long millis) {
    return "warren." + pool + ".delay." + millis;
  }

  /** A worker's own queue, through which it renews what it holds for long. */
  public String lease(String worker) {
    return "warren." + pool + ".lease." + worker;
  }

  /** What no worker holds any more goes from its lease queue to {@link #again()}. */
  public Topology leaseTopology(String worker) {
    Map<String, Object> arguments = new HashMap<>(backTo(again(), LEASE.toMillis()));
    arguments.put("x-expires", LEASE_QUEUE_EXPIRES_MS);
    return Topology.ofQueue(new Topology.Queue(lease(worker), false, arguments));
  }

  /** The results queue of a client. */
  public static String results(String client) {
    return "warren.results." + client;
  }

  /** What every member of the pool needs: its queues, control and events exchanges. */
  public Topology topology() {
    Map<String, Object> tasks = new HashMap<>(quorum());
    tasks.put("x-dead-letter-exchange", "");
    tasks.put("x-dead-letter-routing-key", dead());
    tasks.put("x-dead-letter-strategy", "at-least-once");
    tasks.put(OVERFLOW, REFUSE);
    tasks.put("x-delivery-limit", DELIVERY_LIMIT);
    tasks.put(CONSUMER_TIMEOUT, CONSUMER_TIMEOUT_MS);
    Map<String, Object> dead = new HashMap<>(quorum());
    dead.put("x-delivery-limit", DEAD_DELIVERY_LIMIT);
    dead.put(OVERFLOW, REFUSE);
    return new Topology(
        List.of(
            new Topology.Exchange(control(), "fanout"), new Topology.Exchange(events(), "topic")),
        List.of(
            new Topology.Queue(dead(), false, dead),
            new Topology.Queue(tasks(), false, tasks),
            new Topology.Queue(again(), false, tasks)),
        List.of());
  }

  /** One step of the delay ladder. */
  public Topology delayTopology(long millis) {
    return Topology.ofQueue(new Topology.Queue(delay(millis), false, backTo(again(), millis)));
  }

  private static Map<String, Object> backTo(String queue, long millis) {
    Map<String, Object> arguments = new HashMap<>(quorum());
    arguments.put("x-message-ttl", millis);
    arguments.put("x-dead-letter-exchange", "");
    arguments.put("x-dead-letter-routing-key", queue);
    arguments.put("x-dead-letter-strategy", "at-least-once");
    arguments.put(OVERFLOW, REFUSE);
    return arguments;
  }

  /** A client's results queue: durable, gone {@link #RESULTS_EXPIRE_MS} after its last consumer. */
  public static Topology resultsTopology(String client) {
    return Topology.ofQueue(
        new Topology.Queue(
            results(client),
            false,
            Map.of("x-queue-type", "classic", "x-expires", RESULTS_EXPIRE_MS, OVERFLOW, REFUSE)));
  }

  /** A queue of one process's own, bound to an exchange of the pool. */
  public static Topology privateTopology(String queue, String exchange, String pattern) {
    return new Topology(
        List.of(),
        List.of(new Topology.Queue(queue, true, Map.of())),
        List.of(new Topology.Binding(exchange, pattern, queue)));
  }

  private static Map<String, Object> quorum() {
    return Map.of(Topology.QUEUE_TYPE, Topology.QUORUM);
  }
}
