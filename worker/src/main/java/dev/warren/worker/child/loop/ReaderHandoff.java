package dev.warren.worker.child.loop;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Decides which thread reads the link, the runner or the watcher, and wakes either. Guarded by
 * {@link CallQueue}'s lock.
 *
 * <p>Both may wait for the link at once, each in its own {@link LinkWaiter}, and arriving data
 * would wake both. So the runner, when it starts to read, makes the watcher stop reading.
 */
final class ReaderHandoff {
  /** How long the runner may be busy with calls before the watcher reads. */
  private static final long UNREAD_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final ParentLink link;
  private final Thread runner;
  // the thread that ticks; null before its first tick
  private @Nullable Thread watcher;
  // whether the runner reads, or has just done so
  private boolean runnerReads;
  // whether the watcher reads until its next tick
  private boolean watcherReads;
  // when the runner last had everything that had arrived; long ago during initialization
  private long lastRead;
  // when the watcher ticks next
  private long nextTick;

  ReaderHandoff(ParentLink link, Thread runner, long now) {
    this.link = link;
    this.runner = runner;
    this.lastRead = now - UNREAD_NANOS;
  }

  /** The runner asks for calls; it must read if there are none. */
  boolean runnerIsToRead(boolean anyCalls, boolean quitting, long now) {
    if (runnerReads || !anyCalls) {
      lastRead = now;
    }
    runnerReads = !anyCalls && !quitting;
    if (runnerReads && watcherReads) {
      watcherReads = false;
      link.watchers.wakeup();
    }
    return runnerReads;
  }

  /** Wakes the runner if it may be waiting for what the watcher has read. */
  void wakeRunner() {
    if (runnerReads && Thread.currentThread() != runner) {
      link.runners.wakeup();
    }
  }

  /** The calling thread, the watcher, has ticked and will tick again after {@code wait}. */
  void ticked(long now, long wait, boolean inLongCall) {
    watcher = Thread.currentThread();
    nextTick = now + wait;
    watcherReads = !runnerReads && (inLongCall || now - lastRead >= UNREAD_NANOS);
  }

  /** Whether the watcher reads until its next tick. */
  boolean watcherIsToRead() {
    return watcherReads;
  }

  /** Makes the watcher tick by the time {@code due}; usually it does anyway. */
  void tickBy(long due) {
    if (due - nextTick < 0) {
      nextTick = due;
      wakeWatcher();
    }
  }

  void wakeWatcher() {
    if (watcherReads) {
      link.watchers.wakeup();
    } else {
      LockSupport.unpark(watcher);
    }
  }
}
