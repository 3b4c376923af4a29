package dev.warren.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.lifecycle.NamedThreads;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A TCP proxy on loopback that injects network faults. It can cut connections; reset them, at once
 * or in the middle of a frame after a number of bytes; stall them in one direction or both (no byte
 * passes and nothing is closed, as if packets were lost); slow them down by latency or by
 * bandwidth; and refuse new ones (they are reset at once; the port stays bound, so that no other
 * process gets it). Thread-safe.
 */
public final class FaultyProxy implements AutoCloseable {
  /** Direction of bytes. */
  public enum Direction {
    TO_SERVER,
    TO_CLIENT
  }

  private final InetSocketAddress target;
  private final int port;
  private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();
  private final Object gate = new Object();
  private final ServerSocket server;

  @GuardedBy("gate")
  private final Set<Direction> stalled = EnumSet.noneOf(Direction.class);

  @GuardedBy("gate")
  private boolean refusing;

  @GuardedBy("gate")
  private long delayMillis;

  @GuardedBy("gate")
  private long latencyNanos;

  @GuardedBy("gate")
  private long bytesPerSecond;

  @GuardedBy("gate")
  private long bytesToReset = Long.MAX_VALUE;

  private FaultyProxy(InetSocketAddress target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.port = server.getLocalPort();
  }

