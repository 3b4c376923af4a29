package dev.warren.broker.rabbit.connection;

import com.rabbitmq.client.WriteListener;
import com.rabbitmq.client.impl.AMQConnection;
import com.rabbitmq.client.impl.Frame;
import com.rabbitmq.client.impl.FrameHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/**
 * A frame handler with a cork, in the sense of TCP_CORK. The client flushes its socket after each
 * message; while corked, flushes are skipped, so that many small messages or acknowledgements leave
 * in one write. Corked and uncorked by the thread that owns the connection's channel; otherwise as
 * thread-safe as the handler it wraps.
 */
public final class CorkedFrames implements FrameHandler {
  private final FrameHandler socket;
  // volatile: set by the channel's owner, read by the thread that sends heartbeats
  private volatile boolean corked;

  CorkedFrames(FrameHandler socket) {
    this.socket = socket;
  }

  public void cork() {
    corked = true;
  }

  /** Flushes everything written while corked. */
  public void uncork() throws IOException {
    corked = false;
    socket.flush(null);
  }

  @Override
  public void flush(@Nullable WriteListener listener) throws IOException {
    if (!corked) {
      socket.flush(listener);
    }
  }

  @Override
  public void writeFrame(Frame frame) throws IOException {
    socket.writeFrame(frame);
  }

  @Override
  public Frame readFrame() throws IOException {
    return socket.readFrame();
  }

  @Override
  public boolean internalHearbeat() {
    return socket.internalHearbeat();
  }

  @Override
  public void setTimeout(int timeoutMs) throws SocketException {
    socket.setTimeout(timeoutMs);
  }

  @Override
  public int getTimeout() throws SocketException {
    return socket.getTimeout();
  }

  @Override
  public void sendHeader() throws IOException {
    socket.sendHeader();
  }

  @Override
  public void initialize(AMQConnection connection) {
    socket.initialize(connection);
  }

  @Override
  public void startProcessing() {
    socket.startProcessing();
  }

  @Override
  public void finishConnectionNegotiation() {
    socket.finishConnectionNegotiation();
  }

  @Override
  public void setFrameMax(int frameMax) {
    socket.setFrameMax(frameMax);
  }

  @Override
  public void close() {
    corked = false;
    socket.close();
  }

  @Override
  public InetAddress getLocalAddress() {
    return socket.getLocalAddress();
  }

  @Override
  public int getLocalPort() {
    return socket.getLocalPort();
  }

  @Override
  public InetAddress getAddress() {
    return socket.getAddress();
  }

  @Override
  public int getPort() {
    return socket.getPort();
  }
}
