package dev.warren.pool.engine.submit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.json.LineBuffer;
import dev.warren.json.Lines;
import dev.warren.pool.engine.collect.Backlog;
import dev.warren.pool.engine.function.Input;
import dev.warren.pool.engine.pending.JobReceiver;
import dev.warren.pool.engine.pending.LastResort;
import dev.warren.pool.engine.pending.LocalOutcome;
import dev.warren.pool.engine.pending.RanBy;
import dev.warren.pool.engine.pending.Receiver;
import dev.warren.pool.engine.threads.EngineThreads;
import dev.warren.task.Payload;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads one job's input, packs it into tasks and sends them, as far as the job's window allows.
 * Each job has its own feed, so that no job waits for another's input. Thread-safe.
 *
 * <p>For maintainers: the input, its writer and the plan are confined to the thread that set the
 * state PUMPING; there is one at a time, either an elastic thread or, for an input that cannot
 * block, the submitting thread. Everything else is guarded by {@code this}; nothing is sent and no
 * input is read under the lock. Transitions: NEW → QUEUED (start) → PUMPING → IDLE (no room) or
 * DONE (end, failure, stop); IDLE → QUEUED (room); DONE is final.
 */
public final class InputFeed<T> implements Receiver {
  /** Maximum items that the submitting thread reads from an input that cannot block. */
  private static final int FIRST_ITEMS = 256;

  /** A partly filled message of a slow input is sent after this time. */
  private static final long LINGER_MS = 5;

  private enum State {
    NEW,
    IDLE,
    QUEUED,
    PUMPING,
    DONE
  }

  private final EngineThreads threads;
  private final Input<T> input;
  private final JobReceiver receiver;
  private final boolean lazy;
  private final ChunkSender sender;
  private final ChunkPlan plan;
  private final long delayMillis;
  private final LineBuffer line = new LineBuffer(64, Integer.MAX_VALUE);

  @GuardedBy("this")
  private State state = State.NEW;

  @GuardedBy("this")
  private boolean stopped;

  @GuardedBy("this")
  private @Nullable Thread reader;

  @GuardedBy("this")
  private final FeedWindow window;

  // for an input that may block: the next message, which may be sent before it is full
  @GuardedBy("this")
  private final Packing packing;

  @GuardedBy("this")
  private boolean flushDue;

  InputFeed(
      Submission.Parts parts,
      Backlog backlog,
      CallSpec spec,
      Input<T> input,
      int chunkSize,
      boolean lazy,
      JobReceiver receiver) {
    this.threads = parts.threads();
    this.input = input;
    this.receiver = receiver;
    this.lazy = lazy;
    this.sender = new ChunkSender(parts, spec, lazy, this);
    this.delayMillis = parts.clock().waitMillis(spec.options());
    this.plan = new ChunkPlan(chunkSize, sender.times(), parts.capacity()::chunkMicros);
    this.packing = new Packing(plan);
    this.window =
        new FeedWindow(
            lazy, input.size(), spec.options().window(), plan, parts.capacity(), backlog);
  }

  /** Starts to read, on this thread as far as that cannot block, or when the delay is over. */
  public void start() {
    if (delayMillis > 0) {
      threads.later(this::startNow, delayMillis, TimeUnit.MILLISECONDS);
    } else {
      startNow();
    }
  }

  private void startNow() {
    if (input.size() < 0) {
      wakeFrom(State.NEW);
    } else if (tryQueue(State.NEW)) {
      pump(FIRST_ITEMS);
    }
  }

  /** {@code calls} calls are no longer in flight. */
  public void release(int calls) {
    boolean room;
    synchronized (this) {
      window.release(calls);
      room = window.room() >= window.need();
    }
    if (room) {
      wakeFrom(State.IDLE);
    }
  }

  /** Whether reading has stopped until calls are released. */
  public synchronized boolean full() {
    return state == State.IDLE && window.room() < window.need();
  }

  /** Number of calls read. */
  public synchronized long read() {
    return window.read();
  }

  /**
   * Stops reading and drops calls that are packed but not sent. Idempotent. Returns the final
   * number of calls.
   */
  public synchronized long stop() {
    stopped = true;
    window.addRead(-packing.count());
    var unused = packing.take();
    if (reader != null) {
      reader.interrupt();
    }
    if (state == State.NEW || state == State.IDLE) {
      state = State.DONE;
      threads.onFeeder(() -> input.close(sender.job()));
    }
    return window.read();
  }

  /** Stops, ends all calls in flight with this line, and tells the workers to drop them. */
  public void cancel(Payload line, boolean interrupt) {
    stop();
    sender.cancel(line, interrupt);
  }

  /** Stops, and has the workers drop all calls in flight; their outcomes still arrive. */
  public Abandoned abandon(Payload line, boolean interrupt) {
    long calls = stop();
    return new Abandoned(calls, sender.abandon(line, interrupt));
  }

  @Override
  public void outcome(long index, Payload line) {
    ending(1, line.length());
    receiver.outcome(index, line);
    if (!lazy) {
      release(1);
    }
  }

  @Override
  public void ran(long index, int calls, RanBy by) {
    receiver.ran(index, calls, by);
  }

