package dev.warren.worker.child;

import dev.warren.lifecycle.TimeSource;
import dev.warren.task.TaskContext;
import dev.warren.worker.child.loop.CallBatch;
import dev.warren.worker.child.loop.CallQueue;
import dev.warren.worker.config.RecycleReason;
import dev.warren.worker.link.Note;
import dev.warren.worker.link.RecycleHeader;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The {@link TaskContext} of the running call. One object serves all calls of the child, one after
 * another; user code that keeps it sees the next call's values.
 */
final class CallContext extends TaskContext {
  private static final int LONGEST_LINE = 16 * 1024;
  private static final long PROGRESS_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final CallQueue queue;
  private final String child;
  private final String worker;
  private final TimeSource time;
  // volatile: set by the runner before the calls begin; read by user code on any thread
  private volatile @Nullable CallBatch batch;
  private volatile long lastProgress;
  private volatile boolean recycleAsked;

  CallContext(CallQueue queue, String child, String worker, TimeSource time) {
    this.queue = queue;
    this.child = child;
    this.worker = worker;
    this.time = time;
    this.lastProgress = time.nanos() - PROGRESS_NANOS;
  }

  /** Makes this the runner thread's context, for calls but not for the initializer. */
  void bind() {
    enter();
  }

  /** Undoes {@link #bind()}. */
  void unbind() {
    leave();
  }

  /** Sets the batch of the next calls. */
  void enterBatch(CallBatch ofBatch) {
    batch = ofBatch;
  }

  @Override
  public String child() {
    return child;
  }

  @Override
  public String worker() {
    return worker;
  }

  @Override
  public String jobId() {
    return batch().header.job();
  }

  @Override
  public long callId() {
    return batch().callId(queue.position());
  }

  @Override
  public int attempt() {
    return batch().header.attempt();
  }

  @Override
  public Optional<Instant> deadline() {
    long hardMs = batch().header.hardMs();
    if (hardMs == 0) {
      return Optional.empty();
    }
    long leftMs = hardMs - TimeUnit.NANOSECONDS.toMillis(queue.ranNanos());
    return Optional.of(Instant.ofEpochMilli(time.epochMillis() + leftMs));
  }

  @Override
  public boolean cancelled() {
    return queue.struck() != CallQueue.Strike.NONE;
  }

  @Override
  public void log(String line) {
    String cut = line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + "…";
    note(cut, null);
  }

  /** Sends at most ten values a second, and always 1. */
  @Override
  public void progress(double done) {
    if (!(done >= 0 && done <= 1)) {
      throw new IllegalArgumentException("progress is " + done + "; must be 0 to 1");
    }
    long now = time.nanos();
    if (now - lastProgress >= PROGRESS_NANOS || done == 1) {
      lastProgress = now;
      note(null, done);
    }
  }

  @Override
  public @Nullable String traceparent() {
    CallBatch of = batch();
    return of.header.traceparent(queue.position());
  }

  @Override
  public void requestRecycle() {
    requestRecycle(RecycleReason.REQUESTED);
  }

  /** Asks for recycling once; the first reason counts. */
  void requestRecycle(RecycleReason reason) {
    if (!recycleAsked) {
      recycleAsked = true;
      queue.post(new RecycleHeader(reason.label()).frame());
    }
  }

  private void note(@Nullable String log, @Nullable Double progress) {
    CallBatch of = batch();
    int index = of.index(queue.position());
    queue.post(Note.ofCall(of.header.task(), index, log, progress).frame());
  }

  private CallBatch batch() {
    CallBatch now = batch;
    if (now == null) {
      throw new IllegalStateException("no call is running");
    }
    return now;
  }
}
