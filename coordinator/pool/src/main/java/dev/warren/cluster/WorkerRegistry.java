package dev.warren.cluster;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.lifecycle.LogThrottle;
import dev.warren.lifecycle.Logs;
import dev.warren.wire.TaskId;
import dev.warren.wire.control.Heartbeat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;

/**
 * The workers of a pool, known from their heartbeats: how many slots they have and which messages
 * they hold. Thread-safe; time is an argument.
 */
public final class WorkerRegistry {
  /** A worker that misses this many of its heartbeats is considered lost. */
  private static final int MISSED = 3;

  /** Minimum silence before a worker is considered lost, whatever its interval. */
  private static final long SHORTEST_SILENCE = 5_000_000_000L;

  /**
   * A worker that disappeared may only be cut off: for this long the broker may still count its
   * messages as held, before it redelivers them.
   */
  private static final long LINGER = 90_000_000_000L;

  /** Assumed interval of a worker after its first heartbeat. */
  private static final long USUAL_INTERVAL = 10_000_000_000L;

  /** Maximum size of the table; further workers are not counted. */
  static final long BYTES = 16 << 20;

  private static final Logger log = Logs.of(WorkerRegistry.class);

  private final Consumer<ClusterEvent> listener;

  @GuardedBy("this")
  private final Map<String, Seen> live = new HashMap<>();

  @GuardedBy("this")
  private final List<Seen> vanished = new ArrayList<>();

  @GuardedBy("this")
  private final LogThrottle refusals = new LogThrottle(Duration.ofMinutes(1));

  // volatile: sum of the live workers' slots; written under the lock, read without it
  private volatile int slots;

  // volatile: the longest round trip of the live workers; written under the lock, read without it
  private volatile long roundTripMicros;

  public WorkerRegistry(Consumer<ClusterEvent> listener) {
    this.listener = listener;
  }

  /** Total slots of all live workers; 0 while none is known. */
  public int slots() {
    return slots;
  }

  /** Round trip to the broker of the most distant worker. */
  public long roundTripMicros() {
    return roundTripMicros;
  }

  synchronized boolean isEmpty() {
    return live.isEmpty();
  }

  /** Whether a live worker of this name is known. */
  public synchronized boolean has(String worker) {
    return live.containsKey(worker);
  }

  /** Records a heartbeat. */
  public void heard(Heartbeat beat, long now) {
    Runnable event = note(beat, now);
    event.run();
  }

  private synchronized Runnable note(Heartbeat beat, long now) {
    Runnable event = () -> {};
    if (beat.leaving()) {
      if (live.remove(beat.supervisor()) != null) {
        event = () -> tellLeft(beat, true);
      }
    } else {
      Seen before = live.get(beat.supervisor());
      long interval =
          beat.intervalMillis() > 0 ? beat.intervalMillis() * 1_000_000 : USUAL_INTERVAL;
      if (before == null) {
        event =
            () ->
                listener.accept(
                    new ClusterEvent.WorkerJoined(beat.supervisor(), beat.host(), beat.slots()));
      } else if (beat.intervalMillis() == 0 && beat.sequence() > before.beat.sequence()) {
        interval = (now - before.at) / (beat.sequence() - before.beat.sequence());
      }
      Seen seen = new Seen(beat, now, interval, held(beat));
      if (before == null && !hasRoom(seen)) {
        return refused(now);
      }
      live.put(beat.supervisor(), seen);
      vanished.removeIf(gone -> gone.beat.supervisor().equals(beat.supervisor()));
    }
    count();
    return event;
  }

  private void tellLeft(Heartbeat last, boolean expected) {
    listener.accept(new ClusterEvent.WorkerLeft(last.supervisor(), last.host(), expected));
  }

  /** Whether the table has room for a new worker. */
  @GuardedBy("this")
  private boolean hasRoom(Seen seen) {
    long bytes = seen.bytes();
    for (Seen other : live.values()) {
      bytes += other.bytes();
    }
    for (Seen other : vanished) {
      bytes += other.bytes();
    }
    return bytes <= BYTES;
  }

