package dev.warren.pool.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.wire.Lines;
import java.io.ByteArrayOutputStream;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one job's input, packs it into tasks and sends them, as far as its window allows; a feed of
 * its own per job, so that no job waits for another's input. Thread-safe.
 *
 * <p>For maintainers: the input, its writer and the plan are confined to whoever has the state
 * PUMPING; of those there is one at a time, on an elastic thread or, for what needs no reading, on
 * the submitting thread. Everything else is guarded by {@code this}; nothing is sent and no input
 * is read under the lock. IDLE → QUEUED (room or start) → PUMPING → IDLE (no room) or DONE (end,
 * failure, stop); DONE is final.
 */
final class Feed<T> implements Receiver {
  private static final Logger log = LoggerFactory.getLogger(Feed.class);
  private static final int MOST_BYTES = 256 * 1024;

  /** What the submitting thread reads at most of an input that cannot block. */
  private static final int FIRST_ITEMS = 256;

  /** A message that waits for more calls of a slow input goes out after that long. */
  private static final long LINGER_MS = 5;

  private enum State {
    IDLE,
    QUEUED,
    PUMPING,
    DONE
  }

  private final Engine engine;
  private final CallSpec spec;
  private final String job;
  private final Input<T> input;
  private final JobReceiver receiver;
  private final Window window;
  private final ChunkPlan plan;
  private final boolean lazy;
  private final CallTimes.Measured times;
  private final long expiresAtMillis;
  // tasks of this job that have not ended; for cancelling
  private final Set<Task> tasks = ConcurrentHashMap.newKeySet();

  @GuardedBy("this")
  private State state = State.IDLE;

  @GuardedBy("this")
  private boolean stopped;

  // how the job's calls end that were on their way to being sent when it was cancelled
  @GuardedBy("this")
  private @Nullable Payload cancelled;

  @GuardedBy("this")
  private @Nullable Thread reader;

  @GuardedBy("this")
  private long read;

  @GuardedBy("this")
  private long released;

  // the message being packed: its calls' lines, how many, and the index of the first
  @GuardedBy("this")
  private ByteArrayOutputStream lines = new ByteArrayOutputStream(256);

  @GuardedBy("this")
  private int packed;

  @GuardedBy("this")
  private long packedBase;

  @GuardedBy("this")
  private boolean flushDue;

  Feed(
      Engine engine,
      CallSpec spec,
      Input<T> input,
      int chunkSize,
      boolean lazy,
      JobReceiver receiver) {
    this.engine = engine;
    this.spec = spec;
    this.job = engine.newJob();
    this.input = input;
    this.receiver = receiver;
    this.lazy = lazy;
    this.window = lazy ? Window.taken(spec.options().window()) : Window.ended();
    this.times = engine.times().of(spec.function());
    this.plan = new ChunkPlan(chunkSize, times);
    this.expiresAtMillis = lazy ? 0 : engine.expiryOf(spec.options());
  }

  /** Begins, on the calling thread as far as that cannot block. */
  void start() {
    if (input.size() < 0) {
      wake();
      return;
    }
    synchronized (this) {
      state = State.QUEUED;
    }
    pump(FIRST_ITEMS);
  }

  /** So many calls, with results of that many bytes, are under way no more. */
  void release(int calls, int bytes) {
    boolean room;
    synchronized (this) {
      released += calls;
      window.add(bytes / calls);
      room = state == State.IDLE && room() >= need();
    }
    if (room) {
      wake();
    }
  }

  /** Whether it reads no more until calls are released. */
  synchronized boolean full() {
    return state == State.IDLE && room() < need();
  }

  /** How many calls have been read. */
  synchronized long read() {
    return read;
  }

  /**
   * Reads no more; what is packed and not sent is dropped. Idempotent. Says how many calls there
   * are, for good.
   */
  synchronized long stop() {
    stopped = true;
    read -= packed;
    packed = 0;
    if (reader != null) {
      reader.interrupt();
    }
    if (state == State.IDLE) {
      state = State.DONE;
      engine.onFeeder(this::closeInput);
    }
    return read;
  }

  /** Stops, ends all calls under way with this line, and has the workers drop them. */
  void cancel(Payload line, boolean interrupt) {
    stop();
    synchronized (this) {
      cancelled = line;
    }
    for (Task task : tasks) {
      engine.cancel(task, line, interrupt);
    }
  }

  @Override
  public void outcome(long index, Payload line) {
    receiver.outcome(index, line);
    if (!lazy) {
      release(1, 0);
    }
  }

  @Override
  public void outcomes(long index, Lines all, int from, int to) {
    receiver.outcomes(index, all, from, to);
    if (!lazy) {
      release(to - from, 0);
    }
  }

  /** The job's task has ended. */
  void ended(Task task) {
    tasks.remove(task);
  }

