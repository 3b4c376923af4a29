package dev.warren.pool.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.pool.engine.collect.Backlog;
import dev.warren.pool.engine.function.Input;
import dev.warren.pool.engine.pending.JobReceiver;
import dev.warren.pool.engine.pending.LocalOutcome;
import dev.warren.pool.engine.pending.RanBy;
import dev.warren.pool.engine.submit.CallSpec;
import dev.warren.pool.engine.submit.InputFeed;
import dev.warren.pool.engine.submit.Submission;
import dev.warren.pool.engine.trace.JobTrace;
import dev.warren.task.Payload;
import dev.warren.wire.OutcomeLine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A job whose outcomes are consumed one by one, in input order or as they arrive, while its input
 * is still being read. Outcomes must be consumed by one thread at a time; everything else is
 * thread-safe.
 */
public final class LazyJob<T> implements JobReceiver, ActiveJob, AutoCloseable {
  /**
   * If the input yields nothing for this long while its consumer is blocked in {@code join},
   * reading stops. In nanoseconds.
   */
  private static final long SILENCE = 2_000_000_000L;

  private final Engine engine;
  private final boolean ordered;
  private final boolean failFast;
  private final InputFeed<T> feed;
  private final @Nullable JobTrace trace;

  // ordered: outcome i is at index i modulo the length, for taken <= i
  @GuardedBy("this")
  private @Nullable Waiting[] ring = new @Nullable Waiting[64];

  // unordered
  @GuardedBy("this")
  private final Deque<Waiting> arrived = new ArrayDeque<>();

  @GuardedBy("this")
  private long taken;

  @GuardedBy("this")
  private long ended;

  // number of calls; -1 while the input is being read
  @GuardedBy("this")
  private long count = -1;

  // returned once after the last outcome: the input's failure, or why the input was cut short
  @GuardedBy("this")
  private @Nullable Taken tail;

  @GuardedBy("this")
  private boolean closed;

  @GuardedBy("this")
  private boolean over;

  @GuardedBy("this")
  private boolean awaiting;

  // whether the consumer's thread has ended, or waits for the pool
  @GuardedBy("this")
  private boolean leftAlone;

  // how far the input had been read at the last call of joinedBy, and since when
  @GuardedBy("this")
  private long readBefore = -1;

  @GuardedBy("this")
  private long readAt;

  // the calls whose outcomes are reported next
  @GuardedBy("this")
  private Ran ran = Ran.NOWHERE;

  @GuardedBy("this")
  private Thread taker = Thread.currentThread();

  LazyJob(
      Engine engine,
      Submission submission,
      CallSpec spec,
      Input<T> input,
      int chunkSize,
      boolean ordered) {
    this.engine = engine;
    this.ordered = ordered;
    this.failFast = spec.options().failFast();
    this.trace = spec.trace();
    this.feed = submission.feed(spec, input, chunkSize, true, this);
  }

  void start() {
    feed.start();
  }

  /**
   * Returns the next outcome without consuming it; waits up to {@code nanos}.
   *
   * @return null if it has not arrived
   */
  public @Nullable Taken peek(long nanos) throws InterruptedException {
    Waiting head;
    synchronized (this) {
      taker = Thread.currentThread();
      head = head();
    }
    if (head == null) {
      if (nanos == Long.MAX_VALUE) {
        engine.waitsForEver();
      }
      head = awaitHead(nanos);
    }
    // outside the lock: the outcome may have to be read from a file
    Taken shown = head == null ? null : head.shown();
    synchronized (this) {
      return closed ? Taken.END : shown;
    }
  }

  private @Nullable Waiting awaitHead(long nanos) throws InterruptedException {
    synchronized (this) {
      awaiting = true;
    }
    engine.results().goOn();
    try {
      return awaitHeadAlone(nanos);
    } finally {
      synchronized (this) {
        awaiting = false;
      }
    }
  }

  private synchronized @Nullable Waiting awaitHeadAlone(long nanos) throws InterruptedException {
    long start = engine.time().nanos();
    while (true) {
      Waiting head = head();
      long left = nanos - (engine.time().nanos() - start);
      if (head != null || left <= 0) {
        return head;
      }
      TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
    }
  }

  /** Consumes the outcome that {@link #peek} returned. */
  public void take() {
    Waiting head;
    synchronized (this) {
      head = head();
      if (head == null || head.index() < 0) {
        return;
      }
      if (taken == count) {
        tail = null;
        return;
      }
      if (ordered) {
        ring[slot(taken)] = null;
      } else {
        arrived.poll();
      }
      taken++;
    }
    head.drop();
    engine.results().goOn();
    feed.release(1);
  }

  @Override
  public void mayGoOn() {
    feed.release(0);
  }

  /**
   * Whether further results may be held back until the present ones are consumed. They may not
   * while the consumer waits for one that is missing, nor after the consumer has stopped.
   */
  synchronized boolean canWait() {
    return !leftAlone && !closed && !(awaiting && head() == null);
  }

