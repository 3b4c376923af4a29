package dev.warren.broker.rabbit.connection;

import com.rabbitmq.client.SocketConfigurator;
import com.rabbitmq.client.SocketConfigurators;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.Objects;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Creates the sockets of RabbitMQ's client: those of another factory, plain or TLS, read through
 * {@link InboundFrames} and written through {@link CorkedOutput}. For one connection; confined to
 * the thread that opens it.
 *
 * <p>Sockets are wrapped because they are what the client's public interface lets a program
 * replace; its frame classes are internal.
 */
final class GuardedSockets extends SocketFactory {
  private final SocketFactory sockets;
  private final SocketConfigurator configurator;
  private @Nullable CorkedOutput newest;

  /**
   * Wraps another factory.
   *
   * @param configurator configures each socket before it is wrapped
   */
  GuardedSockets(SocketFactory sockets, SocketConfigurator configurator) {
    this.sockets = sockets;
    this.configurator = configurator;
  }

  static GuardedSockets plain() {
    return new GuardedSockets(
        SocketFactory.getDefault(), SocketConfigurators.defaultConfigurator());
  }

  /** Creates TLS sockets that also verify that the server's certificate matches its host name. */
  static GuardedSockets tls(SSLContext context) {
    return new GuardedSockets(
        context.getSocketFactory(), SocketConfigurators.enableHostnameVerification());
  }

  @Override
  public Socket createSocket() throws IOException {
    Socket socket = sockets.createSocket();
    configurator.configure(socket);
    return new Guarded(socket);
  }

  /** Returns the output of the socket that was connected last. */
  CorkedOutput output() {
    return Objects.requireNonNull(newest);
  }

  // the client creates an unconnected socket and connects it

  @Override
  public Socket createSocket(String host, int port) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(
      InetAddress address, int port, InetAddress localAddress, int localPort) {
    throw new UnsupportedOperationException();
  }

  /** Forwards the methods that RabbitMQ's client uses. As thread-safe as the socket it wraps. */
  @SuppressWarnings("UnsynchronizedOverridesSynchronized") // the wrapped socket locks by itself
  private final class Guarded extends Socket {
    private final Socket socket;

    Guarded(Socket socket) {
      this.socket = socket;
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return new InboundFrames(socket.getInputStream());
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      CorkedOutput output = new CorkedOutput(socket.getOutputStream());
      newest = output;
      return output;
    }

    @Override
    public void connect(SocketAddress endpoint) throws IOException {
      socket.connect(endpoint);
    }

    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
      socket.connect(endpoint, timeout);
    }

    @Override
    public void bind(SocketAddress address) throws IOException {
      socket.bind(address);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }

    @Override
    public void shutdownInput() throws IOException {
      socket.shutdownInput();
    }

    @Override
    public void shutdownOutput() throws IOException {
      socket.shutdownOutput();
    }

    @Override
    public boolean isConnected() {
      return socket.isConnected();
    }

    @Override
    public boolean isBound() {
      return socket.isBound();
    }

    @Override
    public boolean isClosed() {
      return socket.isClosed();
    }

    @Override
    public boolean isInputShutdown() {
      return socket.isInputShutdown();
    }

    @Override
    public boolean isOutputShutdown() {
      return socket.isOutputShutdown();
    }

    @Override
    public InetAddress getInetAddress() {
      return socket.getInetAddress();
    }

    @Override
    public InetAddress getLocalAddress() {
      return socket.getLocalAddress();
    }

    @Override
    public int getPort() {
      return socket.getPort();
    }

    @Override
    public int getLocalPort() {
      return socket.getLocalPort();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
      return socket.getRemoteSocketAddress();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
      return socket.getLocalSocketAddress();
    }

    @Override
    public void setTcpNoDelay(boolean on) throws SocketException {
      socket.setTcpNoDelay(on);
    }

    @Override
    public boolean getTcpNoDelay() throws SocketException {
      return socket.getTcpNoDelay();
    }

    @Override
    public void setSoLinger(boolean on, int linger) throws SocketException {
      socket.setSoLinger(on, linger);
    }

    @Override
    public int getSoLinger() throws SocketException {
      return socket.getSoLinger();
    }

    @Override
    public void setSoTimeout(int timeout) throws SocketException {
      socket.setSoTimeout(timeout);
    }

    @Override
    public int getSoTimeout() throws SocketException {
      return socket.getSoTimeout();
    }

    @Override
    public void setKeepAlive(boolean on) throws SocketException {
      socket.setKeepAlive(on);
    }

    @Override
    public boolean getKeepAlive() throws SocketException {
      return socket.getKeepAlive();
    }

    @Override
    public String toString() {
      return socket.toString();
    }
  }
}
