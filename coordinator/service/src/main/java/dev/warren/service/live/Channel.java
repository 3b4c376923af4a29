package dev.warren.service.live;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.TimeSource;
import dev.warren.service.http.Failures;
import dev.warren.service.http.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** One view and its viewers. Thread-safe; {@link #tick} runs on one thread at a time. */
final class Channel {
  private static final Logger log = Logs.of(Channel.class);

  /** How long a view is kept without viewers. */
  private static final long KEPT = Duration.ofSeconds(30).toNanos();

  /** How long nothing is sent while nothing changes. */
  private static final long QUIET = Duration.ofSeconds(1).toNanos();

  private final String name;
  private final Supplier<View> opener;
  private final TimeSource time;
  private final AtomicBoolean running = new AtomicBoolean();
  // volatile: set once by whoever closes; the thread of the tick reads it
  private volatile boolean closed;
  // confined to the thread that runs the tick
  private final Frames frames = new Frames();
  private @Nullable View view;
  private long sentNanos;

  @GuardedBy("this")
  private final List<Viewer> viewers = new ArrayList<>();

  @GuardedBy("this")
  private long viewedNanos;

  Channel(String name, Supplier<View> opener, TimeSource time) {
    this.name = name;
    this.opener = opener;
    this.time = time;
    this.viewedNanos = time.nanos();
    this.sentNanos = time.nanos();
  }

  synchronized void add(Viewer viewer) {
    viewers.add(viewer);
    viewedNanos = time.nanos();
  }

  private synchronized List<Viewer> present() {
    viewers.removeIf(Viewer::isClosed);
    if (!viewers.isEmpty()) {
      viewedNanos = time.nanos();
    }
    return List.copyOf(viewers);
  }

  synchronized int size() {
    viewers.removeIf(Viewer::isClosed);
    return viewers.size();
  }

  /** Whether nobody has looked at it for a while. */
  synchronized boolean isForgotten() {
    return size() == 0 && time.nanos() - viewedNanos > KEPT;
  }

  /** Reserves the next tick for the caller; returns false while another one runs. */
  boolean tryBegin() {
    return running.compareAndSet(false, true);
  }

  /** Computes the view and sends what has changed. The caller must have reserved it. */
  void tick() {
    try {
      List<Viewer> present = present();
      if (!present.isEmpty()) {
        send(present);
      }
    } catch (RuntimeException e) {
      fail(e);
    } finally {
      release();
    }
  }

  /**
   * Gives up a tick that the caller reserved. Closes the view if the channel was closed meanwhile.
   */
  void release() {
    running.set(false);
    if (closed) {
      closeIfIdle();
    }
  }

  private void send(List<Viewer> present) {
    View described = view;
    if (described == null) {
      described = opener.get();
      view = described;
    }
    Sections sections = new Sections();
    described.describe(sections);
    byte[] delta = frames.next(sections, time.epochMillis());
    long now = time.nanos();
    if (delta == null && now - sentNanos >= QUIET) {
      delta = frames.tick(time.epochMillis());
    }
    if (delta != null) {
      sentNanos = now;
      for (Viewer viewer : present) {
        viewer.send(delta, frames::state);
      }
    }
    for (Viewer viewer : present) {
      viewer.greet(frames::state);
    }
  }

  private void fail(RuntimeException failure) {
    Problem problem = Failures.problem(failure);
    log.debug("view {} ends: {}", name, problem.getMessage());
    endAll(Frames.event("problem", problem.document().text()));
    closeView();
  }

  private synchronized void endAll(byte[] last) {
    viewers.forEach(viewer -> viewer.end(last));
    viewers.clear();
  }

  private void closeView() {
    View open = view;
    view = null;
    if (open != null) {
      open.close();
    }
  }

  /** Ends all answers, and closes the view as soon as no tick uses it. */
  void close() {
    synchronized (this) {
      viewers.forEach(Viewer::close);
      viewers.clear();
    }
    closed = true;
    closeIfIdle();
  }

  private void closeIfIdle() {
    if (tryBegin()) { // and never releases it: no tick may follow
      closeView();
    }
  }
}
