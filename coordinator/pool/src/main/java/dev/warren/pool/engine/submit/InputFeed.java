package dev.warren.pool.engine.submit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.json.LineBuffer;
import dev.warren.json.Lines;
import dev.warren.lifecycle.Logs;
import dev.warren.pool.engine.collect.Backlog;
import dev.warren.pool.engine.pending.CallTimes;
import dev.warren.pool.engine.pending.JobReceiver;
import dev.warren.pool.engine.pending.LocalOutcome;
import dev.warren.pool.engine.pending.PendingTask;
import dev.warren.pool.engine.pending.Receiver;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.wire.ExceptionText;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Reads one job's input, packs it into tasks and sends them, as far as the job's window allows.
 * Each job has its own feed, so that no job waits for another's input. Thread-safe.
 *
 * <p>For maintainers: the input, its writer and the plan are confined to the thread that set the
 * state PUMPING; there is one at a time, either an elastic thread or, for an input that cannot
 * block, the submitting thread. Everything else is guarded by {@code this}; nothing is sent and no
 * input is read under the lock. Transitions: IDLE → QUEUED (room, or start) → PUMPING → IDLE (no
 * room) or DONE (end, failure, stop); DONE is final. The file is long because both ways of reading
 * share this state and lock.
 */
public final class InputFeed<T> implements Receiver {
  private static final Logger log = Logs.of(InputFeed.class);

  /** Maximum items that the submitting thread reads from an input that cannot block. */
  private static final int FIRST_ITEMS = 256;

  /** A partly filled message of a slow input is sent after this time. */
  private static final long LINGER_MS = 5;

  /**
   * The counts of an abandoned job.
   *
   * @param calls number of calls of the job, ended ones included
   * @param unsent number of calls that were not sent and so have no outcome
   */
  public record Abandoned(long calls, long unsent) {}

  private enum State {
    IDLE,
    QUEUED,
    PUMPING,
    DONE
  }

  private final Submission.Parts parts;
  private final Backlog backlog;
  private final CallSpec spec;
  private final String job;
  private final Input<T> input;
  private final JobReceiver receiver;
  private final Window window;
  private final ChunkPlan plan;
  private final boolean lazy;
  private final CallTimes.Measured times;
  private final long expiresAtMillis;
  // the item being written; confined like the input
  private final LineBuffer line = new LineBuffer(64, Integer.MAX_VALUE);

  @GuardedBy("this")
  private State state = State.IDLE;

  @GuardedBy("this")
  private boolean stopped;

  // set on cancel: the outcome of calls that were about to be sent at that moment
  @GuardedBy("this")
  private @Nullable Payload cancelled;

  @GuardedBy("this")
  private @Nullable Thread reader;

  @GuardedBy("this")
  private long read;

  @GuardedBy("this")
  private long released;

