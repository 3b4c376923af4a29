package dev.warren.service.live;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.lifecycle.TimeSource;
import dev.warren.service.http.Problem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;

/** All views with their viewers. Thread-safe. */
public final class LiveViews implements AutoCloseable {
  private static final Logger log = Logs.of(LiveViews.class);

  /** Time between two updates of a view, in milliseconds. */
  public static final long TICK_MS = 500;

  /** Maximum number of viewers of all views together. */
  public static final int MAX_VIEWERS = 200;

  private final Function<String, View> opener;
  private final TimeSource time;
  private final ScheduledExecutorService timer = NamedThreads.timer("live-tick");
  private final ExecutorService threads = NamedThreads.elastic("live");

  @GuardedBy("this")
  private final Map<String, Channel> channels = new HashMap<>();

  @GuardedBy("this")
  private boolean closed;

  /**
   * Creates views without viewers.
   *
   * @param opener returns the view of a name; it may throw a {@link Problem}, which the viewers get
   */
  public LiveViews(Function<String, View> opener, TimeSource time) {
    this.opener = opener;
    this.time = time;
    var unused =
        timer.scheduleWithFixedDelay(this::tickAll, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
  }

  /** Number of viewers. */
  private synchronized int viewers() {
    return channels.values().stream().mapToInt(Channel::size).sum();
  }

  /**
   * Adds a viewer, who gets the state as soon as it is computed.
   *
   * @throws Problem if there are too many, or the service is stopping
   */
  void add(String name, Viewer viewer) {
    Channel channel;
    synchronized (this) {
      check();
      channel =
          channels.computeIfAbsent(name, key -> new Channel(key, () -> opener.apply(key), time));
      channel.add(viewer);
    }
    tick(channel);
  }

  /**
   * Checks whether there is room for one more viewer.
   *
   * @throws Problem if not
   */
  synchronized void check() {
    if (closed) {
      throw Problem.unavailable("this coordinator is stopping");
    }
    if (viewers() >= MAX_VIEWERS) {
      throw Problem.unavailable(MAX_VIEWERS + " viewers are connected; close a page and try again");
    }
  }

  private void tickAll() {
    try {
      List<Channel> forgotten;
      List<Channel> all;
      synchronized (this) {
        forgotten = channels.values().stream().filter(Channel::isForgotten).toList();
        channels.values().removeAll(forgotten);
        all = List.copyOf(channels.values());
      }
      forgotten.forEach(Channel::close); // outside the lock, because a view may block
      all.forEach(this::tick);
    } catch (RuntimeException | Error e) {
      log.error("a round of the live views failed; they continue", e);
    }
  }

  private void tick(Channel channel) {
    if (channel.tryBegin()) {
      try {
        threads.execute(channel::tick);
      } catch (RejectedExecutionException e) {
        log.trace("closing; no view is updated any more", e);
        channel.release();
      }
    }
  }

  /** Ends all answers. */
  @Override
  public void close() {
    List<Channel> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(channels.values());
      channels.clear();
    }
    timer.shutdownNow();
    threads.shutdown();
    all.forEach(Channel::close);
  }
}
