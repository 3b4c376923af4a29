package dev.warren.worker.supervise;

import dev.warren.lifecycle.NamedThreads;
import dev.warren.worker.config.WorkerConfig;
import dev.warren.worker.supervise.process.ChildProcess;
import dev.warren.worker.supervise.process.LinkServer;
import dev.warren.worker.supervise.process.OrphanGuard;
import dev.warren.worker.supervise.process.ProcFiles;
import dev.warren.worker.supervise.process.ProcessTree;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;

/**
 * This machine, with a guard process that ends the children if this process is killed. Thread-safe.
 */
final class OsProcessHost implements ProcessHost {
  private final ProcessTree tree;
  private final OrphanGuard guard;
  private final ChildLauncher launcher;
  private final ExecutorService reader = NamedThreads.single("worker-memory");

  /** Starts the guard. */
  OsProcessHost(WorkerConfig config, LinkServer links) {
    this.tree = new ProcessTree(config.id());
    this.guard = OrphanGuard.start(config.id(), links.folder());
    this.launcher = new ChildLauncher(config, config.id(), links, tree);
  }

  @Override
  public CompletableFuture<ChildProcess> start(String name, String token) {
    return launcher.start(name, token);
  }

  @Override
  public void childEnded(String name) {
    tree.childEnded(name);
  }

  @Override
  public long outOfMemoryKills() {
    return ProcFiles.outOfMemoryKills();
  }

  @Override
  public ProcFiles.Memory memory(long pid) {
    return ProcFiles.memory(pid);
  }

  @Override
  public Map<Long, Long> descendantsMemory(Set<Long> pids) {
    return ProcFiles.descendantsMemory(pids);
  }

  @Override
  public ExecutorService reader() {
    return reader;
  }

  @Override
  public void close() {
    reader.shutdown();
    launcher.close();
    tree.close();
    guard.close();
  }
}
