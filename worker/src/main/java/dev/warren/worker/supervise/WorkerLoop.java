package dev.warren.worker.supervise;

import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.lifecycle.ShortWaits;
import dev.warren.lifecycle.TimeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;

/**
 * The worker's one loop: runs what other threads post, what timers ask for, and what becomes
 * readable or writable, one at a time. After each round it runs the {@linkplain #afterRound
 * finishers}, which act once on whatever the round has changed. It survives any exception.
 *
 * <p>{@link #post}, {@link #afterRound}, {@link #stop} and {@link #awaitStopped} are thread-safe;
 * all else is confined to the loop thread. Nothing on the loop may block.
 */
public final class WorkerLoop {
  private static final Logger log = Logs.of(WorkerLoop.class);

  /** About the time of a short call in a child, the way there and back included. */
  private static final Duration LOOK_OUT = Duration.ofNanos(20_000);

  private final Selector selector;
  private final ConcurrentLinkedQueue<Runnable> posted = new ConcurrentLinkedQueue<>();
  // true while a wake-up is on its way, so that a burst of posts costs one
  private final AtomicBoolean woken = new AtomicBoolean();
  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private final List<Runnable> finishers = new CopyOnWriteArrayList<>();
  private final ArrayDeque<Runnable> last = new ArrayDeque<>();
  private final TimeSource time;
  private final ShortWaits shortWaits;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread;
  private long timerNumber;
  private boolean stopping;

  private WorkerLoop(TimeSource time, Selector selector) {
    this.time = time;
    this.shortWaits = ShortWaits.of(time, LOOK_OUT);
    this.selector = selector;
    this.thread = NamedThreads.unstarted("worker-loop", this::run);
  }

  /** Starts the loop's thread. */
  public static WorkerLoop start(TimeSource time) {
    try {
      WorkerLoop loop = new WorkerLoop(time, Selector.open());
      loop.thread.start();
      return loop;
    } catch (IOException e) {
      throw new UncheckedIOException("no selector to be had", e);
    }
  }

  /** Runs {@code action} on the loop soon. Dropped once the loop has stopped. */
  public void post(Runnable action) {
    posted.add(action);
    if (Thread.currentThread() != thread && woken.compareAndSet(false, true)) {
      selector.wakeup();
    }
  }

  /** Runs {@code action} after each round of events. */
  public void afterRound(Runnable action) {
    finishers.add(action);
  }

  /** Runs {@code action} once, at the end of this round, after all finishers. */
  void endRoundWith(Runnable action) {
    last.add(action);
  }

  /** Runs {@code action} after {@code delayMillis}, once. */
  public Timer after(long delayMillis, Runnable action) {
    long at = now() + TimeUnit.MILLISECONDS.toNanos(delayMillis);
    Timer timer = new Timer(at, timerNumber++, action);
    timers.add(timer);
    return timer;
  }

  /** Runs {@code action} every {@code periodMillis}, first after one period. */
  public void every(long periodMillis, Runnable action) {
    after(
        periodMillis,
        () -> {
          every(periodMillis, action);
          action.run();
        });
  }

  /** Monotonic nanoseconds. */
  public long now() {
    return time.nanos();
  }

  public TimeSource time() {
    return time;
  }

  /** Calls {@code ready} whenever the channel is ready for one of {@code operations}. */
  SelectionKey register(SelectableChannel channel, int operations, Runnable ready)
      throws IOException {
    channel.configureBlocking(false);
    return channel.register(selector, operations, ready);
  }

  /** Ends the loop after the present round. */
  public void stop() {
    post(() -> stopping = true);
  }

  /** Waits for the loop's end; says whether it came. */
  public boolean awaitStopped(long millis) throws InterruptedException {
    return stopped.await(millis, TimeUnit.MILLISECONDS);
  }

  private void run() {
    try {
      while (!stopping) {
        round();
      }
    } finally {
      try {
        selector.close();
      } catch (IOException e) {
        log.debug("selector did not close", e);
      }
      stopped.countDown();
    }
  }

  private void round() {
    try {
      select();
      woken.set(false);
      for (Runnable action = posted.poll(); action != null; action = posted.poll()) {
        guarded(action);
      }
      runTimers();
      for (Runnable finisher : finishers) {
        guarded(finisher);
      }
      for (Runnable action = last.poll(); action != null; action = last.poll()) {
        guarded(action);
      }
    } catch (IOException | ClosedSelectorException e) {
      log.error("worker loop cannot select any more; it ends", e);
      stopping = true;
    } catch (RuntimeException e) {
      log.error("worker loop: a round failed; the loop goes on", e);
    }
  }

  private void select() throws IOException {
    Timer next = timers.peek();
    long wait = next == null ? Long.MAX_VALUE : next.atNanos - now();
    if (posted.isEmpty() && wait > LOOK_OUT.toNanos() && comesSoon()) {
      return;
    }
    if (!posted.isEmpty() || wait <= 0) {
      selector.selectNow(this::ready);
    } else if (next == null) {
      selector.select(this::ready);
    } else {
      selector.select(this::ready, TimeUnit.NANOSECONDS.toMillis(wait) + 1);
    }
  }

  /** Looks out for something to do before it sleeps; says whether there is. */
  private boolean comesSoon() throws IOException {
    woken.set(true); // nobody needs to wake it meanwhile
    boolean came =
        shortWaits.lookOut(() -> !posted.isEmpty() || selector.selectNow(this::ready) > 0);
    woken.set(false); // before the next look at what is posted
    return came;
  }

  private void ready(SelectionKey key) {
    if (key.attachment() instanceof Runnable action) {
      guarded(action);
    }
  }

  private void runTimers() {
    while (true) {
      Timer next = timers.peek();
      if (next == null || next.atNanos - now() > 0) {
        return;
      }
      timers.remove();
      if (!next.cancelled) {
        guarded(next.action);
      }
    }
  }

  private static void guarded(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | Error e) {
      log.error("worker loop: an action failed; the loop goes on", e);
    }
  }

  /** Something to be done at a time. Confined to the loop. */
  public static final class Timer implements Comparable<Timer> {
    private final long atNanos;
    private final long number;
    private final Runnable action;
    private boolean cancelled;

    private Timer(long atNanos, long number, Runnable action) {
      this.atNanos = atNanos;
      this.number = number;
      this.action = action;
    }

    public void cancel() {
      cancelled = true;
    }

    @Override
    public int compareTo(Timer other) {
      long difference = atNanos - other.atNanos;
      return difference != 0 ? Long.signum(difference) : Long.compare(number, other.number);
    }
  }
}
