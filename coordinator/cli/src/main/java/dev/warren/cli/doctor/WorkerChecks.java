package dev.warren.cli.doctor;

import dev.warren.broker.Broker.QueueDepth;
import dev.warren.broker.BrokerException;
import dev.warren.broker.Delivery;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Route;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.broker.rabbit.connection.ServerVersion;
import dev.warren.lifecycle.TimeSource;
import dev.warren.wire.Headers;
import dev.warren.wire.WireFormatException;
import dev.warren.wire.control.Heartbeat;
import dev.warren.wire.control.HelloMessage;
import dev.warren.worker.config.WarrenVersion;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Checks the pool's workers, based on their heartbeats. Confined to the main thread. */
final class WorkerChecks {
  /** Larger clock differences make logs hard to compare. */
  static final long SKEW_MS = 5_000;

  /** Prefetch: maximum number of unread heartbeats. */
  private static final int UNREAD = 20;

  /** Maximum number of workers listed, because heartbeats come from outside. */
  private static final int MAX_WORKERS = 5000;

  /** Maximum length of a digest, which comes from outside. */
  private static final int MAX_DIGEST = 64;

  /** Maximum number of different apps listed. */
  private static final int MAX_APPS = 5;

  private static final String MORE = " and others";

  private final Report report;
  private final RabbitBroker broker;
  private final String pool;
  // by this host's clock; any heartbeat received was sent later
  private long since;

  WorkerChecks(Report report, RabbitBroker broker, String pool) {
    this.report = report;
    this.broker = broker;
    this.pool = pool;
  }

  /**
   * A worker known from its heartbeat.
   *
   * @param functions number of functions that may be called there; null if unknown
   * @param app digest of its app; null if it has none
   * @param calls how its calls ended
   * @param skewMillis minimum offset of its clock from this host's; 0 if unknown
   */
  record Heard(
      Heartbeat beat,
      @Nullable Object program,
      @Nullable Object functions,
      @Nullable Object app,
      FailureRates.Calls calls,
      long skewMillis) {}

  void look(Duration listen) throws InterruptedException {
    PoolNames names = new PoolNames(pool);
    String queue = names.events() + ".doctor-" + UUID.randomUUID();
    BlockingQueue<Delivery> beats = new LinkedBlockingQueue<>();
    try {
      if (broker.depth(names.tasks()).isEmpty()) {
        return; // already reported: no worker has ever served it
      }
      since = TimeSource.SYSTEM.epochMillis();
      broker.declare(PoolNames.privateTopology(queue, names.events(), Heartbeat.KEY));
      broker.subscribe(queue, UNREAD, beats::add);
      String hello = "doctor-" + UUID.randomUUID();
      var unused =
          broker.publish(new Route(names.control(), ""), new HelloMessage(hello).toMessage());
    } catch (BrokerException e) {
      report.problem("workers", String.valueOf(e.getMessage()), "see above");
      return;
    }
    judge(hear(beats, listen), listen);
  }

  private Map<String, Heard> hear(BlockingQueue<Delivery> beats, Duration listen)
      throws InterruptedException {
    Map<String, Heard> heard = new TreeMap<>();
    long end = TimeSource.SYSTEM.nanos() + listen.toNanos();
    long left = listen.toNanos();
    while (left > 0) {
      Delivery delivery = beats.poll(left, TimeUnit.NANOSECONDS);
      if (delivery != null) {
        delivery.ack(); // only now, so that at most UNREAD wait here
        note(delivery, heard);
      }
      left = end - TimeSource.SYSTEM.nanos();
    }
    return heard;
  }

  /**
   * Minimum offset of a clock that showed {@code sent} from this host's, for a message that was
   * received between the times {@code since} and {@code now}; it may have been in transit since
   * {@code since}.
   */
  static long skew(long sent, long since, long now) {
    return sent < since ? sent - since : Math.max(0, sent - now);
  }

  private void note(Delivery delivery, Map<String, Heard> heard) {
    try {
      Heartbeat beat = Heartbeat.of(delivery.message());
      Map<String, Object> headers = delivery.message().headers();
      long now = TimeSource.SYSTEM.epochMillis();
      long skew =
          headers.get(Headers.SENT_AT_MS) instanceof Long sent && sent > 0 && sent < 2 * now
              ? skew(sent, since, now)
              : 0;
      if (heard.size() == MAX_WORKERS && !heard.containsKey(beat.supervisor())) {
        return;
      }
      heard.put(
          beat.supervisor(),
          new Heard(
              beat,
              headers.get(Headers.PROGRAM),
              headers.get(Headers.FUNCTIONS),
              headers.get(Headers.APP),
              calls(headers),
              skew));
    } catch (WireFormatException e) {
      // an event of another type
    }
  }

  private static FailureRates.Calls calls(Map<String, Object> headers) {
    return headers.get(Headers.CALLS_ENDED) instanceof Long ended
            && headers.get(Headers.CALLS_FAILED) instanceof Long failed
            && failed >= 0
            && failed <= ended
        ? new FailureRates.Calls(ended, failed)
        : FailureRates.Calls.UNKNOWN;
  }