  @GuardedBy("this")
  private @Nullable Waiting head() {
    if (closed) {
      return Waiting.END;
    }
    Waiting next = ordered ? ring[slot(taken)] : arrived.peek();
    if (next != null) {
      return next;
    }
    if (count >= 0 && taken == count) {
      Taken last = tail;
      return last == null ? Waiting.END : new Waiting(last.index, null, last, Ran.NOWHERE);
    }
    return null;
  }

  @GuardedBy("this")
  private int slot(long index) {
    return (int) (index & (ring.length - 1));
  }

  /** Number of calls read from the input. */
  public long read() {
    return feed.read();
  }

  /** Number of calls that have ended, consumed or not. */
  public synchronized long ended() {
    return ended;
  }

  /** Whether the input has been read completely. */
  public synchronized boolean inputEnded() {
    return count >= 0;
  }

  @Override
  public synchronized void ran(long index, int calls, RanBy by) {
    ran = new Ran(index, calls, Math.round(by.microsPerCall()), by.worker());
  }

  @Override
  public void outcome(long index, Payload line) {
    Backlog.Kept kept = engine.backlog().keep(line);
    Waiting waiting;
    boolean late;
    synchronized (this) {
      late = closed;
      waiting = new Waiting(index, kept, null, ran.has(index) ? ran : Ran.NOWHERE);
      if (!late) {
        put(waiting); // before it is counted: this may run out of memory
        notifyAll();
      }
      ended++;
    }
    if (late) {
      waiting.drop();
      return;
    }
    if (failFast && !OutcomeLine.isValue(line)) {
      stopReading(null);
      feed.cancel(LocalOutcome.CANCELLED, true);
    }
    lookForEnd();
  }

  @GuardedBy("this")
  private void put(Waiting waiting) {
    if (ordered) {
      makeRoom(waiting.index());
      ring[slot(waiting.index())] = waiting;
    } else {
      arrived.add(waiting);
    }
  }

  @GuardedBy("this")
  private void makeRoom(long index) {
    int length = ring.length;
    while (index - taken >= length) {
      length *= 2;
    }
    if (length > ring.length) {
      @Nullable Waiting[] larger = Arrays.copyOf(new @Nullable Waiting[0], length);
      for (long i = taken; i < taken + ring.length; i++) {
        larger[(int) (i & (length - 1))] = ring[slot(i)];
      }
      ring = larger;
    }
  }

  @Override
  public void inputEnded(long calls) {
    endInput(calls, null);
  }

  @Override
  public void inputFailed(long calls, Throwable failure) {
    endInput(calls, new Taken(calls, Payload.EMPTY, failure, Ran.NOWHERE));
  }

  private void endInput(long calls, @Nullable Taken last) {
    synchronized (this) {
      if (count < 0) {
        count = calls;
        tail = last;
        notifyAll();
      }
    }
    lookForEnd();
  }

  /** Stops reading; {@code line}, if not null, tells the consumer that the input was cut short. */
  private void stopReading(@Nullable Payload line) {
    long calls = feed.stop();
    endInput(calls, line == null ? null : new Taken(calls, line, null, Ran.NOWHERE));
  }

  private void lookForEnd() {
    synchronized (this) {
      if (over || !(closed || ended == count)) {
        return;
      }
      over = true;
    }
    JobTrace.ended(trace, false);
    engine.end(this);
  }

  @Override
  public void close() {
    stopReading(null);
    List<Waiting> dropped = new ArrayList<>();
    synchronized (this) {
      closed = true;
      Arrays.stream(ring).filter(Objects::nonNull).forEach(dropped::add);
      Arrays.fill(ring, null);
      dropped.addAll(arrived);
      arrived.clear();
      notifyAll();
    }
    dropped.forEach(Waiting::drop);
    engine.results().goOn();
    feed.cancel(LocalOutcome.CANCELLED, true);
    lookForEnd();
  }

  @Override
  public void terminated(Payload line) {
    stopReading(line);
  }

  /**
   * A thread that waits for the pool cannot consume: if it is this job's consumer, reading stops
   * once the window is full, or after the input has been silent for a while.
   */
  @Override
  public void joinedBy(Thread joining) {
    long now = engine.time().nanos();
    long read = feed.read();
    boolean full = feed.full();
    synchronized (this) {
      leftAlone |= taker == joining || !taker.isAlive();
      if (count >= 0 || !leftAlone) {
        return;
      }
      if (read != readBefore) {
        readBefore = read;
        readAt = now;
      }
      if (!full && now - readAt < SILENCE) {
        return;
      }
    }
    stopReading(LocalOutcome.CLOSED);
  }

  /**
   * One outcome, or the input's failure, which comes last.
   *
   * @param index position in the input
   * @param line the outcome; empty for the input's failure
   * @param ran where the call ran, and how long
   */
  public record Taken(long index, Payload line, @Nullable Throwable inputFailure, Ran ran) {
    /** The end of the job. */
    static final Taken END = new Taken(-1, Payload.EMPTY, null, Ran.NOWHERE);

    /** Whether there is nothing more to consume. */
    public boolean isEnd() {
      return index < 0;
    }
  }
}