  /** Creates a proxy for a port of this machine. */
  public static FaultyProxy to(int targetPort) throws IOException {
    FaultyProxy proxy =
        new FaultyProxy(new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort));
    proxy.listen();
    return proxy;
  }

  public int port() {
    return port;
  }

  /** Number of open connections. */
  public int connections() {
    return pairs.size();
  }

  /** Closes all open connections; new ones are accepted. */
  public void cut() {
    pairs.forEach(pair -> pair.end(false));
  }

  /** Resets all open connections (RST, no FIN); new ones are accepted. */
  public void reset() {
    pairs.forEach(pair -> pair.end(true));
  }

  /** Resets one connection, anywhere in a frame, after this number of further bytes. */
  public void resetAfter(long bytes) {
    synchronized (gate) {
      bytesToReset = bytes;
    }
  }

  /** Stalls both directions. */
  public void stall() {
    stall(Direction.TO_SERVER);
    stall(Direction.TO_CLIENT);
  }

  /** Stalls this direction. */
  public void stall(Direction direction) {
    synchronized (gate) {
      stalled.add(direction);
    }
  }

  /** Ends all stalls; the bytes held back pass first. */
  public void unstall() {
    synchronized (gate) {
      stalled.clear();
      gate.notifyAll();
    }
  }

  /** Delays each piece of at most 16 KiB, in each direction, by this time; zero ends it. */
  public void delay(Duration time) {
    synchronized (gate) {
      delayMillis = time.toMillis();
    }
  }

  /**
   * Adds latency, in each direction and independent of the amount of bytes, to connections opened
   * from now on.
   */
  public void latency(Duration oneWay) {
    synchronized (gate) {
      latencyNanos = oneWay.toNanos();
    }
  }

  /** Limits the bandwidth to each client; 0 ends it. */
  public void rate(long bytesPerSecondToClient) {
    synchronized (gate) {
      bytesPerSecond = bytesPerSecondToClient;
    }
  }

  /** Cuts all connections and refuses new ones, until {@link #accept()}. */
  public void refuse() {
    synchronized (gate) {
      refusing = true;
    }
    cut();
  }

  /** Accepts connections again. */
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
            // closed: no further connections
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
    Pair pair = new Pair(client, new Socket());
    if (isRefusing()) {
      pair.end(true);
      return;
    }
    try {
      pair.client.setTcpNoDelay(true);
      pair.server.setTcpNoDelay(true);
      pair.server.connect(target);
    } catch (IOException e) {
      pair.end(false);
      return;
    }
    pairs.add(pair);
    synchronized (gate) {
      long latency = latencyNanos;
      for (Direction direction : Direction.values()) {
        String name = "faulty-proxy-" + (direction == Direction.TO_SERVER ? "up" : "down");
        if (latency == 0) {
          NamedThreads.start(name, () -> pump(pair, direction));
        } else {
          BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
          NamedThreads.start(name, () -> read(pair, direction, latency, pieces));
          NamedThreads.start(name, () -> write(pair, direction, pieces));
        }
      }
    }
  }

  private static void read(
      Pair pair, Direction direction, long latency, BlockingQueue<Piece> pieces) {
    try {
      InputStream in =
          (direction == Direction.TO_SERVER ? pair.client : pair.server).getInputStream();
      byte[] buffer = new byte[16384];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        pieces.add(new Piece(System.nanoTime() + latency, Arrays.copyOf(buffer, n)));
      }
    } catch (IOException e) {
      // cut: the other thread ends too
    } finally {
      pieces.add(new Piece(System.nanoTime() + latency, new byte[0]));
    }
  }

  private void write(Pair pair, Direction direction, BlockingQueue<Piece> pieces) {
    try {
      OutputStream out =
          (direction == Direction.TO_SERVER ? pair.server : pair.client).getOutputStream();
      for (Piece piece = pieces.take(); piece.bytes.length > 0; piece = pieces.take()) {
        TimeUnit.NANOSECONDS.sleep(piece.dueNanos - System.nanoTime());
        pass(direction, piece.bytes.length);
        out.write(piece.bytes);
      }
    } catch (IOException | InterruptedException e) {
      // cut: the other side closes too
    } finally {
      pair.end(false);
      pairs.remove(pair);
    }
  }

  private void pump(Pair pair, Direction direction) {
    boolean up = direction == Direction.TO_SERVER;
    try {
      InputStream in = (up ? pair.client : pair.server).getInputStream();
      OutputStream out = (up ? pair.server : pair.client).getOutputStream();
      byte[] buffer = new byte[16384];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        pass(direction, n);
        int whole = untilReset(n);
        out.write(buffer, 0, whole);
        if (whole < n) {
          pair.end(true);
        }
      }
      pair.end(false);
    } catch (IOException | InterruptedException e) {
      // cut: the other side closes too
      pair.end(false);
    } finally {
      pairs.remove(pair);
    }
  }

  /** Waits until a piece may pass. */
  private void pass(Direction direction, int bytes) throws InterruptedException {
    long rate;
    synchronized (gate) {
      rate = direction == Direction.TO_CLIENT ? bytesPerSecond : 0;
    }
    if (rate > 0) {
      TimeUnit.NANOSECONDS.sleep(bytes * 1_000_000_000L / rate);
    }
    synchronized (gate) {
      if (delayMillis > 0) {
        TimeUnit.MILLISECONDS.timedWait(gate, delayMillis);
      }
      while (stalled.contains(direction)) {
        gate.wait();
      }
    }
  }

  /** Returns how many of {@code count} bytes may pass before a reset. */
  private int untilReset(int count) {
    synchronized (gate) {
      if (bytesToReset > count) {
        bytesToReset = bytesToReset == Long.MAX_VALUE ? bytesToReset : bytesToReset - count;
        return count;
      }
      int last = (int) bytesToReset;
      bytesToReset = Long.MAX_VALUE;
      return Math.min(last, count - 1);
    }
  }

  /** Bytes in transit until a time; none at the end of the stream. */
  private static final class Piece {
    private final long dueNanos;
    private final byte[] bytes;

    Piece(long dueNanos, byte[] bytes) {
      this.dueNanos = dueNanos;
      this.bytes = bytes;
    }
  }

  /** A connection from a client and the corresponding one to the server. */
  private record Pair(Socket client, Socket server) {
    void end(boolean reset) {
      for (Socket socket : List.of(client, server)) {
        try {
          if (reset && !socket.isClosed()) {
            socket.setSoLinger(true, 0);
          }
          socket.close();
        } catch (IOException e) {
          throw new AssertionError("closing a socket", e);
        }
      }
    }
  }
}
