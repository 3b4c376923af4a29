package dev.warren.pool.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.wire.Heartbeat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

  private static final Logger log = LoggerFactory.getLogger(Workforce.class);

  private final ClusterListener listener;

  @GuardedBy("this")
  private final Map<String, Seen> live = new HashMap<>();

  @GuardedBy("this")
  private final List<Seen> vanished = new ArrayList<>();

  // sum of the live workers' slots; written under the lock, read without
  private volatile int slots;

  Workforce(ClusterListener listener) {
    this.listener = listener;
  }

  /** Slots of all live workers; 0 while none has been heard of. */
  int slots() {
    return slots;
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
      live.put(beat.supervisor(), new Seen(beat, now, interval, held(beat)));
      vanished.removeIf(seen -> seen.beat.supervisor().equals(beat.supervisor()));
    }
    count();
    return event;
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
    slots = live.values().stream().mapToInt(seen -> seen.beat.slots()).sum();
  }

  /** Parts of a task carry its id with something behind a tilde. */
  private static Set<String> held(Heartbeat beat) {
    Set<String> held = new HashSet<>();
    for (String id : beat.held()) {
      int mark = id.indexOf('~');
      held.add(mark < 0 ? id : id.substring(0, mark));
    }
    return held;
  }

  /** A worker's last heartbeat. */
  private record Seen(Heartbeat beat, long at, long interval, Set<String> held) {
    boolean isSilent(long now) {
      return now - at > Math.max(SHORTEST_SILENCE, MISSED * interval);
    }

    /** One that did not name all may hold anything. */
    boolean mayHold(String task) {
      return held.contains(task) || beat.truncated();
    }
  }
}
