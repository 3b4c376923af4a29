package dev.warren.worker.child.loop;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.lifecycle.TimeSource;
import dev.warren.worker.child.call.StackText;
import dev.warren.worker.link.CallMark;
import dev.warren.worker.link.CallsHeader;
import dev.warren.worker.link.Frame;
import dev.warren.worker.link.Note;
import dev.warren.worker.link.ReturnedHeader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The shared state of the child's two threads: waiting calls, the running call, and outcomes not
 * sent yet. Called by the runner, the watcher and user code; thread-safe.
 *
 * <p>For maintainers. One lock, this object's monitor, guards everything, including the outcome
 * buffer and the writing end of the link. It guarantees that
 *
 * <ol>
 *   <li>a RUNNING mark never follows the outcome of its call: the watcher checks that the call is
 *       running and writes the mark under the lock under which the runner adds the outcome;
 *   <li>an interrupt never hits the next call: a thread that interrupts holds the lock and sees the
 *       call running; the runner takes the lock once to end the call, add its outcome and begin the
 *       next call, and clears its interrupt flag in between;
 *   <li>a call is cancelled either before it begins or while it runs, never in between.
 * </ol>
 *
 * No user code runs under the lock. Writes do: while the supervisor does not read, both threads
 * block, which is the intended back-pressure. The file is long because everything guarded by the
 * one lock is here.
 */
public final class CallQueue {
  /** Maximum time an outcome waits to share a write with others. */
  static final long FLUSH_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

  /** Run time after which a call is marked as running. */
  static final long MARK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /**
   * Extra delay allowed when the watcher has to do it. Usually the runner does, at the end of its
   * call, and an early wake-up of the watcher would be wasted.
   */
  private static final long SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

  /** Extra delay after {@link #CALM_TICKS} ticks in which the runner did everything itself. */
  private static final long CALM_SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  static final int CALM_TICKS = 16;

  /**
   * Bounds of how long before its hard limit a call's stack is reported: a tenth of the limit,
   * within these bounds.
   */
  private static final long MIN_AHEAD_MS = 20;

  private static final long MAX_AHEAD_MS = 1000;

  /** Outcomes are written at this size at the latest. */
  static final int FLUSH_BYTES = 32 * 1024;

  /** What interrupted a call. */
  public enum Strike {
    NONE,
    SOFT_LIMIT,
    CANCEL
  }

  /** What to do with the next call. */
  public enum Next {
    RUN,
    CANCELLED,
    /** The batch has no further call. */
    NONE,
    /** No further calls are to be run. */
    QUIT
  }

  // After this many ticks without a call the watcher parks until it is woken. Waking it costs the
  // runner a system call, more than a call may cost while calls keep arriving.
  private static final int IDLE_TICKS = 10;

  static final long NEVER_NANOS = Long.MAX_VALUE / 2;

  private final ParentLink link;
  private final Thread runner;
  private final TimeSource time;

  @GuardedBy("this")
  private final ReaderHandoff handoff;

  /** Whether the process exits when the link ends. */
  private final boolean ownProcess;

  @GuardedBy("this")
  private final ArrayDeque<CallBatch> inbox = new ArrayDeque<>();

  @GuardedBy("this")
  private final OutcomeBuffer outcomeBuffer = new OutcomeBuffer();

  @GuardedBy("this")
  private boolean quitting;

  @GuardedBy("this")
  private boolean closed;

  /** The batch whose calls are being run. */
  @GuardedBy("this")
  private @Nullable CallBatch current;

  /** Position in {@code current} of the call that was begun last. */
  @GuardedBy("this")
  private int position = -1;

  /** End (exclusive) of the calls of {@code current} that may be begun. */
  @GuardedBy("this")
  private int end;

  @GuardedBy("this")
  private boolean running;

  @GuardedBy("this")
  private boolean marked;

  @GuardedBy("this")
  private Strike strike = Strike.NONE;

  /** Whether the stack of the running call has been reported before its hard limit. */
  @GuardedBy("this")
  private boolean located;

  @GuardedBy("this")
  private long started;

  @GuardedBy("this")
  private long oldestUnsent;

  @GuardedBy("this")
  private int idleTicks;

  /** Number of consecutive ticks that found a call running and had nothing to do. */
  @GuardedBy("this")
  private int calmTicks;

  public CallQueue(ParentLink link, Thread runner, TimeSource time, boolean ownProcess) {
    this.ownProcess = ownProcess;
    this.link = link;
    this.runner = runner;
    this.time = time;
    this.handoff = new ReaderHandoff(link, runner, time.nanos());
  }

  // called by the thread that reads the link

  synchronized void put(List<CallBatch> batches) {
    // not addAll: it contains a lambda, and the first one of a process costs about 7 ms
    for (CallBatch batch : batches) {
      inbox.addLast(batch);
    }
    handoff.wakeRunner();
  }