  private void wake() {
    synchronized (this) {
      if (state != State.IDLE) {
        return;
      }
      state = State.QUEUED;
    }
    engine.onFeeder(() -> pump(Long.MAX_VALUE));
  }

  private void pump(long most) {
    synchronized (this) {
      state = State.PUMPING;
      reader = input.size() < 0 ? Thread.currentThread() : null;
    }
    boolean more = true;
    try {
      for (long i = 0; i < most && more && mayRead(); i++) {
        more = readOne();
      }
    } finally {
      rest(more);
    }
  }

  /** Leaves the state PUMPING: to IDLE where there is more to come, else to DONE. */
  private void rest(boolean more) {
    boolean close;
    boolean again;
    Packed rest;
    synchronized (this) {
      if (input.size() < 0 && stopped) {
        // an interrupt meant for the input must not reach what this thread does next
        Thread.interrupted();
      }
      reader = null;
      close = !more || stopped;
      rest = input.size() < 0 || room() > 0 ? null : takePacked();
      state = close ? State.DONE : State.IDLE;
      again = !close && room() >= need();
    }
    send(rest);
    if (close) {
      closeInput();
    } else if (again) {
      wake();
    }
  }

  private void closeInput() {
    try {
      input.close().run();
    } catch (RuntimeException e) {
      log.warn("closing the input of job {} failed", job, e);
    }
  }

  private synchronized boolean mayRead() {
    return !stopped && (room() > 0 || read == input.size());
  }

  @GuardedBy("this")
  private long room() {
    return window.limit(plan, engine.slots(), chunk()) - (read - released);
  }

  /** Room worth waking up for: a message's worth, or half of the window. */
  @GuardedBy("this")
  private long need() {
    int limit = window.limit(plan, engine.slots(), chunk());
    return read == released ? 1 : Math.max(1, Math.min(chunk(), limit / 2));
  }

  @GuardedBy("this")
  private int chunk() {
    long rest = input.size() < 0 ? -1 : input.size() - read + packed;
    return plan.next(engine.slots(), rest);
  }

  /** Reads and packs one item; says whether there may be more. */
  private boolean readOne() {
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
    Payload line;
    try {
      line = input.writer().apply(item);
    } catch (RuntimeException | StackOverflowError e) {
      refuse(e);
      return true;
    }
    pack(line);
    return true;
  }

  private void pack(Payload line) {
    Packed full = null;
    Packed before = null;
    synchronized (this) {
      if (stopped) {
        return;
      }
      if (packed > 0 && lines.size() + line.length() > MOST_BYTES) {
        before = takePacked();
      }
      if (packed == 0) {
        packedBase = read;
      }
      read++;
      packed++;
      window.add(line.length());
      lines.write(line.array(), line.offset(), line.length());
      lines.write('\n');
      if (packed >= chunk() || room() <= 0 || (input.size() >= 0 && read == input.size())) {
        full = takePacked();
      } else if (input.size() < 0 && !flushDue) {
        flushDue = true;
        engine.later(this::flush, LINGER_MS, TimeUnit.MILLISECONDS);
      }
    }
    send(before);
    send(full);
  }

  /** The item cannot be written: its call ends here, the others are not disturbed. */
  private void refuse(Throwable why) {
    Packed before;
    long index;
    synchronized (this) {
      if (stopped) {
        return;
      }
      before = takePacked();
      index = read++;
    }
    send(before);
    outcome(index, LocalOutcome.line(FailureKind.REJECTED, String.valueOf(why.getMessage())));
  }

  private void flush() {
    Packed due;
    synchronized (this) {
      flushDue = false;
      due = stopped ? null : takePacked();
    }
    send(due);
  }

  private void finish(@Nullable Throwable failure) {
    Packed last;
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
  private @Nullable Packed takePacked() {
    if (packed == 0) {
      return null;
    }
    Packed taken = new Packed(packedBase, packed, Payload.of(lines.toByteArray()));
    plan.sent(packed);
    lines = new ByteArrayOutputStream(Math.min(MOST_BYTES, lines.size() + 64));
    packed = 0;
    return taken;
  }

  private void send(@Nullable Packed calls) {
    if (calls == null) {
      return;
    }
    long expires = lazy ? engine.expiryOf(spec.options()) : expiresAtMillis;
    long first = engine.numbers(calls.count);
    Task task = new Task(first, calls.count, calls.base, this, times, expires);
    tasks.add(task);
    engine.table().add(task);
    engine.send(task, spec, job, Lines.split(calls.lines));
    Payload line;
    synchronized (this) {
      line = cancelled;
    }
    if (line != null) {
      // cancelled while it was on its way: whoever did that may not have seen this task
      engine.cancel(task, line, true);
    }
  }

  /** Calls packed for one message. */
  private record Packed(long base, int count, Payload lines) {}
}
