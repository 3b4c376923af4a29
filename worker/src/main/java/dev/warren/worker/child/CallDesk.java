package dev.warren.worker.child;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.lifecycle.TimeSource;
import dev.warren.worker.link.CallMark;
import dev.warren.worker.link.Frame;
import dev.warren.worker.link.FrameType;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Where the child's three threads meet: calls that wait, the call that runs, outcomes that are not
 * yet sent. Thread-safe.
 *
 * <p>For maintainers. One lock, this object's monitor, guards everything, the outbox and the
 * writing end of the link included, so that
 *
 * <ol>
 *   <li>a RUNNING mark never stands behind the outcome of its call: the ticker finds the call
 *       running and writes the mark under the same lock as the runner adds the outcome;
 *   <li>an interrupt never hits the next call: whoever interrupts holds the lock and sees the call
 *       running; the runner takes the lock to end the call, once for that, its outcome and the next
 *       call's begin, and clears its flag in between;
 *   <li>a call is cancelled either before it begins or while it runs, never in between.
 * </ol>
 *
 * No user code runs under the lock. Writes do: while the supervisor does not read, all three wait,
 * which is the back-pressure wanted.
 */
final class CallDesk {
  /** How long an outcome may wait for others to share its write. */
  static final long FLUSH_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** How long a call runs before it is marked as running. */
  static final long MARK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  /** Outcomes are written at this size at the latest. */
  static final int FLUSH_BYTES = 32 * 1024;

  /** What interrupted a call. */
  enum Strike {
    NONE,
    SOFT_LIMIT,
    CANCEL
  }

  /** What is to become of the next call. */
  enum Next {
    RUN,
    CANCELLED,
    /** There is none in this batch. */
    NONE,
    /** No more are to be run. */
    QUIT
  }

  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  // after this many ticks without news the ticker sleeps until it is woken, which costs the
  // runner a system call: more than a call may cost while calls keep coming
  private static final int IDLE_TICKS = 20;

  private final ParentLink link;
  private final Thread runner;
  private final TimeSource time;

  /** Whether the end of the link is the end of the process. */
  private final boolean ownProcess;

  @GuardedBy("this")
  private final ArrayDeque<Batch> inbox = new ArrayDeque<>();

  @GuardedBy("this")
  private final Outbox outbox = new Outbox();

  @GuardedBy("this")
  private boolean quitting;

  @GuardedBy("this")
  private boolean closed;

  /** The batch whose calls are being run. */
  @GuardedBy("this")
  private @Nullable Batch current;

  /** Position in {@code current} of the call last begun. */
  @GuardedBy("this")
  private int position = -1;

  @GuardedBy("this")
  private boolean running;

  @GuardedBy("this")
  private boolean marked;

  @GuardedBy("this")
  private Strike strike = Strike.NONE;

  @GuardedBy("this")
  private long started;

  @GuardedBy("this")
  private long oldestUnsent;

  @GuardedBy("this")
  private int idleTicks;

  @GuardedBy("this")
  private @Nullable Thread sleepingTicker;

  CallDesk(ParentLink link, Thread runner, TimeSource time, boolean ownProcess) {
    this.ownProcess = ownProcess;
    this.link = link;
    this.runner = runner;
    this.time = time;
  }

  // reader

  synchronized void put(List<Batch> batches) {
    inbox.addAll(batches);
    notifyAll();
  }

  /** No more calls are begun; {@link #take()} gives none from now on. */
  synchronized void quit() {
    quitting = true;
    inbox.clear();
    notifyAll();
  }

  /** Ends the ticker and all sending, for a child that is a thread. */
  synchronized void close() {
    quit();
    closed = true;
    news();
  }

  /** Cancels a call: interrupted if it runs, not begun if it waits, left alone if it is over. */
  synchronized void cancel(CallMark mark) {
    if (current != null && current.holds(mark)) {
      int i = mark.index() - current.header.from();
      if (i > position) {
        current.cancelled.set(i);
      } else if (i == position) {
        strike(Strike.CANCEL);
      }
      return;
    }
    for (Batch batch : inbox) {
      if (batch.holds(mark)) {
        batch.cancelled.set(mark.index() - batch.header.from());
        return;
      }
    }
  }

  @GuardedBy("this")
  private void strike(Strike by) {
    if (running && strike == Strike.NONE) {
      strike = by;
      runner.interrupt();
    }
  }

  // runner

