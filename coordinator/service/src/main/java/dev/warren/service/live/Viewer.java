package dev.warren.service.live;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.lifecycle.Logs;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * A reader of events over HTTP. Nothing waits for it: while its connection takes nothing, frames
 * are left out, and afterwards it gets the whole state. Thread-safe.
 */
final class Viewer implements WriteListener, AsyncListener {
  private static final Logger log = Logs.of(Viewer.class);

  private final ServletOutputStream out;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  @GuardedBy("this")
  private boolean needsState = true;

  @GuardedBy("this")
  private boolean needsFlush;

  @GuardedBy("this")
  private boolean ready;

  @GuardedBy("this")
  private byte @Nullable [] lastFrame;

  @GuardedBy("this")
  private boolean finishing;

  @GuardedBy("this")
  private boolean closed;

  private Viewer(ServletOutputStream out) {
    this.out = out;
  }

  /** Begins to write events as the answer to the request of this context. */
  static Viewer of(AsyncContext context) throws IOException {
    Viewer viewer = new Viewer(context.getResponse().getOutputStream());
    context.setTimeout(0);
    context.addListener(viewer);
    viewer.out.setWriteListener(viewer);
    return viewer;
  }

  /**
   * Writes an event, if the connection takes it at once.
   *
   * @param delta for a viewer that has everything before it
   * @param state for any other
   */
  synchronized void send(byte[] delta, Supplier<byte[]> state) {
    if (closed || finishing || lastFrame != null) {
      return;
    }
    if (!ready) {
      needsState = true;
      return;
    }
    byte[] frame = needsState ? state.get() : delta;
    needsState = false;
    write(frame);
  }

  /** Writes the whole state, unless the viewer has it. */
  synchronized void greet(Supplier<byte[]> state) {
    if (needsState && ready && !closed && !finishing) {
      needsState = false;
      write(state.get());
    }
  }

  /** Writes a last event as soon as the connection takes it, and ends the answer. */
  synchronized void end(byte[] last) {
    if (closed) {
      return;
    }
    lastFrame = last;
    if (ready) {
      finish(last);
    }
  }

  @GuardedBy("this")
  private void finish(byte[] last) {
    lastFrame = null;
    finishing = true;
    write(last);
    if (ready) { // else when it is written
      close();
    }
  }

  @GuardedBy("this")
  private void write(byte[] frame) {
    try {
      out.write(frame);
      needsFlush = true;
      flushIfReady();
    } catch (IOException | IllegalStateException e) {
      log.debug("a viewer has left: {}", e.getMessage());
      close();
    }
  }

  @GuardedBy("this")
  private void flushIfReady() throws IOException {
    ready = out.isReady();
    if (ready && needsFlush) {
      needsFlush = false;
      out.flush();
      ready = out.isReady();
    }
  }

  @Override
  public synchronized void onWritePossible() throws IOException {
    flushIfReady();
    byte[] last = lastFrame;
    if (ready && last != null) {
      finish(last);
    } else if (ready && finishing) {
      close();
    }
  }

  @Override
  public void onError(Throwable failure) {
    log.debug("a viewer has left: {}", failure.getMessage());
    close();
  }

  synchronized boolean isClosed() {
    return closed;
  }

  synchronized void close() {
    closed = true;
    ended.complete(null);
  }

  /** Completes when nothing more will be written. */
  CompletableFuture<Void> ended() {
    return ended;
  }

  @Override
  public void onComplete(AsyncEvent event) {
    close();
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    close();
  }

  @Override
  public void onError(AsyncEvent event) {
    close();
  }

  @Override
  public void onStartAsync(AsyncEvent event) {}
}
