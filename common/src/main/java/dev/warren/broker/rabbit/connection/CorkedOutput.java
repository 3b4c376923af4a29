package dev.warren.broker.rabbit.connection;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A socket's output with a cork, in the sense of TCP_CORK. The client flushes its socket after each
 * message; while corked, what it writes is kept, so that many small messages or acknowledgements
 * leave in one write. Corked and uncorked by the thread that owns the connection's channel; written
 * by that thread and by the one that sends heartbeats. Thread-safe.
 */
public final class CorkedOutput extends OutputStream {
  /** Bytes that are kept at most: a write beyond that sends everything. */
  private static final int ROOM = 64 * 1024;

  private final OutputStream socket;

  @GuardedBy("this")
  private final byte[] kept = new byte[ROOM];

  @GuardedBy("this")
  private int length;

  @GuardedBy("this")
  private boolean corked;

  CorkedOutput(OutputStream socket) {
    this.socket = socket;
  }

  public synchronized void cork() {
    corked = true;
  }

  /** Sends everything written while corked. */
  public synchronized void uncork() throws IOException {
    corked = false;
    send();
    socket.flush();
  }

  @Override
  public synchronized void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int count) throws IOException {
    if (count > ROOM - length) {
      send();
    }
    if (!corked || count > ROOM) {
      send();
      socket.write(bytes, offset, count);
    } else {
      System.arraycopy(bytes, offset, kept, length, count);
      length += count;
    }
  }

  @Override
  public synchronized void flush() throws IOException {
    if (!corked) {
      send();
      socket.flush();
    }
  }

  /** Closes the socket's output. What is kept belongs to a connection that has ended. */
  @Override
  public void close() throws IOException {
    socket.close();
  }

  @GuardedBy("this")
  private void send() throws IOException {
    if (length > 0) {
      int all = length;
      length = 0;
      socket.write(kept, 0, all);
    }
  }
}