  @Override
  public void outcomes(long index, Lines all, int from, int to) {
    ending(to - from, all.bytes(from, to));
    receiver.outcomes(index, all, from, to);
    if (!lazy) {
      release(to - from);
    }
  }

  /** Results have arrived: the window learns their size before they are consumed. */
  private synchronized void ending(int calls, int bytes) {
    if (lazy) {
      window.addBytes(bytes, calls);
    }
  }

  private void wakeFrom(State from) {
    if (tryQueue(from)) {
      threads.onFeeder(() -> pump(Integer.MAX_VALUE));
    }
  }

  private synchronized boolean tryQueue(State from) {
    boolean possible = state == from;
    state = possible ? State.QUEUED : state;
    return possible;
  }

  private void pump(int max) {
    synchronized (this) {
      state = State.PUMPING;
      reader = input.size() < 0 ? Thread.currentThread() : null;
    }
    boolean more = false;
    try {
      more = input.size() < 0 ? readWhatComes() : readWhatIsThere(max);
    } catch (RuntimeException | Error e) {
      LastResort.repeat(this::finish, e);
    } finally {
      rest(more);
    }
  }

  /** Leaves the state PUMPING: to IDLE if there is more to read, otherwise to DONE. */
  private void rest(boolean more) {
    boolean close;
    boolean again;
    synchronized (this) {
      if (input.size() < 0 && stopped) {
        // an interrupt meant for the input must not affect this thread's next work
        Thread.interrupted();
      }
      reader = null;
      close = !more || stopped;
      state = close ? State.DONE : State.IDLE;
      again = !close && window.room() >= window.need();
    }
    if (close) {
      input.close(sender.job());
    } else if (again) {
      wakeFrom(State.IDLE);
    }
  }

  /** Reads message by message while there is room; returns whether there is more. */
  private boolean readWhatIsThere(int max) {
    Packing message = new Packing(plan);
    int left = max;
    while (true) {
      long from;
      int count;
      synchronized (this) {
        from = window.read();
        count =
            stopped || window.room() < window.needForOne()
                ? 0
                : (int) Math.min(window.room(), window.chunk());
      }
      count = (int) Math.min(count, input.size() - from);
      if (from == input.size()) {
        finish(null);
        return false;
      }
      if (count == 0 || count > left) {
        return true;
      }
      readMessage(message, from, count);
      left -= count;
    }
  }

  /**
   * Reads {@code count} items and sends them, in one message if they fit and all can be written.
   */
  private void readMessage(Packing message, long from, int count) {
    for (long index = from; index < from + count; index++) {
      Throwable refusal = input.write(input.items().next(), line);
      if (refusal != null || !message.fits(line)) {
        ship(message);
      }
      if (refusal == null) {
        message.add(index, line);
      } else {
        refuse(index, refusal);
      }
    }
    ship(message);
  }

  private void ship(Packing message) {
    Packing.Packed full = message.take();
    if (full == null) {
      return;
    }
    synchronized (this) {
      if (stopped) {
        return;
      }
      window.addRead(full.count(), full.lines().bytes(0, full.count()));
    }
    sender.send(full);
  }

  /** Ends the call of this item; the others are not affected. */
  private void refuse(long index, Throwable why) {
    synchronized (this) {
      if (stopped) {
        return;
      }
      window.addRead(1);
    }
    try {
      outcome(index, LocalOutcome.refused(why));
    } catch (RuntimeException | Error e) {
      LastResort.end(this, index, LocalOutcome.NOT_SENT, e);
    }
  }

  // ---- an input that may block

  /** Reads item by item while there is room; returns whether there is more. */
  private boolean readWhatComes() {
    while (mayRead()) {
      T item;
      try {
        if (!input.items().hasNext()) {
          finish(null);
          return false;
        }
        item = input.items().next();
      } catch (Throwable e) {
        finish(e);
        return false;
      }
      pack(input.write(item, line));
    }
    return true;
  }

  private synchronized boolean mayRead() {
    return !stopped && window.room() > 0;
  }

  private void pack(@Nullable Throwable refusal) {
    if (refusal != null) {
      sendPacked();
      refuse(read(), refusal);
      return;
    }
    if (!fits()) {
      sendPacked();
    }
    Packing.Packed full = null;
    synchronized (this) {
      if (stopped) {
        return;
      }
      packing.add(window.read(), line); // before it is counted: this may run out of memory
      window.addRead(1, line.size());
      if (packing.count() >= window.chunk() || window.room() <= 0) {
        full = packing.take();
      } else if (!flushDue) {
        flushDue = true;
        threads.later(this::flush, LINGER_MS, TimeUnit.MILLISECONDS);
      }
    }
    sender.send(full);
  }

  private synchronized boolean fits() {
    return packing.fits(line);
  }

  private void flush() {
    synchronized (this) {
      flushDue = false;
    }
    sendPacked();
  }

  private void sendPacked() {
    Packing.Packed due;
    synchronized (this) {
      due = stopped ? null : packing.take();
    }
    sender.send(due);
  }

  private void finish(@Nullable Throwable failure) {
    Packing.Packed last;
    long count;
    synchronized (this) {
      if (stopped) {
        return;
      }
      last = packing.take();
      count = window.read();
    }
    sender.send(last);
    if (failure == null) {
      receiver.inputEnded(count);
    } else {
      receiver.inputFailed(count, failure);
    }
  }
}