  // for an input that may block: the next message, which may be sent before it is full
  @GuardedBy("this")
  private final Packing packing = new Packing();

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
    this.parts = parts;
    this.backlog = backlog;
    this.spec = spec;
    this.job = parts.numbers().newJob();
    this.input = input;
    this.receiver = receiver;
    this.lazy = lazy;
    this.window = lazy ? Window.taken(spec.options().window()) : Window.ended();
    this.times = parts.times().of(spec.function());
    this.plan = new ChunkPlan(chunkSize, times, parts.capacity()::chunkMicros);
    this.expiresAtMillis = lazy ? 0 : parts.clock().expiryOf(spec.options());
  }

  /** Starts the feed; reads on the calling thread as far as that is quick and cannot block. */
  public void start() {
    if (input.size() < 0) {
      wake();
      return;
    }
    synchronized (this) {
      state = State.QUEUED;
    }
    pump(FIRST_ITEMS);
  }

  /** {@code calls} calls are no longer in flight. */
  public void release(int calls) {
    boolean room;
    synchronized (this) {
      released += calls;
      room = state == State.IDLE && room() >= need();
    }
    if (room) {
      wake();
    }
  }

  /** Whether reading has stopped until calls are released. */
  public synchronized boolean full() {
    return state == State.IDLE && room() < need();
  }

  /** Number of calls read. */
  public synchronized long read() {
    return read;
  }

  /**
   * Stops reading and drops calls that are packed but not sent. Idempotent. Returns the final
   * number of calls.
   */
  public synchronized long stop() {
    stopped = true;
    read -= packing.count();
    var unused = packing.take();
    if (reader != null) {
      reader.interrupt();
    }
    if (state == State.IDLE) {
      state = State.DONE;
      parts.threads().onFeeder(this::closeInput);
    }
    return read;
  }

  /** Stops, ends all calls in flight with this line, and tells the workers to drop them. */
  public void cancel(Payload line, boolean interrupt) {
    stop();
    synchronized (this) {
      cancelled = line;
    }
    parts.canceller().cancelAllOf(this, line, interrupt);
  }

  /** Stops, and tells the workers to drop all calls in flight; their outcomes still arrive. */
  public Abandoned abandon(boolean interrupt) {
    long calls = stop();
    synchronized (this) {
      cancelled = LocalOutcome.RELEASED; // calls being sent right now are ended by send()
    }
    return new Abandoned(calls, parts.canceller().abandonAllOf(this, interrupt));
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
      window.add(bytes, calls);
    }
  }

  private void wake() {
    synchronized (this) {
      if (state != State.IDLE) {
        return;
      }
      state = State.QUEUED;
    }
    parts.threads().onFeeder(() -> pump(Integer.MAX_VALUE));
  }

  private void pump(int most) {
    synchronized (this) {
      state = State.PUMPING;
      reader = input.size() < 0 ? Thread.currentThread() : null;
    }
    boolean more = true;
    try {
      more = input.size() < 0 ? readWhatComes() : readWhatIsThere(most);
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
      again = !close && room() >= need();
    }
    if (close) {
      closeInput();
    } else if (again) {
      wake();
    }
  }

  private void closeInput() {
    try {
      input.close().run();
    } catch (Throwable e) {
      log.warn("closing the input of job {} failed", job, e);
    }
  }

  @GuardedBy("this")
  private long room() {
    if (lazy && backlog.isFull()) {
      return 0; // no space for more results
    }
    return limit() - (read - released);
  }

  /**
   * Room worth waking up for: a quarter of the window, so that short calls share the cost of a
   * wake-up.
   */
  @GuardedBy("this")
  private long need() {
    return read == released ? 1 : Math.max(needForOne(), limit() / 4);
  }

  /** Room worth sending for: one message, or half of the window. */
  @GuardedBy("this")
  private int needForOne() {
    return Math.max(1, Math.min(chunk(), limit() / 2));
  }

  @GuardedBy("this")
  private int limit() {
    return window.limit(plan, parts.capacity().slots(), chunk(), parts.capacity().wayMicros());
  }

  @GuardedBy("this")
  private int chunk() {
    long rest = input.size() < 0 ? -1 : input.size() - read;
    return plan.next(parts.capacity().slots(), rest);
  }

  // ---- an input that cannot block

  /** Reads message by message while there is room; returns whether there is more. */
  private boolean readWhatIsThere(int most) {
    Packing message = new Packing();
    int left = most;
    while (true) {
      long from;
      int count;
      synchronized (this) {
        from = read;
        count = stopped || room() < needForOne() ? 0 : (int) Math.min(room(), chunk());
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
      Throwable refusal = write(input.items().next());
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
      read += full.count();
      plan.sent(full.count());
      window.add(full.lines().bytes(0, full.count()), full.count());
    }
    send(full);
  }

  /** Ends the call of this item; the others are not affected. */
  private void refuse(long index, Throwable why) {
    synchronized (this) {
      if (stopped) {
        return;
      }
      read++;
    }
    refused(index, why);
  }

  private void refused(long index, Throwable why) {
    String message = String.valueOf(ExceptionText.message(why));
    outcome(index, LocalOutcome.line(FailureKind.REJECTED, message));
  }

  /**
   * Writes an item's arguments to {@code line}, which runs user code; returns the failure, if any.
   */
  private @Nullable Throwable write(T item) {
    line.clear();
    try {
      input.write(item, line);
      return null;
    } catch (Throwable e) {
      return e;
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
      pack(write(item));
    }
    return true;
  }

  private synchronized boolean mayRead() {
    return !stopped && room() > 0;
  }

  private void pack(@Nullable Throwable refusal) {
    Packing.Packed before = null;
    Packing.Packed full = null;
    long index;
    synchronized (this) {
      if (stopped) {
        return;
      }
      if (refusal != null || !packing.fits(line)) {
        before = takePacked();
      }
      index = read++;
      if (refusal == null) {
        packing.add(index, line);
        window.add(line.size(), 1);
        if (packing.count() >= chunk() || room() <= 0) {
          full = takePacked();
        } else if (!flushDue) {
          flushDue = true;
          parts.threads().later(this::flush, LINGER_MS, TimeUnit.MILLISECONDS);
        }
      }
    }
    send(before);
    send(full);
    if (refusal != null) {
      refused(index, refusal);
    }
  }

  private void flush() {
    Packing.Packed due;
    synchronized (this) {
      flushDue = false;
      due = stopped ? null : takePacked();
    }
    send(due);
  }

  private void finish(@Nullable Throwable failure) {
    Packing.Packed last;
    long count;
    boolean wasStopped;
    synchronized (this) {
      wasStopped = stopped;
      last = takePacked();
      count = read;
    }
    if (wasStopped) {
      return;
    }
    send(last);
    if (failure == null) {
      receiver.inputEnded(count);
    } else {
      receiver.inputFailed(count, failure);
    }
  }

  @GuardedBy("this")
  private Packing.@Nullable Packed takePacked() {
    Packing.Packed taken = packing.take();
    if (taken != null) {
      plan.sent(taken.count());
    }
    return taken;
  }

  private void send(Packing.@Nullable Packed calls) {
    if (calls == null) {
      return;
    }
    int count = calls.count();
    long expires = lazy ? parts.clock().expiryOf(spec.options()) : expiresAtMillis;
    PendingTask task =
        new PendingTask(parts.numbers().next(count), count, calls.first(), this, times, expires);
    parts.table().add(task);
    parts.publisher().send(task, spec, job, calls.lines());
    Payload ending;
    synchronized (this) {
      ending = cancelled;
    }
    if (ending != null) {
      // cancelled while the task was being sent: the canceller may not have seen this task
      parts.canceller().cancel(task, ending, true);
    }
  }
}
