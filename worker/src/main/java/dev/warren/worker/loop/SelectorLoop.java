package dev.warren.worker.loop;

import dev.warren.lifecycle.AdaptiveSpin;
import dev.warren.lifecycle.EventLoop;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.LoopWork;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.lifecycle.TimeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;

/**
 * The event loop with its own thread, which waits in a selector between rounds. An exception of an
 * action is logged, and the loop continues.
 *
 * <p>{@link #post}, {@link #afterRound}, {@link #stop} and {@link #awaitStopped} are thread-safe;
 * everything else is confined to the loop's thread.
 */
public final class SelectorLoop implements EventLoop {
  private static final Logger log = Logs.of(SelectorLoop.class);

  /**
   * How long to spin: about the time of a short call in a child, including the way there and back.
   */
  private static final Duration SPIN = Duration.ofNanos(20_000);

  private final Selector selector;
  private final LoopWork work;
  // true while a wake-up is on its way, so that a burst of posts costs one
  private final AtomicBoolean woken = new AtomicBoolean();
  private final TimeSource time;
  private final AdaptiveSpin spin;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread;
  private boolean stopping;

  private SelectorLoop(TimeSource time, Selector selector) {
    this.time = time;
    this.work = new LoopWork(time);
    this.spin = AdaptiveSpin.of(time, SPIN);
    this.selector = selector;
    this.thread = NamedThreads.unstarted("worker-loop", this::run);
  }

  /** Starts the loop's thread. */
  public static SelectorLoop start(TimeSource time) {
    try {
      SelectorLoop loop = new SelectorLoop(time, Selector.open());
      loop.thread.start();
      return loop;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open a selector", e);
    }
  }

  @Override
  public void post(Runnable action) {
    work.post(action);
    if (Thread.currentThread() != thread && woken.compareAndSet(false, true)) {
      selector.wakeup();
    }
  }

  @Override
  public void afterRound(Runnable action) {
    work.afterRound(action);
  }

  @Override
  public void endRoundWith(Runnable action) {
    work.endRoundWith(action);
  }

  @Override
  public Timer after(long delayMillis, Runnable action) {
    return work.after(delayMillis, action);
  }

  @Override
  public Timer every(long periodMillis, Runnable action) {
    return work.every(periodMillis, action);
  }

  @Override
  public long now() {
    return time.nanos();
  }

  @Override
  public TimeSource time() {
    return time;
  }

  @Override
  public SelectionKey register(SelectableChannel channel, int operations, Runnable ready)
      throws IOException {
    channel.configureBlocking(false);
    return channel.register(selector, operations, ready);
  }

  /** Ends the loop after the present round. */
  public void stop() {
    post(() -> stopping = true);
  }

  /** Waits for the loop's end; returns whether it came within {@code millis}. */
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
      work.round(SelectorLoop::guarded);
    } catch (IOException | ClosedSelectorException e) {
      log.error("the worker loop's selector failed; the loop ends", e);
      stopping = true;
    } catch (RuntimeException e) {
      log.error("worker loop: a round failed; the loop continues", e);
    }
  }

  private void select() throws IOException {
    long wait = work.nanosToTimer();
    if (!work.anyPosted() && wait > SPIN.toNanos() && comesSoon()) {
      return;
    }
    if (work.anyPosted() || wait <= 0) {
      selector.selectNow(this::ready);
    } else if (wait == Long.MAX_VALUE) {
      selector.select(this::ready);
    } else {
      selector.select(this::ready, TimeUnit.NANOSECONDS.toMillis(wait) + 1);
    }
  }

  /** Spins briefly before the thread sleeps; returns whether there is something to do. */
  private boolean comesSoon() throws IOException {
    woken.set(true); // a spinning thread needs no wake-up
    boolean came = spin.spinUntil(() -> work.anyPosted() || selector.selectNow(this::ready) > 0);
    woken.set(false); // before the next check for posted actions
    return came;
  }

  private void ready(SelectionKey key) {
    if (key.attachment() instanceof Runnable action) {
      guarded(action);
    }
  }

  private static void guarded(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | Error e) {
      log.error("worker loop: an action failed; the loop continues", e);
    }
  }
}
