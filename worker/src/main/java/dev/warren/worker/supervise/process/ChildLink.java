package dev.warren.worker.supervise.process;

import dev.warren.lifecycle.EventLoop;
import dev.warren.task.Payload;
import dev.warren.worker.link.CallsHeader;
import dev.warren.worker.link.Frame;
import dev.warren.worker.link.FrameReader;
import dev.warren.worker.link.FrameWriter;
import dev.warren.worker.link.LinkException;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The supervisor's end of the link to one child. Confined to the loop; never blocks.
 *
 * <p>Frames are written together at the end of the loop's round, as far as the socket takes them,
 * the rest when it takes more. The end of the link, garbage in it included, is told once, after
 * every frame before it.
 */
public final class ChildLink {
  private static final int READS_PER_ROUND = 16;

  private final EventLoop loop;
  private final SocketChannel channel;
  private final FrameReader reader;
  private final FrameWriter writer = new FrameWriter();
  // a write is due at the end of this round, or once the socket takes more
  private boolean writing;
  private Consumer<Frame> onFrame = frame -> {};
  private Consumer<@Nullable String> onEnd = reason -> {};
  private @Nullable SelectionKey key;
  private boolean ended;
  private boolean withdraws;

  private ChildLink(EventLoop loop, SocketChannel channel) {
    this.loop = loop;
    this.channel = channel;
    this.reader = new FrameReader(channel);
  }

  /** Takes over an accepted channel. */
  static ChildLink open(EventLoop loop, SocketChannel channel) throws IOException {
    ChildLink link = new ChildLink(loop, channel);
    link.key = loop.register(channel, SelectionKey.OP_READ, link::ready);
    return link;
  }

  /**
   * Says who hears of frames and of the end.
   *
   * @param end gets null for an ordinary end, else what was wrong
   */
  public void listen(Consumer<Frame> frames, Consumer<@Nullable String> end) {
    onFrame = frames;
    onEnd = end;
  }

  /** Refuses frames longer than that many bytes, from the next one on. */
  void limitFrames(int bytes) {
    reader.limit(bytes);
  }

  /** The child has said whether it understands WITHDRAW. */
  public void withdraws(boolean understood) {
    withdraws = understood;
  }

  public boolean withdraws() {
    return withdraws;
  }

  /** Sends a frame; dropped where the link has ended. */
  public void send(Frame frame) {
    if (!ended) {
      writer.add(frame);
      writeSoon();
    }
  }

  /** Sends calls; dropped where the link has ended. */
  public void send(CallsHeader header, @Nullable Payload captured, Payload lines) {
    if (!ended) {
      writer.add(header, captured, lines);
      writeSoon();
    }
  }

  private void writeSoon() {
    if (!writing) {
      writing = true;
      loop.endRoundWith(this::write);
    }
  }

  /** Reads all that is there; the end is told if it is reached. */
  public void drain() {
    while (!ended && readOnce() > 0) {
      Thread.onSpinWait();
    }
  }

  public boolean hasEnded() {
    return ended;
  }

  /** Cuts the link; the end is told. */
  public void close(@Nullable String reason) {
    if (ended) {
      return;
    }
    ended = true;
    writer.clear();
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
    readSome();
  }

  /** Reads what is there, but no more than a round's worth. */
  public void readSome() {
    boolean more = true;
    for (int i = 0; i < READS_PER_ROUND && more && !ended; i++) {
      more = readOnce() > 0 && !reader.hasEmptied();
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
    } catch (RuntimeException | Error e) {
      // a frame that is none, or one too large for this process: the child's doing in either case
      close("a frame of it cannot be taken in: " + e);
      return -1;
    }
  }

  private void write() {
    SelectionKey now = key;
    if (ended || now == null || !now.isValid()) {
      return;
    }
    try {
      writing = !writer.writeTo(channel);
      int wanted = writing ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
      if (now.interestOps() != wanted) {
        now.interestOps(wanted);
      }
    } catch (IOException e) {
      // the child has gone; what it wrote before is still to be read, so the end comes by reading
      writer.clear();
      writing = false;
    }
  }
}
