package dev.warren.worker.supervise;

import dev.warren.worker.supervise.process.ChildProcess;
import dev.warren.worker.supervise.process.ProcFiles;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * The operating system as a supervisor uses it: starts children, removes what they leave behind,
 * and reports memory. Thread-safe.
 */
interface ProcessHost {
  /** Starts a child that will present {@code token} on its link. Does not block. */
  CompletableFuture<ChildProcess> start(String name, String token);

  /** Removes, soon, the processes that an ended child has left behind. */
  void childEnded(String name);

  /** How often the kernel has killed a process for want of memory since boot; 0 if unknown. */
  long outOfMemoryKills();

  /** Memory of a process; zeros if unknown. May block on the disk. */
  ProcFiles.Memory memory(long pid);

  /** Resident memory of all descendants, by process, of those processes that have any. Blocks. */
  Map<Long, Long> descendantsMemory(Set<Long> pids);

  /** Runs what blocks while it reads memory; rejects everything once this is closed. */
  Executor reader();

  /** Ends everything that is left. Blocks up to some seconds. */
  void close();
}
