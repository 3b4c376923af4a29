package dev.warren.worker.supervise;

import dev.warren.lifecycle.EventLoop;
import dev.warren.lifecycle.Logs;
import dev.warren.worker.config.HostMemory;
import dev.warren.worker.config.KillReason;
import dev.warren.worker.config.RecycleReason;
import dev.warren.worker.config.WorkerConfig;
import dev.warren.worker.history.HistoryEvent;
import dev.warren.worker.link.CallMark;
import dev.warren.worker.supervise.process.ProcFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import org.slf4j.Logger;

/**
 * Watches the resident memory of children and all their descendants. A child over the hard limit is
 * killed during its call; one over the soft limit is recycled after it ({@link RecyclePolicy}, with
 * the readings taken here). Confined to the loop; reading runs on a separate thread.
 *
 * <p>For maintainers: with a hard limit every busy child is read each {@value #HARD_EVERY_MS} ms,
 * its descendants each {@value #EVERY_MS} ms, since finding them requires a walk over all of /proc.
 * If a call ended after a reading was taken, the reading kills nothing, so that the next call does
 * not pay for the previous one: the child is recycled instead.
 */
final class MemoryGuard {
  private static final Logger log = Logs.of(Supervisor.class);
  private static final long HARD_EVERY_MS = 100;
  private static final long EVERY_MS = 500;

  /**
   * A child that exceeds the soft limit at a younger age than this was recycled too early to be
   * useful.
   */
  private static final long SHORT_LIFE_NANOS = 5_000_000_000L;

  private static final long FIRST_LEAST_LIFE_NANOS = 1_000_000_000L;
  private static final long LONGEST_LEAST_LIFE_NANOS = 60_000_000_000L;

  private final long soft;
  private final long hard;
  private final ChildRegistry registry;
  private final EventLoop loop;
  private final ProcessHost processes;
  private boolean reading;
  private long round;
  private boolean warnedOfLimit;
  private long leastLife;

  MemoryGuard(WorkerConfig config, ChildRegistry registry, EventLoop loop, ProcessHost processes) {
    this.soft = config.maxMemoryPerChild();
    this.hard = config.hardMaxMemoryPerChild();
    this.registry = registry;
    this.loop = loop;
    this.processes = processes;
  }

  void start() {
    registry.meters().showPresent(pid -> processes.memory(pid).resident());
    loop.every(hard > 0 ? HARD_EVERY_MS : EVERY_MS, this::look);
  }

  /**
   * Measures the memory of a child before its first call, and warns if the soft limit is below it.
   * Returns an error if the hard limit is, otherwise an empty text.
   */
  String whenReady(Child child) {
    if (child.pid() == 0 || (soft == 0 && hard == 0)) {
      return "";
    }
    long baseline = processes.memory(child.pid()).resident();
    if (hard > 0 && baseline > hard) {
      return limitTooLow("--hard-max-memory-per-child", baseline, hard, "would be killed in");
    }
    if (soft > 0 && baseline > soft && !warnedOfLimit) {
      warnedOfLimit = true;
      log.warn(limitTooLow("--max-memory-per-child", baseline, soft, "would be recycled after"));
    }
    return "";
  }

  private static String limitTooLow(String option, long baseline, long limit, String fate) {
    return "a child uses "
        + HostMemory.mib(baseline)
        + " before its first call, over "
        + option
        + " of "
        + HostMemory.mib(limit)
        + ": it "
        + fate
        + " every call; set the limit to at least "
        + HostMemory.mib(baseline * 3 / 2);
  }

  /**
   * Whether a child over the soft limit may be recycled now. If children exceed it soon after their
   * start, recycling all of them at once would leave no child to work: the minimum age doubles each
   * time, until a child lives twice as long by itself.
   */
  boolean mayReplace(Child child, long now) {
    long life = child.sinceState(now);
    if (life < leastLife) {
      return false;
    }
    if (life >= Math.max(SHORT_LIFE_NANOS, 2 * leastLife)) {
      leastLife = 0;
      return true;
    }
    leastLife = Math.min(LONGEST_LEAST_LIFE_NANOS, Math.max(FIRST_LEAST_LIFE_NANOS, 2 * leastLife));
    if (leastLife == 2 * FIRST_LEAST_LIFE_NANOS) {
      log.warn(
          "children exceed --max-memory-per-child of {} within seconds; they are recycled less and less"
              + " often, down to once per {} s: raise the limit",
          HostMemory.mib(soft),
          LONGEST_LEAST_LIFE_NANOS / 1_000_000_000);
    }
    return true;
  }

  private void look() {
    round++;
    if (reading) {
      return;
    }
    boolean full = hard == 0 || round % (EVERY_MS / HARD_EVERY_MS) == 0;
    List<Reading> due = new ArrayList<>();
    boolean busy = false;
    for (Child child : registry.all()) {
      if (child.pid() != 0 && child.state() == Child.State.READY) {
        busy |= !child.idle();
        if (!child.idle() || (full && soft > 0)) {
          due.add(new Reading(child, child.pid(), child.callsEnded()));
        }
      }
    }
    if (!due.isEmpty()) {
      boolean trees = full && busy && (soft > 0 || hard > 0);
      reading = true;
      onReader(() -> read(due, trees));
    }
  }

  private void onReader(Runnable action) {
    try {
      processes.reader().execute(action);
    } catch (RejectedExecutionException e) {
      log.trace("stopping; memory is not watched any more", e);
    }
  }

  /** Runs on the reading thread. */
  private void read(List<Reading> due, boolean trees) {
    Set<Long> pids = due.stream().map(Reading::pid).collect(Collectors.toSet());
    Map<Long, Long> descendants = trees ? processes.descendantsMemory(pids) : Map.of();
    List<Runnable> news = new ArrayList<>();
    for (Reading one : due) {
      ProcFiles.Memory own = processes.memory(one.pid);
      long below = trees ? descendants.getOrDefault(one.pid, 0L) : -1;
      news.add(() -> seen(one, own, below));
    }
    loop.post(
        () -> {
          reading = false;
          news.forEach(Runnable::run);
        });
  }

  private void seen(Reading reading, ProcFiles.Memory own, long descendants) {
    Child child = reading.child;
    if (!registry.contains(child)) {
      return;
    }
    long total = child.usage.memorySeen(own, descendants);
    if (hard == 0 || total <= hard || child.killing() != null) {
      return;
    }
    // an outcome that has arrived but is unread counts
    if (!child.readSome()) {
      return;
    }
    if (child.idle() || child.callsEnded() != reading.callsEnded) {
      String text =
          "memory " + HostMemory.mib(total) + " over the hard limit of " + HostMemory.mib(hard);
      registry.recycle(child, new Recycling(RecycleReason.MEMORY_LIMIT, text));
    } else {
      log.warn(
          "child {} (pid {}) uses {}, over its hard limit of {}; killing it during its call",
          child.name,
          child.pid(),
          HostMemory.mib(total),
          HostMemory.mib(hard));
      child.killForMemory(total, hard);
      CallMark killedFor = child.killedFor();
      if (killedFor != null) {
        child
            .calls
            .held(killedFor.task())
            .ifPresent(
                work ->
                    work.history()
                        .add(
                            HistoryEvent.KILLED,
                            killedFor.index(),
                            child.name + ", for " + KillReason.MEMORY_LIMIT.label()));
      }
    }
  }

  /**
   * A child to be read.
   *
   * @param callsEnded how many calls it had ended at that time
   */
  private record Reading(Child child, long pid, long callsEnded) {}
}
