package dev.warren.testkit;

import dev.warren.lifecycle.EventLoop;
import dev.warren.lifecycle.LoopWork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An event loop that a test steps on its own thread, with time that passes only in {@link
 * #advance}. {@link #step} throws exceptions of actions once its round is over.
 */
public final class ManualLoop implements EventLoop, AutoCloseable {
  private final ManualTime time;
  private final LoopWork work;
  private final List<Throwable> thrown = new ArrayList<>();
  private @Nullable Selector selector; // opened with the first channel

  public ManualLoop() {
    this(new ManualTime());
  }

  public ManualLoop(ManualTime time) {
    this.time = time;
    this.work = new LoopWork(time);
  }

  /** Runs one round: ready channels, posted actions, expired timers, finishers, final actions. */
  public void step() {
    if (selector != null) {
      try {
        selector.selectNow(key -> guarded((Runnable) key.attachment()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    work.round(this::guarded);
    rethrow();
  }

  /** Runs {@code action} as if it had been posted, and the rest of the round. */
  public void step(Runnable action) {
    post(action);
    step();
  }

  /** Runs rounds until no action is posted. */
  public void settle() {
    do {
      step();
    } while (work.anyPosted());
  }

  /** Lets time pass; every timer that expires runs in a round at its time, in order. */
  public void advance(Duration by) {
    long end = time.nanos() + by.toNanos();
    settle();
    while (work.nanosToTimer() <= end - time.nanos()) {
      time.pass(Duration.ofNanos(Math.max(0, work.nanosToTimer())));
      settle();
    }
    time.pass(Duration.ofNanos(end - time.nanos()));
    settle();
  }

  public void advanceMillis(long millis) {
    advance(Duration.ofMillis(millis));
  }

  /** How long a loop with a thread would wait now; empty if only a post could wake it. */
  public Optional<Duration> nextWait() {
    if (work.anyPosted()) {
      return Optional.of(Duration.ZERO);
    }
    long nanos = work.nanosToTimer();
    return nanos == Long.MAX_VALUE
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(Math.max(0, nanos)));
  }

  @Override
  public void post(Runnable action) {
    work.post(action);
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
  public ManualTime time() {
    return time;
  }

  @Override
  public SelectionKey register(SelectableChannel channel, int operations, Runnable ready)
      throws IOException {
    if (selector == null) {
      selector = Selector.open();
    }
    channel.configureBlocking(false);
    return channel.register(selector, operations, ready);
  }

  private void guarded(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | Error e) {
      thrown.add(e);
    }
  }

  private void rethrow() {
    if (thrown.isEmpty()) {
      return;
    }
    Throwable first = thrown.remove(0);
    thrown.forEach(first::addSuppressed);
    thrown.clear();
    if (first instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) first;
  }

  /** Closes the selector if a channel was registered. */
  @Override
  public void close() throws IOException {
    if (selector != null) {
      selector.close();
    }
  }
}