  /** Whether there is nothing to do. */
  public synchronized boolean hasNone() {
    return inbox.isEmpty() && !quitting;
  }

  /** Begins no more calls; from now on {@link #next()} returns null. */
  synchronized void quit() {
    quitting = true;
    inbox.clear();
    handoff.wakeRunner();
  }

  /** Ends the watcher and all sending, for a child that is a thread. */
  public synchronized void close() {
    quit();
    closed = true;
    handoff.wakeWatcher();
  }

  /**
   * Cancels a call: interrupts it if it is running, skips it if it is waiting; no effect if it has
   * ended.
   */
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
    for (CallBatch batch : inbox) {
      if (batch.holds(mark)) {
        batch.cancelled.set(mark.index() - batch.header.from());
        return;
      }
    }
  }

  /** Returns the calls that have not begun to the supervisor, latest first. */
  public synchronized void withdraw() {
    for (CallBatch batch = inbox.pollLast(); batch != null; batch = inbox.pollLast()) {
      returned(batch, 0, batch.count());
    }
    if (current != null && position + 1 < end) {
      returned(current, position + 1, end);
      end = position + 1;
    }
    flush();
  }

  @GuardedBy("this")
  private void returned(CallBatch batch, int from, int to) {
    outcomeBuffer.frame(
        new ReturnedHeader(batch.header.task(), batch.index(from), to - from).frame());
  }

  @GuardedBy("this")
  private void strike(Strike by) {
    if (running && strike == Strike.NONE) {
      strike = by;
      runner.interrupt();
    }
  }

  // called by the runner

  /**
   * Whether the runner has no calls and must read the link, and then call this again. All outcomes
   * are sent first.
   */
  synchronized boolean runnerIsToRead() {
    current = null;
    position = -1;
    boolean isToRead = handoff.runnerIsToRead(!inbox.isEmpty(), quitting, time.nanos());
    if (isToRead) {
      flush();
    }
    return isToRead;
  }

  /** Returns the next batch; null if there is none, possibly because its calls were withdrawn. */
  synchronized @Nullable CallBatch next() {
    CallBatch next = quitting ? null : inbox.poll();
    if (next != null) {
      current = next;
      end = next.count();
    }
    return next;
  }

  /** Whether the child must exit; all outcomes are then sent. */
  synchronized boolean quits() {
    if (quitting) {
      flush();
    }
    return quitting;
  }

  /** Begins the first call of the current batch, if it is to be run. */
  public synchronized Next begin(long now) {
    return beginNext(now);
  }

  @GuardedBy("this")
  private Next beginNext(long now) {
    CallBatch batch = current;
    if (quitting || batch == null) {
      return Next.QUIT;
    }
    if (position + 1 == end) {
      return Next.NONE;
    }
    position++;
    started = now;
    if (!batch.cancelled.isEmpty() && batch.cancelled.get(position)) {
      return Next.CANCELLED;
    }
    running = true;
    strike = Strike.NONE;
    located = false;
    marked = batch.header.flushEach();
    if (marked) {
      mark(0);
    }
    idleTicks = 0;
    wakeWatcherFor(now);
    return Next.RUN;
  }

  /** Ends the running call: from now on nothing interrupts it or the thread. */
  public synchronized Strike end() {
    running = false;
    Thread.interrupted();
    return strike;
  }

  /**
   * Ends the call that was begun last with its outcome, and begins the next call of the batch.
   *
   * @param ended when it ended, or when a short call just before it ended; ignored for a marked
   *     call
   */
  public synchronized Next outcome(byte[] line, int length, long ended) {
    long now = marked ? time.nanos() : Math.max(started, ended);
    running = false;
    Thread.interrupted();
    CallBatch batch = current;
    if (batch == null) {
      return Next.QUIT;
    }
    if (outcomeBuffer.isEmpty()) {
      oldestUnsent = now;
    }
    long took = now - started;
    outcomeBuffer.outcome(batch.header.task(), batch.index(position), took, line, length);
    // not left to the watcher if, after a next call of the same length, it would be too late
    boolean due = now - oldestUnsent + took >= FLUSH_NANOS;
    if (due || batch.header.flushEach() || outcomeBuffer.size() >= FLUSH_BYTES) {
      flush();
    }
    return beginNext(now);
  }

  /** Position in its batch of the call that was begun last. */
  public synchronized int position() {
    return position;
  }

  /** What has interrupted the running call. */
  public synchronized Strike struck() {
    return strike;
  }

  /** How long the running call has been running. */
  public synchronized long ranNanos() {
    return time.nanos() - started;
  }

  // called by any thread

  /** Sends a frame after all outcomes so far, within fourteen milliseconds. */
  public synchronized void post(Frame frame) {
    if (outcomeBuffer.isEmpty()) {
      oldestUnsent = time.nanos();
    }
    outcomeBuffer.frame(frame);
    if (outcomeBuffer.size() >= FLUSH_BYTES) {
      flush();
    }
    wakeWatcherFor(time.nanos());
  }

  /** Sends everything that is waiting. */
  public synchronized void flush() {
    if (outcomeBuffer.isEmpty()) {
      return;
    }
    try {
      if (!closed) {
        link.write(outcomeBuffer.toBuffer());
      }
    } catch (IOException e) {
      if (ownProcess) {
        ChildExit.withParent();
      }
      close();
    }
    outcomeBuffer.clear();
  }

  /** Makes the watcher tick early enough for the next deadline; usually it does anyway. */
  @GuardedBy("this")
  private void wakeWatcherFor(long now) {
    handoff.tickBy(now + Math.min(nanosToLimit(now), nanosToWord(now) + slackNanos()));
  }

  @GuardedBy("this")
  private long slackNanos() {
    return calmTicks < CALM_TICKS ? SLACK_NANOS : CALM_SLACK_NANOS;
  }

  /** Time until the supervisor must be sent something: outcomes, or a RUNNING mark. */
  @GuardedBy("this")
  private long nanosToWord(long now) {
    long wait = outcomeBuffer.isEmpty() ? NEVER_NANOS : oldestUnsent + FLUSH_NANOS - now;
    return running && !marked ? Math.min(wait, started + MARK_NANOS - now) : wait;
  }

  /** Time until a limit of the running call is reached. */
  @GuardedBy("this")
  private long nanosToLimit(long now) {
    long wait = NEVER_NANOS;
    if (running && current != null) {
      CallsHeader header = current.header;
      if (header.softMs() > 0 && strike == Strike.NONE) {
        wait = started + softNanos(header) - now;
      }
      if (header.hardMs() > 0 && !located) {
        wait = Math.min(wait, started + locateNanos(header) - now);
      }
    }
    return wait;
  }

  // called by the watcher

  /**
   * Flushes the outcome buffer, marks a long call as running, and enforces its soft and hard
   * limits, each when its time has come. Returns the nanoseconds until the next tick, or 0 for no
   * further tick.
   */
  synchronized long tick() {
    if (closed) {
      return 0;
    }
    long now = time.nanos();
    if (running && calmTicks < CALM_TICKS) {
      calmTicks++;
    }
    if (!outcomeBuffer.isEmpty() && now - oldestUnsent >= FLUSH_NANOS) {
      flush();
      calmTicks = 0;
    }
    if (running && current != null) {
      long ran = now - started;
      if (ran >= MARK_NANOS) {
        calmTicks = 0;
        if (!marked) {
          mark(ran);
          marked = true;
        }
      }
      softLimit(current.header, ran);
      hardLimit(current.header, ran);
    }
    long word = Math.max(slackNanos(), nanosToWord(now));
    long wait = Math.max(1, Math.min(nanosToLimit(now), word));
    long idle = Math.max(MARK_NANOS, slackNanos());
    if (wait > idle && idleTicks++ < IDLE_TICKS) {
      wait = idle;
    }
    handoff.ticked(now, wait, running && now - started >= MARK_NANOS);
    return wait;
  }

  /** Whether the watcher reads the link until its next tick. */
  synchronized boolean watcherIsToRead() {
    return handoff.watcherIsToRead();
  }

  /** Interrupts a call that has exceeded its soft limit. */
  @GuardedBy("this")
  private void softLimit(CallsHeader header, long ran) {
    if (strike == Strike.NONE && header.softMs() > 0 && ran >= softNanos(header)) {
      String stack = StackText.of(runner); // before the interrupt changes it
      strike(Strike.SOFT_LIMIT);
      locate("soft", stack);
    }
  }

  /** Reports the stack of a call that will soon be killed. */
  @GuardedBy("this")
  private void hardLimit(CallsHeader header, long ran) {
    if (!located && header.hardMs() > 0 && ran >= locateNanos(header)) {
      located = true;
      locate("hard", StackText.of(runner));
    }
  }

  private static long softNanos(CallsHeader header) {
    return TimeUnit.MILLISECONDS.toNanos(header.softMs());
  }

  /** Run time at which a call's stack is reported. */
  private static long locateNanos(CallsHeader header) {
    long ahead = Math.min(MAX_AHEAD_MS, Math.max(header.hardMs() / 10, MIN_AHEAD_MS));
    return TimeUnit.MILLISECONDS.toNanos(Math.max(1, header.hardMs() - ahead));
  }

  @GuardedBy("this")
  private void locate(String limit, String stack) {
    CallBatch batch = current;
    if (batch != null) {
      outcomeBuffer.frame(
          Note.ofStack(batch.header.task(), batch.index(position), limit, stack).frame());
      flush();
    }
  }

  @GuardedBy("this")
  private void mark(long ranNanos) {
    CallBatch batch = current;
    if (batch != null) {
      outcomeBuffer.frame(
          new CallMark(batch.header.task(), batch.index(position), ranNanos / 1000).running());
      flush();
    }
  }
}
