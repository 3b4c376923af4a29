package dev.warren.worker.supervise;

import dev.warren.testkit.DirectExecutor;
import dev.warren.worker.supervise.process.ChildProcess;
import dev.warren.worker.supervise.process.LinkServer;
import dev.warren.worker.supervise.process.ProcFiles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A machine without processes: the test plays its children and sets its memory. */
final class FakeHost implements ProcessHost {
  final List<FakeChild> children = new ArrayList<>();
  final List<String> ended = new ArrayList<>();
  final Map<Long, Long> resident = new HashMap<>();
  final Map<Long, Long> descendants = new HashMap<>();
  final DirectExecutor reader = new DirectExecutor();
  long outOfMemoryKills;
  boolean threads; // children are threads and have no process id
  Throwable startsFailWith; // null: they work
  CompletableFuture<Void> startsWaitFor = CompletableFuture.completedFuture(null);
  boolean closed;
  private final LinkServer links;

  FakeHost(LinkServer links) {
    this.links = links;
  }

  @Override
  public CompletableFuture<ChildProcess> start(String name, String token) {
    if (startsFailWith != null) {
      return CompletableFuture.failedFuture(startsFailWith);
    }
    long pid = threads ? 0 : 1000 + children.size();
    FakeChild child = new FakeChild(name, token, pid, links.socket());
    children.add(child);
    return startsWaitFor.thenApply(nothing -> child);
  }

  @Override
  public void childEnded(String name) {
    ended.add(name);
  }

  @Override
  public long outOfMemoryKills() {
    return outOfMemoryKills;
  }

  @Override
  public ProcFiles.Memory memory(long pid) {
    long bytes = resident.getOrDefault(pid, 0L);
    return new ProcFiles.Memory(bytes, bytes);
  }

  @Override
  public Map<Long, Long> descendantsMemory(Set<Long> pids) {
    Map<Long, Long> found = new HashMap<>(descendants);
    found.keySet().retainAll(pids);
    return found;
  }

  @Override
  public DirectExecutor reader() {
    return reader;
  }

  @Override
  public void close() {
    closed = true;
    reader.shutdown();
  }
}
