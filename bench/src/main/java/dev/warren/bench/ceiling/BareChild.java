package dev.warren.bench.ceiling;

import dev.warren.bench.harness.Sampler;
import dev.warren.bench.harness.Site;
import dev.warren.bench.harness.Stats;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lower bound of a child's start: a Java process that greets its parent over a Unix domain socket,
 * receives one message and answers it. The figure is a multiple of the time of an empty Java
 * process.
 */
public final class BareChild implements Sampler {
  private static final int BYTES = 100;

  private final Site site;
  private final Path folder;
  private final Map<String, Object> notes = new LinkedHashMap<>();

  private BareChild(Site site, Path folder) {
    this.site = site;
    this.folder = folder;
  }

  public static BareChild open(Site site) throws IOException {
    return new BareChild(site, Files.createTempDirectory("warren-bench"));
  }

  @Override
  public double sample() throws IOException, InterruptedException {
    List<Double> hello = new ArrayList<>();
    List<Double> ready = new ArrayList<>();
    for (int i = 0; i <= site.work(25); i++) {
      double min = BareJvms.helloMillis(site);
      double child = child();
      if (i > 0) {
        hello.add(min);
        ready.add(child);
      }
    }
    double base = new Stats(hello).median();
    notes.put("java Hello ms", base);
    notes.put("ready ms", new Stats(ready).median());
    return new Stats(ready).median() / base;
  }

  /** Milliseconds from the start to the answer. */
  private double child() throws IOException, InterruptedException {
    Path socket = folder.resolve("link");
    Files.deleteIfExists(socket);
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      List<String> command =
          List.of(
              site.java(),
              "-Xshare:auto",
              "-XX:+UseSerialGC",
              "-XX:-UsePerfData",
              "-XX:+UnlockDiagnosticVMOptions",
              "-XX:ArchiveRelocationMode=0",
              "-cp",
              Site.ownJar().toString(),
              Start.class.getName(),
              socket.toString());
      long start = System.nanoTime();
      Process process = new ProcessBuilder(command).start();
      try (SocketChannel link = server.accept()) {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        boolean answered = BareLink.readAll(link, bytes);
        BareLink.writeAll(link, bytes.flip());
        answered &= BareLink.readAll(link, bytes.clear());
        double took = (System.nanoTime() - start) / 1e6;
        process.waitFor();
        if (!answered) {
          throw new IOException("the bare child has not answered");
        }
        return took;
      }
    }
  }

  @Override
  public Map<String, Object> notes() {
    return notes;
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(folder.resolve("link"));
    Files.deleteIfExists(folder);
  }

  /** The child process. */
  public static final class Start {
    private Start() {}

    public static void main(String[] args) throws IOException {
      // as Warren's children do; otherwise Java searches all jars for channel providers
      System.setProperty(
          "java.nio.channels.spi.SelectorProvider", "sun.nio.ch.EPollSelectorProvider");
      try (SocketChannel link = SocketChannel.open(UnixDomainSocketAddress.of(args[0]))) {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        BareLink.writeAll(link, bytes);
        BareLink.readAll(link, bytes.clear());
        BareLink.writeAll(link, bytes.flip());
      }
    }
  }
}
