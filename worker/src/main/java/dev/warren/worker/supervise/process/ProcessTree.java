package dev.warren.worker.supervise.process;

import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.NamedThreads;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;

/**
 * Kills children together with their descendants. Descendants are found by their ancestry and, on
 * Linux, by a mark that they inherit in their environment, so that daemons that were reparented are
 * found too. Thread-safe; the work runs on a separate thread.
 */
public final class ProcessTree {
  /** Environment variable with the id of the supervisor, for the guard. */
  public static final String SUPERVISOR_VARIABLE = "WARREN_SUPERVISOR";

  /** Environment variable with the name of the child. */
  public static final String CHILD_VARIABLE = "WARREN_CHILD";

  private static final Logger log = Logs.of(ProcessTree.class);
  private static final int ROUNDS = 20;

  private final String supervisorMark;
  // names of children that have ended: a process that still carries one of them is left over
  private final Set<String> ended = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean sweepAsked = new AtomicBoolean();
  private final ExecutorService reaper = NamedThreads.single("worker-reaper");

  public ProcessTree(String supervisor) {
    this.supervisorMark = SUPERVISOR_VARIABLE + "=" + supervisor;
  }

  /** Kills the process and its descendants. */
  void kill(ProcessHandle process) {
    reaper.execute(
        () -> {
          List<ProcessHandle> descendants = process.descendants().toList();
          process.destroyForcibly();
          descendants.forEach(ProcessHandle::destroyForcibly);
        });
  }

  /** Records that the child has ended; processes that it left behind are killed soon. */
  public void childEnded(String child) {
    ended.add(child);
    if (sweepAsked.compareAndSet(false, true)) {
      reaper.execute(this::sweep);
    }
  }

  private void sweep() {
    sweepAsked.set(false);
    Set<String> known = Set.copyOf(ended);
    // a process may fork during the search: repeat until nothing is found
    for (int round = 0; round < ROUNDS && sweepOnce(known) > 0; round++) {
      Thread.onSpinWait();
    }
    ended.removeAll(known);
  }

  private int sweepOnce(Set<String> known) {
    int killed = 0;
    for (var entry : ProcFiles.marked(supervisorMark, CHILD_VARIABLE).entrySet()) {
      if (known.contains(entry.getValue())
          && ProcessHandle.of(entry.getKey()).map(ProcessHandle::destroyForcibly).orElse(false)) {
        log.info("process {} outlived its child {}; killed", entry.getKey(), entry.getValue());
        killed++;
      }
    }
    return killed;
  }

  /** Finishes the queued work, then ends the thread. Does not wait. */
  public void close() {
    reaper.shutdown();
  }
}
