package dev.warren.bench.ceiling;

import dev.warren.bench.harness.Processes;
import dev.warren.bench.harness.RoundTrips;
import dev.warren.bench.harness.Sampler;
import dev.warren.bench.harness.Site;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Lower bound of a local round trip: a thread that writes some bytes to another process and waits
 * until they return, without supervision, time limits or cancelling.
 */
public final class BareLink implements Sampler {
  /** About the size of a call and its outcome. */
  private static final int BYTES = 100;

  private static final int TRIPS = 3000;

  private final Site site;
  private final Path folder;
  private final Process process;
  private final SocketChannel link;

  private BareLink(Site site, Path folder, Process process, SocketChannel link) {
    this.site = site;
    this.folder = folder;
    this.process = process;
    this.link = link;
  }

  public static BareLink open(Site site) throws IOException {
    Path folder = Files.createTempDirectory("warren-bench");
    Path socket = folder.resolve("link");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      ProcessBuilder builder =
          new ProcessBuilder(site.program(Echo.class, List.of(), socket.toString()));
      Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
      return new BareLink(site, folder, process, server.accept());
    }
  }

  /** Median in microseconds. */
  @Override
  public double sample() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES);
    return RoundTrips.<IOException>median(
        site.work(TRIPS),
        i -> {
          writeAll(link, bytes.clear());
          if (!readAll(link, bytes.clear())) {
            throw new IOException("the other process has ended");
          }
        });
  }

  static void writeAll(SocketChannel link, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      link.write(bytes);
    }
  }

  /** Fills the buffer; returns false if the link ends first. */
  static boolean readAll(SocketChannel link, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (link.read(bytes) < 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    link.close();
    Processes.awaitEnd(process);
    Files.deleteIfExists(folder.resolve("link"));
    Files.deleteIfExists(folder);
  }

  /** The other process: echoes all bytes until the link ends. */
  public static final class Echo {
    private Echo() {}

    public static void main(String[] args) throws IOException {
      try (SocketChannel link = SocketChannel.open(UnixDomainSocketAddress.of(args[0]))) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES);
        while (readAll(link, bytes.clear())) {
          writeAll(link, bytes.flip());
        }
      }
    }
  }
}
