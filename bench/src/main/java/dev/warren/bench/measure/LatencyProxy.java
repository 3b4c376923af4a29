package dev.warren.bench.measure;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * A TCP proxy on loopback that delays every byte by the same time in each direction without
 * limiting throughput: it reads as fast as bytes arrive and keeps them until they are due.
 * Thread-safe.
 */
final class LatencyProxy implements AutoCloseable {

  private final int targetPort;
  private final long delayNanos;
  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  private LatencyProxy(int targetPort, Duration oneWay, ServerSocket server) {
    this.targetPort = targetPort;
    this.delayNanos = oneWay.toNanos();
    this.server = server;
  }

  /** Starts a proxy to a port of this machine. */
  static LatencyProxy to(int targetPort, Duration oneWay) throws IOException {
    ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    LatencyProxy proxy = new LatencyProxy(targetPort, oneWay, server);
    start(proxy::accept);
    return proxy;
  }

  int port() {
    return server.getLocalPort();
  }

  @Override
  public void close() {
    quietly(server);
    sockets.forEach(LatencyProxy::quietly);
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        Socket target = new Socket(InetAddress.getLoopbackAddress(), targetPort);
        sockets.add(client);
        sockets.add(target);
        connect(client, target);
        connect(target, client);
      }
    } catch (IOException e) {
      close();
    }
  }

  private void connect(Socket from, Socket to) throws IOException {
    from.setTcpNoDelay(true);
    BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    start(() -> read(from, pieces));
    start(() -> write(pieces, to));
  }

  private void read(Socket from, BlockingQueue<Piece> pieces) {
    byte[] buffer = new byte[65_536];
    try (InputStream in = from.getInputStream()) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        pieces.add(new Piece(System.nanoTime() + delayNanos, Arrays.copyOf(buffer, n)));
      }
    } catch (IOException e) {
      // the connection has ended; the empty piece below tells the other side
    } finally {
      pieces.add(new Piece(0, new byte[0]));
    }
  }

  private void write(BlockingQueue<Piece> pieces, Socket to) {
    try (OutputStream out = to.getOutputStream()) {
      for (Piece piece = pieces.take(); piece.bytes.length > 0; piece = pieces.take()) {
        piece.awaitDue();
        out.write(piece.bytes);
      }
    } catch (IOException e) {
      // the reading side notices, too
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      quietly(to);
      sockets.remove(to);
    }
  }

  private static void start(Runnable action) {
    Thread thread = new Thread(action, "latency-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private static void quietly(java.io.Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      // already closed
    }
  }

  /** Bytes and the time at which to forward them; no bytes mark the end. */
  private record Piece(long dueNanos, @SuppressWarnings("ArrayRecordComponent") byte[] bytes) {
    void awaitDue() {
      for (long left = dueNanos - System.nanoTime();
          left > 0;
          left = dueNanos - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
    }
  }
}
