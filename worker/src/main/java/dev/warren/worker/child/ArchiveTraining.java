package dev.warren.worker.child;

import dev.warren.lifecycle.NamedThreads;
import dev.warren.task.Payload;
import dev.warren.task.TaskContext;
import dev.warren.wire.FunctionRef;
import dev.warren.worker.child.call.AllowedCode;
import dev.warren.worker.child.call.Rejection;
import dev.warren.worker.child.loop.ChildExit;
import dev.warren.worker.link.CallsHeader;
import dev.warren.worker.link.Frame;
import dev.warren.worker.link.FrameReader;
import dev.warren.worker.link.FrameType;
import dev.warren.worker.link.Hello;
import dev.warren.worker.link.Setup;
import dev.warren.worker.link.SocketFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A training run for a class-data archive: a process that is both a child and the other end of its
 * link, and leads the child through typical work, so that its classes are in the archive that the
 * JVM writes at exit. Given a list of classes, it loads these too. Any failure ends it without an
 * archive.
 */
public final class ArchiveTraining implements Runnable {
  private static final Setup SETUP =
      new Setup(
          Hello.VERSION,
          "training",
          "localhost",
          null,
          null,
          null,
          null,
          List.of(),
          List.of("java.lang.Math::*"),
          1_000_000,
          null,
          null,
          "");

  private final ServerSocketChannel server;

  private ArchiveTraining(ServerSocketChannel server) {
    this.server = server;
  }

  /**
   * Started by a supervisor, with the JVM option to write an archive.
   *
   * @param args a file with the names of classes to load, as JVMs record them; or none
   */
  public static void main(String[] args) throws IOException {
    SocketFolder made = SocketFolder.open("warren-training", 1);
    Path folder = made.path();
    Path socket = made.socket();
    try (ServerSocketChannel server = made.server()) {
      NamedThreads.start("child-training", new ArchiveTraining(server));
      // the rest of a child's main; classes that are not loaded here are not in the archive
      System.getenv(Hello.SOCKET_VARIABLE);
      WarmUp.ofScalars();
      WarmUp.ofObjects();
      permission(folder);
      ChildMain.run(socket, "training");
      if (args.length > 0) {
        load(Path.of(args[0]));
      }
    } finally {
      Files.deleteIfExists(socket);
      Files.deleteIfExists(folder);
    }
    // exits like a child, but without its time limit, because writing the archive may take long
    ChildExit.watchdog();
    System.exit(0);
  }

  /**
   * Loads the application's classes. It does not initialise them, so none of their code runs. A
   * class that cannot be loaded, such as one that was generated at run time, is left out.
   */
  private static void load(Path list) throws IOException {
    ClassLoader loader = ClassLoader.getSystemClassLoader();
    try (BufferedReader lines = Files.newBufferedReader(list)) {
      String line = lines.readLine();
      while (line != null) {
        int end = line.indexOf(' '); // newer JVMs add numbers
        String name = end < 0 ? line : line.substring(0, end);
        try {
          Class.forName(name.replace('/', '.'), false, loader);
        } catch (ClassNotFoundException | LinkageError e) {
          // left out
        }
        line = lines.readLine();
      }
    }
  }

  /** Checks a name as a child over a broker does. */
  private static void permission(Path app) {
    AllowedCode rules =
        AllowedCode.of(List.of(app.toString()), List.of("com.acme.**"), List.of("a.B::c"));
    try {
      rules.checkName(FunctionRef.parse("com.acme.Stats::score", null));
    } catch (Rejection e) {
      // expected: there is no such class
    }
  }

  @Override
  public void run() {
    try (SocketChannel channel = server.accept()) {
      FrameReader reader = new FrameReader(channel);
      reader.read();
      send(channel, SETUP.frame());
      reader.read();
      call(channel, reader, "scalars", "[1,2,3.5,true,\"text\"]");
      call(channel, reader, "scalars", "[ 1,2,3.5e1,true,\"\\u00e4\"]");
      call(channel, reader, "shapes", "[[{\"name\":\"a\",\"size\":1,\"parts\":[]}],{\"k\":1.5}]");
      call(channel, reader, "time", "[\"2026-11-22T10:00:00Z\",\"2026-11-22\",\"PT1S\"]");
      call(channel, reader, "bytes", "[\"AQID\"]");
      call(channel, reader, "natural", "[{\"a\":[1,2.5,\"b\",true,null]}]");
      call(channel, reader, "bean", "[{\"count\":1,\"parts\":[]}]");
      call(channel, reader, "bean", "[{\"count\":\"\"}]");
      call(channel, reader, "fail", "[]");
      call(channel, reader, "unknown", "[]");
      call(channel, reader, "scalars", "[1]");
      send(channel, Frame.empty(FrameType.QUIT));
      Frame last = reader.read();
      while (last != null) {
        last = reader.read();
      }
    } catch (IOException | RuntimeException e) {
      Runtime.getRuntime().halt(1);
    }
  }

  private static void call(SocketChannel channel, FrameReader reader, String method, String args)
      throws IOException {
    String function = ArchiveTraining.class.getName() + "::" + method;
    CallsHeader header =
        new CallsHeader(
            1, 0, 1, function, null, false, "job", "1", 1, 60_000, 0, false, null, true);
    send(channel, header.frame(Payload.of(args)));
    Frame answer = reader.read();
    while (answer != null && answer.type() != FrameType.OUTCOMES) {
      answer = reader.read();
    }
  }

  private static void send(SocketChannel channel, Frame frame) throws IOException {
    ByteBuffer bytes = frame.toBuffer();
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  // the functions that the training run calls

  record Part(String name, int size, List<Part> parts) {}

  static double scalars(int a, long b, double c, boolean d, String e) {
    return a + b + c + (d ? 1 : 0) + e.length();
  }

  record Whole(List<Part> parts, Map<String, BigDecimal> numbers, Optional<Integer> optional) {}

  record Times(Instant instant, LocalDate date, Duration duration) {}

  /** A class whose values must be read back to prove that they survive JSON. */
  static final class Bean {
    public int count;
    public List<Part> parts = List.of();
  }

  static Whole shapes(List<Part> parts, Map<String, BigDecimal> numbers) {
    TaskContext.current().log("training");
    return new Whole(parts, numbers, Optional.of(1));
  }

  static Times time(Instant instant, LocalDate date, Duration duration) {
    return new Times(instant, date, duration);
  }

  static Map<String, Object> natural(Map<String, Object> any) {
    return any;
  }

  static Bean bean(Bean bean) {
    return bean;
  }

  static byte[] bytes(byte[] bytes) {
    return bytes;
  }

  static @Nullable Object fail() throws IOException {
    throw new IOException("training", new IllegalStateException("cause"));
  }
}
