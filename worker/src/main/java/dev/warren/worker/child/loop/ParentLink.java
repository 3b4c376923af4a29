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
 * The child's end of the link, never blocking but in {@link #write}. Reading is guarded by {@link
 * CallIntake}'s lock, writing by {@link CallQueue}'s.
 */
public final class ParentLink {
  private static final String PROVIDER = "java.nio.channels.spi.SelectorProvider";
  private static final String LINUX_PROVIDER = "sun.nio.ch.EPollSelectorProvider";

  private final SocketChannel channel;
  private final FrameReader frames;

  /** Where the runner waits for something to read. */
  final LinkWaiter runners;

  /** Where the watcher waits for something to read. */
  final LinkWaiter watchers;

  private @Nullable LinkWaiter writable;
  private boolean ended;
  // a system call would find nothing
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

  /** The next frame that is here, or null. */
  @Nullable Frame poll() throws IOException {
    Frame frame = frames.poll();
    while (frame == null && !emptied) {
      int bytes = frames.fill();
      ended |= bytes < 0;
      emptied = bytes <= 0 || frames.hasEmptied();
      frame = frames.poll();
    }
    emptied &= frame != null; // the next is to look again
    return frame;
  }

  /** Whether the link has been read to its end. */
  boolean ended() {
    return ended;
  }

  /** Writes all of {@code bytes}, however long that takes. */
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

  /** Cuts the link; a thread that still waits for it gets an exception. */
  public void close() throws IOException {
    channel.close();
    runners.close();
    watchers.close();
    if (writable != null) {
      writable.close();
    }
  }
}
