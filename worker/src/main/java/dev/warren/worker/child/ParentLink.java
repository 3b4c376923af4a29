package dev.warren.worker.child;

import dev.warren.worker.link.Frame;
import dev.warren.worker.link.FrameReader;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The child's end of the link. Reading is confined to the reader thread; writing is guarded by
 * {@link CallDesk}'s lock.
 *
 * <p>The channel is non-blocking, and waits happen in selectors, for one reason: user code may
 * interrupt the thread that runs it, or be interrupted, and an interrupt in a blocking read or
 * write closes the channel. In a selector it only wakes.
 */
final class ParentLink {
  private static final String PROVIDER = "java.nio.channels.spi.SelectorProvider";
  private static final String LINUX_PROVIDER = "sun.nio.ch.EPollSelectorProvider";

  private final SocketChannel channel;
  private final FrameReader frames;
  private final Selector readable;
  private @Nullable Selector writable;
  // set by the main thread, read by the reader
  private volatile boolean stopped;

  private ParentLink(SocketChannel channel, Selector readable) {
    this.channel = channel;
    this.readable = readable;
    this.frames = new FrameReader(channel);
  }

  /** Connects to the supervisor's socket. */
  static ParentLink connect(Path socket) throws IOException {
    SocketChannel channel = open(UnixDomainSocketAddress.of(socket));
    channel.configureBlocking(false);
    Selector readable = channel.provider().openSelector();
    channel.register(readable, SelectionKey.OP_READ);
    return new ParentLink(channel, readable);
  }

  /**
   * The first channel of a process has Java look through all jars of the class path for somebody
   * else's channels, 10 to 25 ms long, unless it is told whose to take: its own.
   */
  private static SocketChannel open(UnixDomainSocketAddress address) throws IOException {
    if (System.getProperty(PROVIDER) != null || !hasClass(LINUX_PROVIDER)) {
      return SocketChannel.open(address);
    }
    System.setProperty(PROVIDER, LINUX_PROVIDER);
    try {
      return SocketChannel.open(address);
    } finally {
      System.clearProperty(PROVIDER);
    }
  }

  private static boolean hasClass(String name) {
    try {
      Class.forName(name, false, null);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** The next frame, waiting for it; null at the end of the link, and once reading was stopped. */
  @Nullable Frame read() throws IOException {
    while (!stopped) {
      Frame frame = frames.poll();
      if (frame != null) {
        return frame;
      }
      int bytes = frames.fill();
      if (bytes < 0) {
        return null;
      }
      if (bytes == 0) {
        await(readable);
      }
    }
    return null;
  }

  /**
   * Has the reader return, for a process that ends: a JVM that ends waits 300 ms for threads that
   * are in the operating system's hands.
   */
  void stopReading() {
    stopped = true;
    readable.wakeup();
  }

  boolean stopped() {
    return stopped;
  }

  /** The next frame that is here already, or null. */
  @Nullable Frame poll() {
    return frames.poll();
  }

  /** Cuts the link. */
  void close() throws IOException {
    channel.close();
    readable.close();
  }

  /** Writes all of {@code bytes}, however long that takes. */
  void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (channel.write(bytes) == 0) {
        if (writable == null) {
          writable = channel.provider().openSelector();
          channel.register(writable, SelectionKey.OP_WRITE);
        }
        await(writable);
      }
    }
  }

  /** Waits through interrupts, and leaves the thread's flag as it would have been. */
  private static void await(Selector selector) throws IOException {
    boolean interrupted = Thread.interrupted();
    while (selector.select() == 0 && Thread.interrupted()) {
      interrupted = true;
    }
    selector.selectedKeys().clear();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
