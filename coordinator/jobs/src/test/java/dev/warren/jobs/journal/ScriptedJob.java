package dev.warren.jobs.journal;

import dev.warren.jobs.store.CauseCount;
import dev.warren.jobs.store.Commit;
import dev.warren.jobs.store.InputDigest;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobRequest;
import dev.warren.jobs.store.JobStatistics;
import dev.warren.jobs.store.JobUpload;
import dev.warren.jobs.store.Segment;
import dev.warren.jobs.store.StoredJob;
import dev.warren.jobs.store.SupersededException;
import dev.warren.json.Lines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** A job that only keeps commits, and that waits or fails as a test tells it to. Thread-safe. */
final class ScriptedJob implements StoredJob {
  /** Signals each commit that has begun. */
  final BlockingQueue<Commit> begun = new LinkedBlockingQueue<>();

  private final List<Commit> written = new ArrayList<>(); // guarded by this
  private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
  private final Semaphore permits = new Semaphore(1_000_000);

  /** Commits wait until they are allowed. */
  void hold() {
    permits.drainPermits();
  }

  void allow(int commits) {
    permits.release(commits);
  }

  /** The next commit fails. */
  void fail(Throwable failure) {
    failures.add(failure);
  }

  synchronized List<Commit> written() {
    return List.copyOf(written);
  }

  @Override
  public void commit(long epoch, Commit commit) throws SupersededException {
    begun.add(commit);
    permits.acquireUninterruptibly();
    Throwable failure = failures.poll();
    if (failure instanceof SupersededException superseded) {
      throw superseded;
    }
    if (failure instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    synchronized (this) {
      written.add(commit);
    }
  }

  @Override
  public String toString() {
    return "job test";
  }

  @Override
  public String id() {
    return "test";
  }

  @Override
  public JobRecord record() {
    throw new UnsupportedOperationException();
  }

  @Override
  public InputDigest digest() {
    throw new UnsupportedOperationException();
  }

  @Override
  public OptionalLong tryAcquire(String owner, Duration lease) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean renew(long epoch, Duration lease) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void release(long epoch) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void request(JobRequest request, String who) {
    throw new UnsupportedOperationException();
  }

  @Override
  public JobUpload append(long epoch) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Lines input(long first, int count) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void segments(long fromSeq, Set<Segment.Kind> kinds, Consumer<Segment> visitor) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void calls(long fromSeq, CallsVisitor visitor) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void outcomes(long first, long last, Consumer<Segment> visitor) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void history(long first, long last, HistoryVisitor visitor) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<CauseCount> causes() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}

  @Override
  public JobStatistics statistics() {
    return JobStatistics.NONE;
  }

  @Override
  public List<AuditEntry> audit(int max) {
    return List.of();
  }
}
