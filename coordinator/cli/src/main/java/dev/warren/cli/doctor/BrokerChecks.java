package dev.warren.cli.doctor;

import dev.warren.broker.Broker.Receipt;
import dev.warren.broker.BrokerException;
import dev.warren.broker.BrokerListener;
import dev.warren.broker.BrokerUri;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Route;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.broker.rabbit.connection.ServerVersion;
import dev.warren.task.Payload;
import dev.warren.wire.Message;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Checks that need a connection to the broker: version, permissions, alarms, the pool's queues.
 * Confined to the main thread.
 */
final class BrokerChecks {
  private static final long ANSWER_SECONDS = 5;
  private static final int DEAD_WORTH_A_WORD = 1;

  private final Report report;
  private final RabbitBroker broker;
  private final BrokerUri uri;
  private final PoolNames names;
  // volatile: written on a thread of the broker
  private volatile @Nullable String blocked;

  BrokerChecks(Report report, RabbitBroker broker, BrokerUri uri) {
    this.report = report;
    this.broker = broker;
    this.uri = uri;
    this.names = new PoolNames(uri.pool());
  }

  void look() throws InterruptedException {
    broker.addListener(
        new BrokerListener() {
          @Override
          public void blocked(String reason) {
            blocked = reason;
          }
        });
    version();
    roundTrip();
    pool();
  }

  private void version() {
    ServerVersion version = broker.version();
    if (!version.supported()) {
      report.warning(
          "broker",
          version + " at " + uri + ": Warren is not tested with this version",
          "use 3.10 or later");
    } else {
      report.ok("broker", version + " at " + uri);
    }
    report.note(
        "priorities",
        version.strictPriorities()
            ? "0 to 31, strictly ordered"
            : version.twoPriorities()
                ? "two levels: above 4, and 0 to 4 (RabbitMQ 4.3 has all 32)"
                : "none: first in, first out (RabbitMQ 4.0 has two levels, 4.3 all 32)");
    report.note(
        "message size",
        "at most " + (version.maxBodyBytes() >> 20) + " MiB, unless configured otherwise");
    report.note(
        "long calls",
        version.consumerTimeoutPerQueue()
            ? "a delivery may take "
                + version.deliveryTimeout().toDays()
                + " days, as "
                + (version.consumerTimeoutPerConsumer()
                    ? "each worker requests"
                    : "the task queue requests, unless a policy's consumer-timeout is shorter")
            : "the node's consumer_timeout applies ("
                + version.deliveryTimeout().toMinutes()
                + " minutes by default); workers renew tasks held for half of that");
  }

  /**
   * Declares a test queue named like Warren's own, publishes to it, consumes from it and deletes
   * it.
   */
  private void roundTrip() throws InterruptedException {
    String client = "doctor-" + UUID.randomUUID();
    String queue = PoolNames.results(client);
    try {
      broker.declare(PoolNames.resultsTopology(client));
    } catch (BrokerException e) {
      denied(e);
      return;
    }
    try {
      CountDownLatch arrived = new CountDownLatch(1);
      var subscription =
          broker.subscribe(
              queue,
              1,
              delivery -> {
                delivery.ack();
                arrived.countDown();
              });
      Message message =
          new Message(
              UUID.randomUUID().toString(), null, null, null, 4, Map.of(), Payload.of("{}"));
      if (published(broker.publish(Route.toQueue(queue), message))) {
        if (arrived.await(ANSWER_SECONDS, TimeUnit.SECONDS)) {
          report.ok("permissions", "configure, write and read on warren.* work");
          report.ok("alarms", "none: a test message was accepted, confirmed and delivered");
        } else {
          denied(new BrokerException("a test message was accepted but not delivered"));
        }
      }
      subscription.cancel();
    } finally {
      delete(queue);
    }
  }

  private boolean published(CompletableFuture<Receipt> receipt) throws InterruptedException {
    try {
      if (receipt.get(ANSWER_SECONDS, TimeUnit.SECONDS) == Receipt.CONFIRMED) {
        return true;
      }
      report.problem("broker", "a queue just declared accepted no message", "see the broker's log");
    } catch (TimeoutException e) {
      String why = blocked;
      report.problem(
          "alarms",
          why == null
              ? "a test message was not confirmed within " + ANSWER_SECONDS + " s"
              : "the broker accepts no messages: " + why,
          "free memory or disk on the broker's nodes (rabbitmqctl status), or raise"
              + " vm_memory_high_watermark or disk_free_limit");
    } catch (ExecutionException e) {
      denied(e.getCause());
    }
    return false;
  }

  private void denied(@Nullable Throwable e) {
    report.problem(
        "permissions",
        e == null ? "refused" : String.valueOf(e.getMessage()),
        "rabbitmqctl set_permissions -p "
            + uri.vhost()
            + " "
            + uri.user()
            + " '^warren\\..*' '^(warren\\..*|amq\\.default)$' '^warren\\..*'");
  }

  private void delete(String queue) {
    try {
      broker.delete(queue);
    } catch (BrokerException e) {
      report.note(
          "permissions", "the test queue " + queue + " was not deleted; it expires in 5 minutes");
    }
  }

  /**
   * Declares the pool's queues again, but only if they exist, so that a misspelt name creates none.
   */
  private void pool() {
    try {
      Optional<?> tasks = broker.depth(names.tasks());
      if (tasks.isEmpty()) {
        report.note("pool", "'" + uri.pool() + "' has no queues yet: no worker has ever served it");
        return;
      }
      broker.declare(names.topology());
      int waiting =
          broker.depth(names.tasks()).orElseThrow().ready()
              + broker.depth(names.again()).orElseThrow().ready();
      report.ok("pool", "'" + uri.pool() + "' is set up correctly; tasks waiting: " + waiting);
      int dead = broker.depth(names.dead()).orElseThrow().ready();
      if (dead >= DEAD_WORTH_A_WORD) {
        report.warning(
            "dead calls",
            dead + " in " + names.dead(),
            "warren dead list --pool " + uri.pool() + ", then redrive or drop them");
      }
    } catch (BrokerException e) {
      report.problem(
          "pool",
          String.valueOf(e.getMessage()),
          "delete queues that another version or another program has declared differently");
    }
  }
}
