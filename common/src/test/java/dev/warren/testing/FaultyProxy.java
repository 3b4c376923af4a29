package dev.warren.testing;

import dev.warren.lifecycle.NamedThreads;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP proxy on loopback that can cut connections, stall them (no byte passes, nothing is closed:
 * what a network does that loses packets), and refuse new ones (they are reset at once; the port
 * stays taken, so that nobody else gets it meanwhile). Thread-safe.
 */
public final class FaultyProxy implements AutoCloseable {
  private final InetSocketAddress target;
  private final int port;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final Object gate = new Object();
  private final ServerSocket server;
  private boolean stalled;
  private boolean refusing;

  private FaultyProxy(InetSocketAddress target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.port = server.getLocalPort();
  }

  /** A proxy to a port of this machine. */
  public static FaultyProxy to(int targetPort) throws IOException {
    FaultyProxy proxy =
        new FaultyProxy(new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort));
    proxy.listen();
    return proxy;
  }

  public int port() {
    return port;
  }

  /** Connections that stand at this moment. */
  public int connections() {
    return (sockets.size() + 1) / 2;
  }

  /** Closes all connections that stand; new ones are let through. */
  public void cut() {
    for (Socket socket : sockets) {
      close(socket);
    }
  }

  /** Lets no byte pass any more, in either direction. */
  public void stall() {
    synchronized (gate) {
      stalled = true;
    }
  }

  /** Lets bytes pass again, those held back first. */
  public void unstall() {
    synchronized (gate) {
      stalled = false;
      gate.notifyAll();
    }
  }

  /** Cuts all connections and refuses new ones, until {@link #accept()}. */
  public void refuse() {
    synchronized (gate) {
      refusing = true;
    }
    cut();
  }

  /** Takes connections again. */
  public void accept() {
    synchronized (gate) {
      refusing = false;
    }
  }

  @Override
  public void close() throws IOException {
    unstall();
    refuse();
    server.close();
  }

  private void listen() {
    NamedThreads.start(
        "faulty-proxy",
        () -> {
          try {
            while (true) {
              connect(server.accept());
            }
          } catch (IOException e) {
            // closed: no more connections
            cut();
          }
        });
  }

  private boolean isRefusing() {
    synchronized (gate) {
      return refusing;
    }
  }

  private void connect(Socket client) {
    Socket broker = new Socket();
    List<Socket> both = new ArrayList<>(List.of(client, broker));
    try {
      if (isRefusing()) {
        client.setSoLinger(true, 0);
        throw new IOException("refused on purpose");
      }
      broker.connect(target);
      sockets.addAll(both);
      NamedThreads.start("faulty-proxy-up", () -> pump(client, broker));
      NamedThreads.start("faulty-proxy-down", () -> pump(broker, client));
    } catch (IOException e) {
      both.forEach(FaultyProxy::close);
    }
  }

  private void pump(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[16384];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        awaitGate();
        out.write(buffer, 0, n);
      }
    } catch (IOException | InterruptedException e) {
      // cut: the other side hears of it below
      close(from);
    } finally {
      close(from);
      close(to);
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  private void awaitGate() throws InterruptedException {
    synchronized (gate) {
      while (stalled) {
        gate.wait();
      }
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new AssertionError("closing a socket", e);
    }
  }
}
