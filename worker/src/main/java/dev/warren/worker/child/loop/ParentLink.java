package dev.warren.worker.child.loop;

import dev.warren.worker.link.Frame;
import dev.warren.worker.link.FrameReader;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The child's end of the link; only {@link #write} blocks. Reading is guarded by {@link
 * CallIntake}'s lock, writing by {@link CallQueue}'s.
 */
public final class ParentLink {
  private static final String PROVIDER = "java.nio.channels.spi.SelectorProvider";
  private static final String LINUX_PROVIDER = "sun.nio.ch.EPollSelectorProvider";

  private final SocketChannel channel;
  private final FrameReader frames;

  /** The runner's waiter for readable data. */
  final LinkWaiter runners;

  /** The watcher's waiter for readable data. */
  final LinkWaiter watchers;

  private @Nullable LinkWaiter writable;
  private boolean ended;
  // whether a read would find nothing
  private boolean emptied;

  private ParentLink(SocketChannel channel) throws IOException {
    this.channel = channel;
    this.frames = new FrameReader(channel);
    this.runners = new LinkWaiter(channel, SelectionKey.OP_READ);
    this.watchers = new LinkWaiter(channel, SelectionKey.OP_READ);
  }

  /** Connects to the supervisor's socket. */
  public static ParentLink connect(Path socket) throws IOException {
    SocketChannel channel = open(UnixDomainSocketAddress.of(socket));
    channel.configureBlocking(false);
    return new ParentLink(channel);
  }

  /**
   * Opens a channel. Names the JDK's provider explicitly, because a process's first channel
   * otherwise makes Java search all jars of the class path for another provider, which takes 10 to
   * 25 ms.
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

  /** Returns the next frame that has arrived; null if there is none. */
  @Nullable Frame poll() throws IOException {
    Frame frame = frames.poll();
    while (frame == null && !emptied) {
      int bytes = frames.fill();
      ended |= bytes < 0;
      emptied = bytes <= 0 || frames.hasEmptied();
      frame = frames.poll();
    }
    emptied &= frame != null; // the next call reads again
    return frame;
  }

  /** Whether the link has been read to its end. */
  boolean ended() {
    return ended;
  }

  /** Writes all of {@code bytes}; blocks as long as necessary. */
  void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (channel.write(bytes) == 0) {
        if (writable == null) {
          writable = new LinkWaiter(channel, SelectionKey.OP_WRITE);
        }
        writable.await(Long.MAX_VALUE);
      }
    }
  }

  /** Closes the link; a thread that still waits for it gets an exception. */
  public void close() throws IOException {
    channel.close();
    runners.close();
    watchers.close();
    if (writable != null) {
      writable.close();
    }
  }
}