  /** The next calls, waiting for them; null once the child is to end. All outcomes are sent. */
  synchronized @Nullable Batch take() {
    current = null;
    position = -1;
    if (inbox.isEmpty()) {
      flush();
    }
    while (inbox.isEmpty() && !quitting) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.interrupted(); // by a thread that a call left behind; it was not meant for us
      }
    }
    if (quitting) {
      flush();
      return null;
    }
    current = inbox.remove();
    return current;
  }

  /** Begins the first call of the current batch, if it is to be run. */
  synchronized Next begin(long now) {
    return beginNext(now);
  }

  @GuardedBy("this")
  private Next beginNext(long now) {
    Batch batch = current;
    if (quitting || batch == null) {
      return Next.QUIT;
    }
    if (position + 1 == batch.count()) {
      return Next.NONE;
    }
    position++;
    started = now;
    if (!batch.cancelled.isEmpty() && batch.cancelled.get(position)) {
      return Next.CANCELLED;
    }
    running = true;
    strike = Strike.NONE;
    marked = batch.header.flushEach();
    if (marked) {
      mark(0);
    }
    news();
    return Next.RUN;
  }

  /** The running call is over: nothing interrupts it, or the thread, any more. */
  synchronized Strike end() {
    running = false;
    Thread.interrupted();
    return strike;
  }

  /** Ends the call last begun with its outcome, and begins the one behind it in the batch. */
  synchronized Next outcome(byte[] line, int length, long now) {
    running = false;
    Thread.interrupted();
    Batch batch = current;
    if (batch == null) {
      return Next.QUIT;
    }
    if (outbox.isEmpty()) {
      oldestUnsent = now;
    }
    outbox.outcome(batch.header.task(), batch.index(position), now - started, line, length);
    if (batch.header.flushEach() || outbox.size() >= FLUSH_BYTES) {
      flush();
    }
    news();
    return beginNext(now);
  }

  /** Position in its batch of the call last begun. */
  synchronized int position() {
    return position;
  }

  /** What has interrupted the running call. */
  synchronized Strike struck() {
    return strike;
  }

  /** How long the running call has been running. */
  synchronized long ranNanos() {
    return time.nanos() - started;
  }

  // anyone

  /** Sends a frame behind all outcomes so far, within a millisecond. */
  synchronized void post(Frame frame) {
    if (outbox.isEmpty()) {
      oldestUnsent = time.nanos();
    }
    outbox.frame(frame);
    if (outbox.size() >= FLUSH_BYTES) {
      flush();
    }
    news();
  }

  /** Sends what waits. */
  synchronized void flush() {
    if (outbox.isEmpty()) {
      return;
    }
    try {
      if (!closed) {
        link.write(outbox.toBuffer());
      }
    } catch (IOException e) {
      if (ownProcess) {
        Ending.withParent();
      }
      close();
    }
    outbox.clear();
  }

  /** Tells the ticker, if it sleeps, that there is something to watch. */
  @GuardedBy("this")
  private void news() {
    idleTicks = 0;
    if (sleepingTicker != null) {
      LockSupport.unpark(sleepingTicker);
      sleepingTicker = null;
    }
  }

  // ticker

  /**
   * Does what is due; says how many nanoseconds may pass before the next tick, 0 where there is to
   * be none.
   */
  synchronized long tick() {
    if (closed) {
      return 0;
    }
    long now = time.nanos();
    if (!outbox.isEmpty() && now - oldestUnsent >= FLUSH_NANOS) {
      flush();
    }
    long wait = Long.MAX_VALUE;
    if (running && current != null) {
      long ran = now - started;
      if (!marked && ran >= MARK_NANOS) {
        mark(ran);
        marked = true;
      }
      if (current.header.softMs() > 0 && strike == Strike.NONE) {
        wait = TimeUnit.MILLISECONDS.toNanos(current.header.softMs()) - ran;
        if (wait <= 0) {
          strike(Strike.SOFT_LIMIT);
          wait = Long.MAX_VALUE;
        }
      }
    }
    boolean busy = !outbox.isEmpty() || (running && !marked) || idleTicks++ < IDLE_TICKS;
    wait = busy ? Math.min(wait, TICK_NANOS) : wait;
    sleepingTicker = wait > TICK_NANOS ? Thread.currentThread() : null;
    return wait;
  }

  @GuardedBy("this")
  private void mark(long ranNanos) {
    Batch batch = current;
    if (batch != null) {
      outbox.frame(
          FrameType.RUNNING,
          "{\"task\":"
              + batch.header.task()
              + ",\"index\":"
              + batch.index(position)
              + ",\"ranMicros\":"
              + ranNanos / 1000
              + "}");
      flush();
    }
  }
}
