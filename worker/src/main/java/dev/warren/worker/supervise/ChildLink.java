package dev.warren.worker.supervise;

import dev.warren.worker.link.Frame;
import dev.warren.worker.link.FrameReader;
import dev.warren.worker.link.LinkException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The supervisor's end of the link to one child. Confined to the loop; never blocks.
 *
 * <p>Frames are written at once as far as the socket takes them, the rest when it takes more. The
 * end of the link, garbage in it included, is told once, after every frame before it.
 */
final class ChildLink {
  private static final int READS_PER_ROUND = 16;

  private final SocketChannel channel;
  private final FrameReader reader;
  private final ArrayDeque<ByteBuffer> outgoing = new ArrayDeque<>();
  private Consumer<Frame> onFrame = frame -> {};
  private Consumer<@Nullable String> onEnd = reason -> {};
  private @Nullable SelectionKey key;
  private boolean ended;

  private ChildLink(SocketChannel channel) {
    this.channel = channel;
    this.reader = new FrameReader(channel);
  }

  /** Takes over an accepted channel. */
  static ChildLink open(WorkerLoop loop, SocketChannel channel) throws IOException {
    ChildLink link = new ChildLink(channel);
    link.key = loop.register(channel, SelectionKey.OP_READ, link::ready);
    return link;
  }

  /**
   * Says who hears of frames and of the end.
   *
   * @param end gets null for an ordinary end, else what was wrong
   */
  void listen(Consumer<Frame> frames, Consumer<@Nullable String> end) {
    onFrame = frames;
    onEnd = end;
  }

  /** Sends a frame; dropped where the link has ended. */
  void send(Frame frame) {
    if (ended) {
      return;
    }
    outgoing.add(frame.toBuffer());
    if (outgoing.size() == 1) {
      write();
    }
  }

  /** Reads all that is there; the end is told if it is reached. */
  void drain() {
    while (!ended && readOnce() > 0) {
      Thread.onSpinWait();
    }
  }

  boolean hasEnded() {
    return ended;
  }

  /** Cuts the link; the end is told. */
  void close(@Nullable String reason) {
    if (ended) {
      return;
    }
    ended = true;
    outgoing.clear();
    try {
      channel.close();
    } catch (IOException e) {
      // nothing is left to be lost: the end is told below
      onEnd.accept(reason == null ? e.getMessage() : reason);
      return;
    }
    onEnd.accept(reason);
  }

  private void ready() {
    SelectionKey now = key;
    if (now != null && now.isValid() && now.isWritable()) {
      write();
    }
    for (int i = 0; i < READS_PER_ROUND && !ended && readOnce() > 0; i++) {
      Thread.onSpinWait();
    }
  }

  /** Reads once and hands out whole frames; says how much was read, -1 at the end. */
  private int readOnce() {
    try {
      int read = reader.fill();
      for (Frame frame = reader.poll(); frame != null && !ended; frame = reader.poll()) {
        onFrame.accept(frame);
      }
      if (read < 0) {
        close(null);
      }
      return read;
    } catch (IOException e) {
      close(null);
      return -1;
    } catch (LinkException e) {
      close(e.getMessage());
      return -1;
    }
  }

  private void write() {
    try {
      while (!outgoing.isEmpty()) {
        ByteBuffer first = outgoing.element();
        channel.write(first);
        if (first.hasRemaining()) {
          break;
        }
        outgoing.remove();
      }
      SelectionKey now = key;
      if (now != null && now.isValid()) {
        now.interestOps(
            outgoing.isEmpty()
                ? SelectionKey.OP_READ
                : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
      }
    } catch (IOException e) {
      // the child has gone; what it wrote before is still to be read, so the end comes by reading
      outgoing.clear();
    }
  }
}
