package dev.warren.worker.child.loop;

import java.io.IOException;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/**
 * Waits until the link is ready. Used by one thread; {@link #wakeup} is thread-safe.
 *
 * <p>It uses a selector instead of a blocking read or write because user code may interrupt the
 * thread that runs it: an interrupt closes the channel during a blocking read or write, but only
 * wakes a selector.
 */
final class LinkWaiter {
  private final Selector selector;

  /** Creates a waiter for {@code operations}, as in {@link java.nio.channels.SelectionKey}. */
  LinkWaiter(SocketChannel channel, int operations) throws IOException {
    selector = channel.provider().openSelector();
    channel.register(selector, operations);
  }

  /**
   * Waits until the link is ready, for about {@code nanos}, or until {@link #wakeup}. Continues
   * after interrupts and leaves the thread's interrupt flag set if there was one.
   */
  void await(long nanos) throws IOException {
    long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos));
    boolean interrupted = Thread.interrupted();
    while (selector.select(millis) == 0 && Thread.interrupted()) {
      interrupted = true;
    }
    selector.selectedKeys().clear();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the present wait, or the next one at once. */
  void wakeup() {
    selector.wakeup();
  }

  void close() throws IOException {
    selector.close();
  }
}
