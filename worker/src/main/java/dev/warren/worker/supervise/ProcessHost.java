package dev.warren.worker.supervise;

import dev.warren.worker.supervise.process.ChildProcess;
import dev.warren.worker.supervise.process.ProcFiles;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * The operating system as a supervisor uses it: starts children, kills the processes they leave
 * behind, and reports memory. Thread-safe.
 */
interface ProcessHost {
  /** Starts a child that will present {@code token} on its link. Does not block. */
  CompletableFuture<ChildProcess> start(String name, String token);

  /** Kills, soon, the processes that an ended child has left behind. */
  void childEnded(String name);

  /**
   * Number of processes that the kernel's out-of-memory killer has killed since boot; 0 if unknown.
   */
  long outOfMemoryKills();

  /** Memory of a process; zeros if unknown. May block on the disk. */
  ProcFiles.Memory memory(long pid);

  /**
   * Resident memory of all descendants, per process; only for processes that have descendants.
   * Blocks.
   */
  Map<Long, Long> descendantsMemory(Set<Long> pids);

  /** Runs blocking reads of memory; rejects everything once this host is closed. */
  Executor reader();

  /** Ends everything that is left. Blocks for up to some seconds. */
  void close();
}
