package dev.warren.worker.child.loop;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.lifecycle.TimeSource;
import dev.warren.worker.child.call.StackText;
import dev.warren.worker.link.CallMark;
import dev.warren.worker.link.CallsHeader;
import dev.warren.worker.link.Frame;
import dev.warren.worker.link.FrameType;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where the child's two threads meet: calls that wait, the call that runs, outcomes that are not
 * yet sent. Thread-safe.
 *
 * <p>For maintainers. One lock, this object's monitor, guards everything, the outbox and the
 * writing end of the link included, so that
 *
 * <ol>
 *   <li>a RUNNING mark never stands behind the outcome of its call: the watcher finds the call
 *       running and writes the mark under the same lock as the runner adds the outcome;
 *   <li>an interrupt never hits the next call: whoever interrupts holds the lock and sees the call
 *       running; the runner takes the lock to end the call, once for that, its outcome and the next
 *       call's begin, and clears its flag in between;
 *   <li>a call is cancelled either before it begins or while it runs, never in between.
 * </ol>
 *
 * No user code runs under the lock. Writes do: while the supervisor does not read, both wait, which
 * is the back-pressure wanted. Long because all that the one lock guards is here.
 */
public final class CallQueue {
  /** How long an outcome may wait for others to share its write. */
  static final long FLUSH_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

  /** How long a call runs before it is marked as running. */
  static final long MARK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /**
   * How much later either may be, where it is for the watcher to do: most often the runner does it,
   * at the end of its call, and the watcher would have been woken for nothing.
   */
  private static final long SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

  /** The same while the runner has done it all by itself for so many ticks. */
  private static final long CALM_SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  static final int CALM_TICKS = 16;

  /**
   * How long before its hard limit it is told where a call is: a tenth of the limit, within these
   * bounds.
   */
  private static final long LEAST_AHEAD_MS = 20;

  private static final long MOST_AHEAD_MS = 1000;

  /** Outcomes are written at this size at the latest. */
  static final int FLUSH_BYTES = 32 * 1024;

  /** What interrupted a call. */
  public enum Strike {
    NONE,
    SOFT_LIMIT,
    CANCEL
  }

  /** What is to become of the next call. */
  public enum Next {
    RUN,
    CANCELLED,
    /** There is none in this batch. */
    NONE,
    /** No more are to be run. */
    QUIT
  }

  // after this many ticks without a call the watcher sleeps until it is woken, which costs the
  // runner a system call: more than a call may cost while calls keep coming
  private static final int IDLE_TICKS = 10;

  static final long NEVER_NANOS = Long.MAX_VALUE / 2;

  private final ParentLink link;
  private final Thread runner;
  private final TimeSource time;

  @GuardedBy("this")
  private final ReaderHandoff turns;

  /** Whether the end of the link is the end of the process. */
  private final boolean ownProcess;

  @GuardedBy("this")
  private final ArrayDeque<CallBatch> inbox = new ArrayDeque<>();

  @GuardedBy("this")
  private final OutcomeBuffer outbox = new OutcomeBuffer();

  @GuardedBy("this")
  private boolean quitting;

  @GuardedBy("this")
  private boolean closed;

  /** The batch whose calls are being run. */
  @GuardedBy("this")
  private @Nullable CallBatch current;

  /** Position in {@code current} of the call last begun. */
  @GuardedBy("this")
  private int position = -1;

  /** Behind the last call of {@code current} that is to be begun. */
  @GuardedBy("this")
  private int end;

  @GuardedBy("this")
  private boolean running;

  @GuardedBy("this")
  private boolean marked;

  @GuardedBy("this")
  private Strike strike = Strike.NONE;

  /** Whether the supervisor knows where the running call is as its hard limit comes near. */
  @GuardedBy("this")
  private boolean located;

  @GuardedBy("this")
  private long started;

  @GuardedBy("this")
  private long oldestUnsent;

  @GuardedBy("this")
  private int idleTicks;

  /** How many ticks in a row have found calls running, and nothing to do. */
  @GuardedBy("this")
  private int calmTicks;

  public CallQueue(ParentLink link, Thread runner, TimeSource time, boolean ownProcess) {
    this.ownProcess = ownProcess;
    this.link = link;
    this.runner = runner;
    this.time = time;
    this.turns = new ReaderHandoff(link, runner, time.nanos());
  }

  // whoever reads

  synchronized void put(List<CallBatch> batches) {
    // not addAll: it has a lambda, and the first one of a process costs it some 7 ms
    for (CallBatch batch : batches) {
      inbox.addLast(batch);
    }
    turns.wakeRunner();
  }

  /** Whether nothing waits to be done. */
  public synchronized boolean hasNone() {
    return inbox.isEmpty() && !quitting;
  }

  /** No more calls are begun; {@link #next()} gives none from now on. */
  synchronized void quit() {
    quitting = true;
    inbox.clear();
    turns.wakeRunner();
  }

  /** Ends the watcher and all sending, for a child that is a thread. */
  public synchronized void close() {
    quit();
    closed = true;
    turns.wakeWatcher();
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
    for (CallBatch batch : inbox) {
      if (batch.holds(mark)) {
        batch.cancelled.set(mark.index() - batch.header.from());
        return;
      }
    }
  }

