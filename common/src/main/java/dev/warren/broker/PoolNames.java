package dev.warren.broker;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Names and constant arguments of the broker objects of one pool. Pinned: changing them breaks
 * running pools. Immutable.
 *
 * @param pool the pool's name: 1 to 100 letters, digits, {@code -}, {@code _} or {@code .}
 */
public record PoolNames(String pool) {
  /** Pool of a URI that names none. */
  public static final String DEFAULT_POOL = "default";

  /** A results queue without a consumer for this long is deleted, and its owner counts as gone. */
  public static final long RESULTS_EXPIRE_MS = 300_000;

  /**
   * A durable job's results queue without a consumer for this long, seven days, is deleted with the
   * outcomes in it.
   */
  public static final long JOB_RESULTS_EXPIRE_MS = 7L * 24 * 3600 * 1000;

  /**
   * Delivery limit of a durable job's results queue. Each death of the job's coordinator counts as
   * a failed delivery of every unacknowledged message, and RabbitMQ 4 drops a message after 20
   * unless the queue says otherwise.
   */
  static final int JOB_RESULTS_DELIVERY_LIMIT = 1_000_000_000;

  /** Backstop only: Warren counts attempts and losses itself. */
  static final int DELIVERY_LIMIT = 100;

  /**
   * Delivery limit of the dead-letter queue. Each browse counts as a delivery, and RabbitMQ 4 drops
   * a message after 20 unless the queue says otherwise; -1 (no limit) would make 3.10 drop it at
   * the first one.
   */
  static final int DEAD_DELIVERY_LIMIT = 1_000_000_000;

  /** Argument of a queue, and of a consumer, for how long a delivery may stay unsettled. */
  public static final String CONSUMER_TIMEOUT = "x-consumer-timeout";

  /**
   * How long a delivery may stay unsettled, where the broker lets a queue (3.12 and later) or a
   * consumer (4.3) set it.
   */
  public static final long CONSUMER_TIMEOUT_MS = 8L * 24 * 3600 * 1000;

  /** A task in a lease queue that its worker does not take within this time returns to the pool. */
  public static final Duration LEASE = Duration.ofSeconds(30);

  /**
   * A lease queue without a worker for this long is deleted, long after its tasks have returned.
   */
  static final long LEASE_QUEUE_EXPIRES_MS = 3_600_000;

  /**
   * Overflow behaviour, for queues that a policy has bounded: a full queue rejects the message and
   * its publisher retries. RabbitMQ's default drops the oldest message instead.
   */
  private static final String OVERFLOW = "x-overflow";

  private static final String REFUSE = "reject-publish";

  private static final String EXPIRES = "x-expires";

  private static final String DELIVERY_LIMIT_ARGUMENT = "x-delivery-limit";

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
   * Queue of calls to run again and of calls that a worker hands back. Workers start tasks from
   * this queue before tasks from {@link #tasks()}, however many wait there.
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

  /**
   * A worker's private queue, for broadcasts of the control exchange and messages to this worker.
   */
  public String control(String worker) {
    return control() + "." + worker;
  }

  /** Prefix of the names of queues for workers' answers about a call. */
  public String explain() {
    return "warren." + pool + ".explain.";
  }

  /** The private queue of a process that asks about a call, for the workers' answers. */
  public Topology explainTopology(String client) {
    return Topology.ofQueue(new Topology.Queue(explain() + client, true, Map.of()));
  }

  /** An owner's private queue, bound to the events exchange. */
  public static String events(String client) {
    return "warren.events." + client;
  }

  public String events() {
    return "warren." + pool + ".events";
  }

  /** Queue in which messages wait {@code millis} before they move to {@link #again()}. */
  public String delay(long millis) {
    return "warren." + pool + ".delay." + millis;
  }

  /** A worker's private queue, through which it renews tasks that it holds for long. */
  public String lease(String worker) {
    return "warren." + pool + ".lease." + worker;
  }

  /**
   * Lease queue whose expired messages move to {@link #again()}: tasks that the worker no longer
   * holds.
   */
  public Topology leaseTopology(String worker) {
    Map<String, Object> arguments = new HashMap<>(backTo(again(), LEASE.toMillis()));
    arguments.put(EXPIRES, LEASE_QUEUE_EXPIRES_MS);
    return Topology.ofQueue(new Topology.Queue(lease(worker), false, arguments));
  }

  public static String results(String client) {
    return "warren.results." + client;
  }

  /** The client name of the coordinator of a durable job. */
  public static String jobClient(String jobId) {
    return "job." + jobId;
  }

  /** What every member of the pool needs: its queues, its control and its events exchange. */
  public Topology topology() {
    Map<String, Object> tasks = new HashMap<>(quorum());
    tasks.put("x-dead-letter-exchange", "");
    tasks.put("x-dead-letter-routing-key", dead());
    tasks.put("x-dead-letter-strategy", "at-least-once");
    tasks.put(OVERFLOW, REFUSE);
    tasks.put(DELIVERY_LIMIT_ARGUMENT, DELIVERY_LIMIT);
    tasks.put(CONSUMER_TIMEOUT, CONSUMER_TIMEOUT_MS);
    Map<String, Object> dead = new HashMap<>(quorum());
    dead.put(DELIVERY_LIMIT_ARGUMENT, DEAD_DELIVERY_LIMIT);
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

  /** One rung of the delay ladder. */
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

  /**
   * A client's results queue: durable, deleted {@link #RESULTS_EXPIRE_MS} after its last consumer.
   */
  public static Topology resultsTopology(String client) {
    return Topology.ofQueue(
        new Topology.Queue(
            results(client),
            false,
            Map.of("x-queue-type", "classic", EXPIRES, RESULTS_EXPIRE_MS, OVERFLOW, REFUSE)));
  }

  /**
   * Results queue of a durable job, which outlives the coordinators of the job.
   *
   * @param jobId must not be guessable: whoever knows it can send outcomes
   */
  public static String jobResults(String jobId) {
    return results(jobClient(jobId));
  }

  /** Whether it is the results queue of a durable job. */
  public static boolean isJobResults(String queue) {
    return queue.startsWith(results(jobClient("")));
  }

  /**
   * A durable job's results queue: replicated, and with a single active consumer, so that a second
   * coordinator of the job receives nothing while the first is connected. When the first one's
   * connection is lost, the second receives all unacknowledged messages again, before the others.
   * Deleted {@link #JOB_RESULTS_EXPIRE_MS} after its last consumer.
   *
   * <p>The queue also passes to the next consumer when the active one is cancelled, which a changed
   * prefetch does. So only the owner of a job subscribes; a former owner that still does finds out
   * when it stores what it receives, and returns it.
   */
  public static Topology jobResultsTopology(String jobId) {
    Map<String, Object> arguments = new HashMap<>(quorum());
    arguments.put(EXPIRES, JOB_RESULTS_EXPIRE_MS);
    arguments.put("x-single-active-consumer", true);
    arguments.put(DELIVERY_LIMIT_ARGUMENT, JOB_RESULTS_DELIVERY_LIMIT);
    arguments.put(OVERFLOW, REFUSE);
    arguments.put(CONSUMER_TIMEOUT, CONSUMER_TIMEOUT_MS);
    return Topology.ofQueue(new Topology.Queue(jobResults(jobId), false, arguments));
  }

  /** A process's private queue, bound to an exchange of the pool. */
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
