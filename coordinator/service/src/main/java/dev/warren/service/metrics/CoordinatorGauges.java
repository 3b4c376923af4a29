package dev.warren.service.metrics;

import dev.warren.broker.Broker;
import dev.warren.broker.BrokerException;
import dev.warren.broker.PoolNames;
import dev.warren.jobs.meter.JobMeters;
import dev.warren.jobs.store.JobState;
import dev.warren.jobs.store.JobStore;
import dev.warren.jobs.store.StoreException;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.meter.Label;
import dev.warren.meter.Meter;
import dev.warren.meter.Meters;
import dev.warren.pool.engine.JobHost;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/**
 * What a coordinator learns by asking its broker and its store: every five seconds, on a thread of
 * its own, however often somebody reads the values. Thread-safe.
 */
public final class CoordinatorGauges implements AutoCloseable {
  private static final Logger log = Logs.of(CoordinatorGauges.class);
  private static final long EVERY_SECONDS = 5;

  private static final Meter QUEUE_MESSAGES =
      Meter.gauge(
          "warren_queue_messages",
          "Messages in the pool's queues, asked for every 5 seconds; NaN while the broker is away. AMQP"
              + " does not tell how many are delivered and not acknowledged.",
          Label.of("queue", Queue.class),
          Label.of("state", MessageState.class));

  static final List<Meter> DEFINITIONS = List.of(QUEUE_MESSAGES);

  private final JobHost host;
  private final JobStore store;
  private final ScheduledExecutorService timer = NamedThreads.timer("service-gauges");
  // volatile: written by the timer
  private volatile Map<Queue, Integer> depths = Map.of();
  // volatile: as depths; the last ones that the broker told
  private volatile Map<Queue, Integer> lastDepths = Map.of();
  private volatile Map<JobState, Long> jobs = Map.of();

  /** A queue of the pool. */
  private enum Queue {
    /** Calls that have not been run. */
    TASKS,
    /** Calls that run again or were handed back. */
    AGAIN,
    /** Dead letters. */
    DEAD;

    String name(PoolNames names) {
      return switch (this) {
        case TASKS -> names.tasks();
        case AGAIN -> names.again();
        case DEAD -> names.dead();
      };
    }
  }

  /** Where a message of a queue is. */
  private enum MessageState {
    /** It waits for a consumer. */
    READY
  }

  private CoordinatorGauges(JobHost host, JobStore store) {
    this.host = host;
    this.store = store;
  }

  /** Adds the gauges to the pool's meters, and begins to ask. */
  public static CoordinatorGauges start(JobHost host, JobStore store) {
    CoordinatorGauges gauges = new CoordinatorGauges(host, store);
    gauges.show(host.meters().meters());
    var unused =
        gauges.timer.scheduleWithFixedDelay(gauges::look, 0, EVERY_SECONDS, TimeUnit.SECONDS);
    return gauges;
  }

  private void show(Meters meters) {
    for (Queue queue : Queue.values()) {
      meters.gauge(
          QUEUE_MESSAGES, () -> depth(queue), Label.value(queue), Label.value(MessageState.READY));
    }
    for (JobState state : JobState.values()) {
      meters.gauge(JobMeters.JOBS, () -> jobs.getOrDefault(state, 0L), Label.value(state));
    }
    meters.histogram(JobMeters.JOURNAL_COMMIT);
  }

  /** Ready messages of the task queues, when the broker last told; 0 before. */
  public long waiting() {
    Map<Queue, Integer> last = lastDepths;
    return (long) last.getOrDefault(Queue.TASKS, 0) + last.getOrDefault(Queue.AGAIN, 0);
  }

  /** Dead letters, when the broker last told; 0 before. */
  public long dead() {
    return lastDepths.getOrDefault(Queue.DEAD, 0);
  }

  private double depth(Queue queue) {
    Integer ready = depths.get(queue);
    return ready == null ? Double.NaN : ready;
  }

  private void look() {
    try {
      jobs = store.counts(host.names().pool());
    } catch (StoreException e) {
      log.debug("the jobs could not be counted: {}", e.getMessage());
    }
    Map<Queue, Integer> seen = new EnumMap<>(Queue.class);
    try {
      for (Queue queue : Queue.values()) {
        host.broker()
            .depth(queue.name(host.names()))
            .map(Broker.QueueDepth::ready)
            .ifPresent(ready -> seen.put(queue, ready));
      }
      lastDepths = seen;
    } catch (BrokerException e) {
      log.debug("the queues could not be looked at: {}", e.getMessage());
    } catch (RuntimeException e) {
      log.warn("looking at the queues failed; trying again", e);
    }
    depths = seen;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