  void judge(Map<String, Heard> heard, Duration listen) {
    heard.values().removeIf(worker -> worker.beat.leaving());
    int consumers = broker.depth(new PoolNames(pool).tasks()).map(QueueDepth::consumers).orElse(0);
    if (heard.isEmpty() && consumers > 0) {
      report.problem(
          "workers",
          consumers
              + " consume the task queue, but no heartbeat arrived within "
              + listen.toSeconds()
              + " s",
          "heartbeats arrive through the exchange "
              + new PoolNames(pool).events()
              + ": find out what deletes it or its bindings, or set --listen above their --heartbeat");
      return;
    }
    if (heard.isEmpty()) {
      report.warning(
          "workers",
          "none heard of within " + listen.toSeconds() + " s",
          "start one: warren worker --pool " + pool + " (or set --listen above its --heartbeat)");
      return;
    }
    report.ok("workers", summary(heard.values()));
    heard.values().forEach(this::judge);
    heard.values().forEach(worker -> compare(worker, heard.values()));
    compareApps(report, heard.values());
    redeliveryBacklog(report, heard.size(), broker.version());
  }

  static String summary(Collection<Heard> heard) {
    long slots = heard.stream().mapToLong(worker -> worker.beat.slots()).sum();
    long busy = heard.stream().mapToLong(worker -> worker.beat.busy()).sum();
    return heard.size() + " with " + slots + " slots, " + busy + " busy";
  }

  static void redeliveryBacklog(Report report, int workers, ServerVersion version) {
    if (workers > ServerVersion.CONSUMERS_IN_ORDER && !version.consumersInOrder()) {
      report.note(
          "cluster",
          "before 4.0 RabbitMQ loses messages when a cluster node goes down to which more"
              + " than "
              + ServerVersion.CONSUMERS_IN_ORDER
              + " workers of a pool are connected: name all nodes in the URI, which spreads the "
              + workers
              + ", or use 4.2");
    }
  }

  /** Warns if two workers run different apps, because a call may run on either. */
  static void compareApps(Report report, Collection<Heard> heard) {
    Map<String, String> workers = new TreeMap<>();
    for (Heard worker : heard) {
      if (worker.app instanceof String app && app.length() <= MAX_DIGEST) {
        String name = worker.beat.supervisor() + " on " + worker.beat.host();
        workers.merge(app, name, (first, next) -> first.endsWith(MORE) ? first : first + MORE);
      }
    }
    if (workers.size() > 1) {
      StringJoiner list = new StringJoiner("; ");
      workers.entrySet().stream()
          .limit(MAX_APPS)
          .forEach(entry -> list.add(entry.getValue() + ": " + entry.getKey()));
      report.warning(
          "apps",
          "the workers run " + workers.size() + " different builds of --app: " + list,
          "give all workers of a pool the same --app; until then a call's outcome depends on the"
              + " worker");
    }
  }

  private void judge(Heard worker) {
    Heartbeat beat = worker.beat;
    String name = beat.supervisor() + " on " + beat.host();
    report.note(
        "worker",
        name
            + ": "
            + (beat.slots() == 0 ? "draining" : beat.slots() + " slots")
            + ", "
            + beat.busy()
            + " busy, version "
            + (worker.program == null ? "unknown" : worker.program)
            + (worker.functions instanceof Integer count ? ", " + count + " functions" : "")
            + (worker.app instanceof String app && app.length() <= MAX_DIGEST
                ? ", app " + app
                : ""));
    if (worker.functions instanceof Integer count && count == 0) {
      report.warning(
          "functions",
          name + ": no function may be called there",
          "start it with --app; 'warren functions' with its options lists the callable functions");
    }
    if (worker.program != null && !worker.program.equals(WarrenVersion.number())) {
      report.warning(
          "versions",
          name + " is " + worker.program + ", this is " + WarrenVersion.number(),
          "run the same version everywhere");
    }
    if (Math.abs(worker.skewMillis) > SKEW_MS) {
      report.warning(
          "clock",
          name + ": its clock is " + seconds(worker.skewMillis) + " of this host's",
          "synchronize both (chrony, ntp): the times in their logs do not match"
              + " (expiry and delays do not depend on it)");
    }
  }

  private void compare(Heard worker, Collection<Heard> all) {
    List<FailureRates.Calls> others =
        all.stream()
            .filter(other -> !other.beat.supervisor().equals(worker.beat.supervisor()))
            .map(Heard::calls)
            .toList();
    String finding = FailureRates.finding(worker.calls, others);
    if (!finding.isEmpty()) {
      report.warning(
          "failures",
          worker.beat.supervisor() + " on " + worker.beat.host() + ": " + finding,
          "see its log, or 'warren dead list' for calls without an owner; stop it until"
              + " that is fixed");
    }
  }

  private static String seconds(long skewMillis) {
    return Math.abs(skewMillis) / 1000 + " s " + (skewMillis > 0 ? "ahead" : "behind");
  }
}