  @GuardedBy("this")
  private Runnable refused(long now) {
    if (!refusals.allows(now)) {
      return () -> {};
    }
    String more = refusals.heldBack();
    return () ->
        log.warn(
            "a worker's heartbeat is ignored: the table is full with {} workers{}", live(), more);
  }

  /** Whether every live worker has sent a heartbeat after this time. */
  synchronized boolean allHeardSince(long nanos) {
    return live.values().stream().allMatch(seen -> seen.at - nanos > 0);
  }

  /** Number of live workers. */
  public synchronized int live() {
    return live.size();
  }

  /**
   * Forgets workers that disappeared long enough ago for the broker to have redelivered their
   * tasks.
   */
  synchronized void forgetVanished(long now) {
    vanished.removeIf(seen -> now - seen.at > LINGER);
  }

  /** Whether a worker has been silent for too long. */
  synchronized boolean anySilent(long now) {
    return live.values().stream().anyMatch(seen -> seen.isSilent(now));
  }

  /** Ignores the workers' silence so far. */
  synchronized void excuse(long now) {
    live.replaceAll((id, seen) -> new Seen(seen.beat, now, seen.interval, seen.held));
  }

  /** Removes workers that have been silent for too long from the live ones. */
  void look(long now) {
    List<Runnable> events = new ArrayList<>();
    synchronized (this) {
      for (Iterator<Seen> all = live.values().iterator(); all.hasNext(); ) {
        Seen seen = all.next();
        if (seen.isSilent(now)) {
          all.remove();
          vanished.add(seen);
          log.warn(
              "worker {} on {} has been silent for {} s; the broker will redeliver the {} tasks it held"
                  + " once it notices, too",
              seen.beat.supervisor(),
              seen.beat.host(),
              (now - seen.at) / 1_000_000_000,
              seen.beat.held().size());
          events.add(() -> tellLeft(seen.beat, false));
        }
      }
      count();
    }
    events.forEach(Runnable::run);
  }

  /**
   * Which tasks a live worker, or one that disappeared recently, holds now. Made once for many
   * tasks: asking every worker about every task takes minutes with a thousand workers.
   */
  synchronized Predicate<String> holders() {
    Set<String> all = new HashSet<>();
    for (Seen seen : live.values()) {
      all.addAll(seen.held);
    }
    for (Seen seen : vanished) {
      all.addAll(seen.held);
    }
    // a heartbeat that did not list all tasks may stand for any task
    boolean any =
        Stream.concat(live.values().stream(), vanished.stream()).anyMatch(Seen::isPartial);
    return any ? task -> true : all::contains;
  }

  /** How long a task must have been held by no worker before it counts as lost. */
  synchronized long patience() {
    long longest = live.values().stream().mapToLong(s -> s.interval).max().orElse(USUAL_INTERVAL);
    return MISSED * longest + SHORTEST_SILENCE;
  }

  @GuardedBy("this")
  private void count() {
    long sum = live.values().stream().mapToLong(seen -> seen.beat.slots()).sum();
    slots = (int) Math.min(sum, Integer.MAX_VALUE);
    roundTripMicros =
        live.values().stream().mapToLong(seen -> seen.beat.roundTripMicros()).max().orElse(0);
  }

  /** The roots of the tasks that the worker holds. */
  private static Set<String> held(Heartbeat beat) {
    Set<String> held = new HashSet<>();
    for (String id : beat.held()) {
      held.add(TaskId.rootOf(id));
    }
    return held;
  }

  /** A worker's last heartbeat. */
  private record Seen(Heartbeat beat, long at, long interval, Set<String> held) {
    boolean isSilent(long now) {
      return now - at > Math.max(SHORTEST_SILENCE, MISSED * interval);
    }

    long bytes() {
      // each id is in the list and, by its root, in the set
      return 500 + beat.held().stream().mapToLong(id -> 150 + 4L * id.length()).sum();
    }

    boolean isPartial() {
      return beat.truncated();
    }
  }
}