  /** Gives back the calls that are not begun, those that came last first. */
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
    outbox.frame(
        FrameType.RETURNED,
        "{\"task\":"
            + batch.header.task()
            + ",\"from\":"
            + batch.index(from)
            + ",\"count\":"
            + (to - from)
            + "}");
  }

  @GuardedBy("this")
  private void strike(Strike by) {
    if (running && strike == Strike.NONE) {
      strike = by;
      runner.interrupt();
    }
  }

  // runner

  /**
   * Whether the runner is to read, since it has no calls, and then to ask again. All outcomes are
   * sent first.
   */
  synchronized boolean runnerIsToRead() {
    current = null;
    position = -1;
    boolean isToRead = turns.runnerIsToRead(!inbox.isEmpty(), quitting, time.nanos());
    if (isToRead) {
      flush();
    }
    return isToRead;
  }

  /** The next calls; null where there are none, or none any more, since they were withdrawn. */
  synchronized @Nullable CallBatch next() {
    CallBatch next = quitting ? null : inbox.poll();
    if (next != null) {
      current = next;
      end = next.count();
    }
    return next;
  }

  /** Whether the child is to end; all outcomes are sent then. */
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

  /** The running call is over: nothing interrupts it, or the thread, any more. */
  public synchronized Strike end() {
    running = false;
    Thread.interrupted();
    return strike;
  }

  /**
   * Ends the call last begun with its outcome, and begins the one behind it in the batch.
   *
   * @param ended when it ended, or some short calls before; of a call that was marked it is not
   *     used
   */
  public synchronized Next outcome(byte[] line, int length, long ended) {
    long now = marked ? time.nanos() : Math.max(started, ended);
    running = false;
    Thread.interrupted();
    CallBatch batch = current;
    if (batch == null) {
      return Next.QUIT;
    }
    if (outbox.isEmpty()) {
      oldestUnsent = now;
    }
    long took = now - started;
    outbox.outcome(batch.header.task(), batch.index(position), took, line, length);
    // not left to the watcher where the next call, if it takes as long, would end too late
    boolean due = now - oldestUnsent + took >= FLUSH_NANOS;
    if (due || batch.header.flushEach() || outbox.size() >= FLUSH_BYTES) {
      flush();
    }
    return beginNext(now);
  }

  /** Position in its batch of the call last begun. */
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

  // anyone

  /** Sends a frame behind all outcomes so far, within fourteen milliseconds. */
  public synchronized void post(Frame frame) {
    if (outbox.isEmpty()) {
      oldestUnsent = time.nanos();
    }
    outbox.frame(frame);
    if (outbox.size() >= FLUSH_BYTES) {
      flush();
    }
    wakeWatcherFor(time.nanos());
  }

  /** Sends what waits. */
  public synchronized void flush() {
    if (outbox.isEmpty()) {
      return;
    }
    try {
      if (!closed) {
        link.write(outbox.toBuffer());
      }
    } catch (IOException e) {
      if (ownProcess) {
        ChildExit.withParent();
      }
      close();
    }
    outbox.clear();
  }

  /** Has the watcher tick in time for what is to be watched now; most often it does anyway. */
  @GuardedBy("this")
  private void wakeWatcherFor(long now) {
    turns.tickBy(now + Math.min(nanosToLimit(now), nanosToWord(now) + slackNanos()));
  }

  @GuardedBy("this")
  private long slackNanos() {
    return calmTicks < CALM_TICKS ? SLACK_NANOS : CALM_SLACK_NANOS;
  }

  /** How long no word is due to the supervisor: of outcomes, of the call that runs. */
  @GuardedBy("this")
  private long nanosToWord(long now) {
    long wait = outbox.isEmpty() ? NEVER_NANOS : oldestUnsent + FLUSH_NANOS - now;
    return running && !marked ? Math.min(wait, started + MARK_NANOS - now) : wait;
  }

  /** How long no limit of the running call is due. */
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

  // watcher

  /**
   * Does what is due; says how many nanoseconds may pass before the next tick, 0 where there is to
   * be none.
   */
  synchronized long tick() {
    if (closed) {
      return 0;
    }
    long now = time.nanos();
    if (running && calmTicks < CALM_TICKS) {
      calmTicks++;
    }
    if (!outbox.isEmpty() && now - oldestUnsent >= FLUSH_NANOS) {
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
    turns.ticked(now, wait, running && now - started >= MARK_NANOS);
    return wait;
  }

  /** Whether it is on the watcher to read until its next tick. */
  synchronized boolean watcherIsToRead() {
    return turns.watcherIsToRead();
  }

  /** Breaks a call off that is past its soft limit. */
  @GuardedBy("this")
  private void softLimit(CallsHeader header, long ran) {
    if (strike == Strike.NONE && header.softMs() > 0 && ran >= softNanos(header)) {
      String stack = StackText.of(runner); // before the interrupt moves it
      strike(Strike.SOFT_LIMIT);
      locate("soft", stack);
    }
  }

  /** Tells where a call is that will soon be killed. */
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

  /** When, in the life of a call, it is told where it is. */
  private static long locateNanos(CallsHeader header) {
    long ahead = Math.min(MOST_AHEAD_MS, Math.max(header.hardMs() / 10, LEAST_AHEAD_MS));
    return TimeUnit.MILLISECONDS.toNanos(Math.max(1, header.hardMs() - ahead));
  }

  @GuardedBy("this")
  private void locate(String limit, String stack) {
    CallBatch batch = current;
    if (batch != null) {
      outbox.frame(
          FrameType.NOTE,
          "{\"task\":"
              + batch.header.task()
              + ",\"index\":"
              + batch.index(position)
              + ",\"limit\":\""
              + limit
              + "\",\"stack\":"
              + StackText.quoted(stack)
              + "}");
      flush();
    }
  }

  @GuardedBy("this")
  private void mark(long ranNanos) {
    CallBatch batch = current;
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
