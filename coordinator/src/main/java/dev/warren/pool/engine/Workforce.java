package dev.warren.pool.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.lifecycle.LogThrottle;
import dev.warren.lifecycle.Logs;
import dev.warren.wire.Heartbeat;
import dev.warren.wire.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;

/**
 * The workers of a pool as their heartbeats tell of them: how many slots there are and which
 * messages they hold. Thread-safe; time is an argument.
 */
final class Workforce {
  /** A worker silent for this many of its own intervals is gone. */
  private static final int MISSED = 3;

  /** Shortest silence that counts, whatever the interval. */
  private static final long SHORTEST_SILENCE = 5_000_000_000L;

  /**
   * A worker that vanished without a word may only be cut off: for this long the broker may still
   * count its messages as held, and gives them to others after that.
   */
  private static final long LINGER = 90_000_000_000L;

  /** Taken for the interval of a worker heard of once. */
  private static final long USUAL_INTERVAL = 10_000_000_000L;

  /** What is known of all workers together; a worker beyond is not counted. */
  static final long BYTES = 16 << 20;

  private static final Logger log = Logs.of(Workforce.class);

  private final ClusterListener listener;

  @GuardedBy("this")
  private final Map<String, Seen> live = new HashMap<>();

  @GuardedBy("this")
  private final List<Seen> vanished = new ArrayList<>();

  @GuardedBy("this")
  private final LogThrottle refusals = new LogThrottle(Duration.ofMinutes(1));

  // sum of the live workers' slots; written under the lock, read without
  private volatile int slots;

  // the longest of the live workers' ways to the broker; the same
  private volatile long roundTripMicros;

  Workforce(ClusterListener listener) {
    this.listener = listener;
  }

  /** Slots of all live workers; 0 while none has been heard of. */
  int slots() {
    return slots;
  }

  /** How long the way to the broker and back takes for the worker that is farthest away. */
  long roundTripMicros() {
    return roundTripMicros;
  }

  synchronized boolean isEmpty() {
    return live.isEmpty();
  }

  /** Whether a worker of this name has been heard of and is there. */
  synchronized boolean has(String worker) {
    return live.containsKey(worker);
  }

  /** Takes note of a heartbeat. */
  void heard(Heartbeat beat, long now) {
    Runnable event = note(beat, now);
    event.run();
  }

  private synchronized Runnable note(Heartbeat beat, long now) {
    Runnable event = () -> {};
    if (beat.leaving()) {
      if (live.remove(beat.supervisor()) != null) {
        event = () -> listener.workerLeft(beat.supervisor(), beat.host(), true);
      }
    } else {
      Seen before = live.get(beat.supervisor());
      long interval =
          beat.intervalMillis() > 0 ? beat.intervalMillis() * 1_000_000 : USUAL_INTERVAL;
      if (before == null) {
        event = () -> listener.workerJoined(beat.supervisor(), beat.host(), beat.slots());
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

  /** Whether a worker that nobody knew can be taken in. */
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
        log.warn("a worker's heartbeat is not counted: {} workers fill the table{}", live(), more);
  }

  private synchronized int live() {
    return live.size();
  }

  /** What workers held that vanished long ago is with others by now. */
  synchronized void forgetVanished(long now) {
    vanished.removeIf(seen -> now - seen.at > LINGER);
  }

  /** Whether a worker has been silent for too long. */
  synchronized boolean anySilent(long now) {
    return live.values().stream().anyMatch(seen -> seen.isSilent(now));
  }

  /** The silence of workers up to now says nothing: it is counted anew. */
  synchronized void excuse(long now) {
    live.replaceAll((id, seen) -> new Seen(seen.beat, now, seen.interval, seen.held));
  }

  /** Moves workers that have been silent for too long out of the live ones. */
  void look(long now) {
    List<Runnable> events = new ArrayList<>();
    synchronized (this) {
      for (Iterator<Seen> all = live.values().iterator(); all.hasNext(); ) {
        Seen seen = all.next();
        if (seen.isSilent(now)) {
          all.remove();
          vanished.add(seen);
          log.warn(
              "worker {} on {} has been silent for {} s; the broker gives the {} tasks it held to"
                  + " others as soon as it notices, too",
              seen.beat.supervisor(),
              seen.beat.host(),
              (now - seen.at) / 1_000_000_000,
              seen.beat.held().size());
          events.add(() -> listener.workerLeft(seen.beat.supervisor(), seen.beat.host(), false));
        }
      }
      count();
    }
    events.forEach(Runnable::run);
  }

  /** Whether a live worker, or one that vanished a moment ago, holds a message of this id. */
  synchronized boolean holds(String task) {
    return live.values().stream().anyMatch(seen -> seen.mayHold(task))
        || vanished.stream().anyMatch(seen -> seen.mayHold(task));
  }

  /** How long a task must have been in nobody's hands before that means something. */
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

  /** The tasks of which a worker holds a copy or a part. */
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
      // each id stands in the list and, by its root, in the set
      return 500 + beat.held().stream().mapToLong(id -> 150 + 4L * id.length()).sum();
    }

    /** One that did not name all may hold anything. */
    boolean mayHold(String task) {
      return held.contains(task) || beat.truncated();
    }
  }
}
