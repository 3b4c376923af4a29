package dev.warren.worker.child.loop;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is to read the link, the runner's or the watcher's, and how either is woken.
 * Guarded by {@link CallQueue}'s lock.
 *
 * <p>Both may wait for the link at once, each in its own {@link LinkWaiter}, and what comes then
 * would wake both. So the runner, when it begins to read, sends the watcher off.
 */
final class ReaderHandoff {
  /** How long the runner may have calls and not read what comes meanwhile. */
  private static final long UNREAD_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final ParentLink link;
  private final Thread runner;
  // the thread that ticks; null before its first tick
  private @Nullable Thread watcher;
  // the runner reads, or has just done so
  private boolean runnerReads;
  // the watcher reads until its next tick
  private boolean watcherReads;
  // when the runner was last known to have all that had come; long ago while it initialises
  private long lastRead;
  // when the watcher ticks next
  private long nextTick;

  ReaderHandoff(ParentLink link, Thread runner, long now) {
    this.link = link;
    this.runner = runner;
    this.lastRead = now - UNREAD_NANOS;
  }

  /** The runner comes for calls, and reads if there are none. */
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

  /** The runner may be waiting for what the watcher has read. */
  void wakeRunner() {
    if (runnerReads && Thread.currentThread() != runner) {
      link.runners.wakeup();
    }
  }

  /** The calling thread, the watcher, has ticked and does so again after {@code wait}. */
  void ticked(long now, long wait, boolean inLongCall) {
    watcher = Thread.currentThread();
    nextTick = now + wait;
    watcherReads = !runnerReads && (inLongCall || now - lastRead >= UNREAD_NANOS);
  }

  /** Whether the watcher is to read until its next tick. */
  boolean watcherIsToRead() {
    return watcherReads;
  }

  /** Has the watcher tick by then; most often it does anyway. */
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
