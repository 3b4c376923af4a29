package dev.warren.bench.measure;

import dev.warren.bench.ceiling.BareJvms;
import dev.warren.bench.harness.Processes;
import dev.warren.bench.harness.Sampler;
import dev.warren.bench.harness.Site;
import dev.warren.bench.harness.Stats;
import dev.warren.bench.harness.Work;
import dev.warren.pool.Pool;
import dev.warren.task.Payload;
import dev.warren.worker.link.CallsHeader;
import dev.warren.worker.link.Frame;
import dev.warren.worker.link.FrameReader;
import dev.warren.worker.link.FrameType;
import dev.warren.worker.link.Hello;
import dev.warren.worker.link.Setup;
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
 * Time from a child's start until it is ready, as a multiple of the time of an empty Java process.
 * The child is started with the same command that a pool has just used, but its link leads to this
 * process. The two kinds of process take turns.
 */
final class ChildStart implements Sampler {
  private final Site site;
  private final List<String> command;
  private final Path folder;
  private final Map<String, Object> notes = new LinkedHashMap<>();

  private ChildStart(Site site, List<String> command, Path folder) {
    this.site = site;
    this.command = command;
    this.folder = folder;
  }

  public static ChildStart open(Site site) throws IOException {
    Processes.awaitArchives();
    try (Pool pool = Pool.open()) {
      List<String> command = Processes.arguments(pool.apply(Work::pid, 0));
      return new ChildStart(site, command, Files.createTempDirectory("warren-bench"));
    }
  }

  @Override
  public double sample() throws IOException, InterruptedException {
    List<Double> hello = new ArrayList<>();
    List<Double> ready = new ArrayList<>();
    List<Double> outcome = new ArrayList<>();
    for (int i = 0; i <= site.work(25); i++) {
      double min = BareJvms.helloMillis(site);
      double[] child = child();
      if (i > 0) {
        hello.add(min);
        ready.add(child[0]);
        outcome.add(child[1]);
      }
    }
    double base = new Stats(hello).median();
    notes.put("java Hello ms", base);
    notes.put("child ready ms", new Stats(ready).median());
    notes.put("child first outcome ms", new Stats(outcome).median());
    return new Stats(ready).median() / base;
  }

  /** Milliseconds until READY, and until the outcome of a first call. */
  private double[] child() throws IOException, InterruptedException {
    Path socket = folder.resolve("link");
    Files.deleteIfExists(socket);
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().put(Hello.SOCKET_VARIABLE, socket.toString());
      builder.environment().put(Hello.TOKEN_VARIABLE, "bench");
      long start = System.nanoTime();
      Process process = builder.start();
      try (SocketChannel link = server.accept()) {
        FrameReader frames = new FrameReader(link);
        expect(frames, FrameType.HELLO);
        Setup setup =
            new Setup(
                1,
                "bench",
                "localhost",
                null,
                null,
                null,
                null,
                List.of(),
                List.of(),
                1_000_000,
                null,
                null,
                "bench");
        send(link, setup.frame());
        expect(frames, FrameType.READY);
        double ready = (System.nanoTime() - start) / 1e6;
        send(link, CALL.frame(Payload.of("[1]")));
        expect(frames, FrameType.OUTCOMES);
        double outcome = (System.nanoTime() - start) / 1e6;
        send(link, Frame.empty(FrameType.QUIT));
        process.waitFor();
        return new double[] {ready, outcome};
      }
    }
  }

  private static final CallsHeader CALL =
      new CallsHeader(
          1,
          0,
          1,
          "dev.warren.bench.harness.Work::same",
          null,
          false,
          "bench",
          "1",
          1,
          0,
          0,
          false,
          null,
          true);

  private static void expect(FrameReader frames, FrameType type) throws IOException {
    Frame frame = frames.read();
    if (frame == null || frame.type() != type) {
      throw new IOException("the child sent " + frame + " instead of " + type);
    }
  }

  private static void send(SocketChannel link, Frame frame) throws IOException {
    ByteBuffer bytes = frame.toBuffer();
    while (bytes.hasRemaining()) {
      link.write(bytes);
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
}
