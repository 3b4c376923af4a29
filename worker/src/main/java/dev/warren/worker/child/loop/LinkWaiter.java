package dev.warren.worker.child.loop;

import java.io.IOException;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/**
 * Waits until the link is ready for something. For one thread; {@link #wakeup} is for all.
 *
 * <p>A selector, and not a blocking read or write, for one reason: user code may interrupt the
 * thread that runs it, or be interrupted, and an interrupt in a blocking read or write closes the
 * channel. In a selector it only wakes.
 */
final class LinkWaiter {
  private final Selector selector;

  /** Waits for {@code operations}, as {@link java.nio.channels.SelectionKey} has them. */
  LinkWaiter(SocketChannel channel, int operations) throws IOException {
    selector = channel.provider().openSelector();
    channel.register(selector, operations);
  }

  /**
   * Waits through interrupts, and leaves the thread's flag as it would have been: until the link is
   * ready, for not much longer than that, or until {@link #wakeup}.
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

  /** Ends the wait, or the next one at once. */
  void wakeup() {
    selector.wakeup();
  }

  void close() throws IOException {
    selector.close();
  }
}
