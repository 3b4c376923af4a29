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
 * <p>Frames are written together at the end of the loop's round, as far as the socket accepts them,
 * and the rest when it accepts more. The end of the link, also by an invalid frame, is reported
 * once, after every frame before it.
 */
public final class ChildLink {
  private static final int READS_PER_ROUND = 16;

  private final EventLoop loop;
  private final SocketChannel channel;
  private final FrameReader reader;
  private final FrameWriter writer = new FrameWriter();
  // a write is scheduled for the end of this round, or for when the socket accepts more
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

  /** Creates the link on an accepted channel. */
  static ChildLink open(EventLoop loop, SocketChannel channel) throws IOException {
    ChildLink link = new ChildLink(loop, channel);
    link.key = loop.register(channel, SelectionKey.OP_READ, link::ready);
    return link;
  }

  /**
   * Sets the receivers of frames and of the end.
   *
   * @param end receives null for an ordinary end, otherwise the reason
   */
  public void listen(Consumer<Frame> frames, Consumer<@Nullable String> end) {
    onFrame = frames;
    onEnd = end;
  }

  /** Refuses frames longer than {@code bytes}, from the next one on. */
  void limitFrames(int bytes) {
    reader.limit(bytes);
  }

  /** Records whether the child supports WITHDRAW. */
  public void withdraws(boolean understood) {
    withdraws = understood;
  }

  public boolean withdraws() {
    return withdraws;
  }

  /** Sends a frame; drops it if the link has ended. */
  public void send(Frame frame) {
    if (!ended) {
      writer.add(frame);
      writeSoon();
    }
  }

  /** Sends calls; drops them if the link has ended. */
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

  /** Reads everything that has arrived; reports the end if it is reached. */
  public void drain() {
    while (!ended && readOnce() > 0) {
      Thread.onSpinWait();
    }
  }

  public boolean hasEnded() {
    return ended;
  }

  /** Closes the link; the end is reported. */
  public void close(@Nullable String reason) {
    if (ended) {
      return;
    }
    ended = true;
    writer.clear();
    try {
      channel.close();
    } catch (IOException e) {
      // nothing is lost: the end is reported next
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

  /** Reads what has arrived, up to the maximum of one round. */
  public void readSome() {
    boolean more = true;
    for (int i = 0; i < READS_PER_ROUND && more && !ended; i++) {
      more = readOnce() > 0 && !reader.hasEmptied();
    }
  }

  /**
   * Reads once and delivers the complete frames; returns the number of bytes read, -1 at the end.
   */
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
      // an invalid frame, or one too large for this process: the child is at fault in both cases
      close("cannot handle a frame: " + e);
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
      // the child is gone; its earlier frames are still to be read, so reading reports the end
      writer.clear();
      writing = false;
    }
  }
}
