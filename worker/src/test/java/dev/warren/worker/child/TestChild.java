package dev.warren.worker.child;

import dev.warren.json.Lines;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.testkit.TestJava;
import dev.warren.wire.JsonOutcome;
import dev.warren.wire.OutcomeLine;
import dev.warren.worker.link.CallMark;
import dev.warren.worker.link.CallsHeader;
import dev.warren.worker.link.Frame;
import dev.warren.worker.link.FrameReader;
import dev.warren.worker.link.FrameType;
import dev.warren.worker.link.Hello;
import dev.warren.worker.link.OutcomesHeader;
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
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A real child process and the supervisor's end of its link, driven by the test. */
public final class TestChild implements AutoCloseable {
  static final int MAX_RESULT = 1024 * 1024;

  final Process process;
  final SocketChannel channel;
  final Hello hello;
  private final FrameReader frames;
  private final Path folder;
  private final List<OutcomesHeader> outcomeFrames = new ArrayList<>();

  private TestChild(
      Process process, SocketChannel channel, FrameReader frames, Hello hello, Path folder) {
    this.process = process;
    this.channel = channel;
    this.frames = frames;
    this.hello = hello;
    this.folder = folder;
  }

  /** Starts a Java child, up to its HELLO, with these JVM options. */
  static TestChild jvm(String... options) throws IOException {
    List<String> command = TestJava.command("-Xmx128m");
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(ChildMain.class.getName());
    return start(command);
  }

  /** Starts any child, up to its HELLO. */
  static TestChild start(List<String> command) throws IOException {
    Path folder = Files.createTempDirectory("warren-test");
    Path socket = folder.resolve("link");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put(Hello.SOCKET_VARIABLE, socket.toString());
    builder.environment().put(Hello.TOKEN_VARIABLE, "secret");
    builder.redirectErrorStream(true);
    builder.redirectOutput(folder.resolve("output").toFile());
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      Process process = builder.start();
      SocketChannel channel = server.accept();
      FrameReader frames = new FrameReader(channel);
      Frame frame = frames.read();
      if (frame == null || frame.type() != FrameType.HELLO) {
        throw new IOException("no HELLO but " + frame);
      }
      return new TestChild(process, channel, frames, Hello.read(frame), folder);
    }
  }

  /** Brings it to READY, with every function allowed. */
  TestChild ready() throws IOException {
    return ready((String) null);
  }

  /** The same, with a function to look up in advance. */
  TestChild ready(@Nullable String likely) throws IOException {
    return ready(likely, List.of("**"));
  }

  /** Brings a child that is not a JVM to READY, with these patterns of allowed functions. */
  TestChild ready(List<String> allow) throws IOException {
    return ready(null, allow);
  }

  private TestChild ready(@Nullable String likely, List<String> allow) throws IOException {
    Setup setup =
        new Setup(
            1,
            "w-test-1",
            "testhost",
            null,
            null,
            null,
            null,
            List.of(),
            allow,
            MAX_RESULT,
            likely,
            null,
            "w-test");
    send(setup.frame());
    expect(FrameType.READY);
    return this;
  }

  static Setup setup(@Nullable String initializer, @Nullable List<String> appPath) {
    return new Setup(
        1,
        "w-test-1",
        "testhost",
        initializer,
        null,
        null,
        appPath,
        List.of(),
        List.of(),
        MAX_RESULT,
        null,
        null,
        "w-test");
  }

  void send(Frame frame) throws IOException {
    ByteBuffer buffer = frame.toBuffer();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  /** Returns the next frame; null at the end of the link. */
  @Nullable Frame next() throws IOException {
    return frames.read();
  }

  /**
   * Returns the next frame, which must be of this type; skips unsolicited reports on running calls.
   */
  Frame expect(FrameType type) throws IOException {
    Frame frame = next();
    while (frame != null
        && (frame.type() == FrameType.RUNNING || frame.type() == FrameType.NOTE)
        && frame.type() != type) {
      frame = next();
    }
    if (frame == null || frame.type() != type) {
      throw new AssertionError("expected " + type + ", got " + frame + "; output: " + output());
    }
    return frame;
  }

  void calls(CallsHeader header, String... args) throws IOException {
    send(header.frame(Payload.of(String.join("\n", args))));
  }

  void interrupt(long task, int index) throws IOException {
    send(new CallMark(task, index, 0).interrupt());
  }

  void quit() throws IOException {
    send(Frame.empty(FrameType.QUIT));
  }

  /** Returns a header for {@code count} calls without limits or other options. */
  public static CallsHeader header(long task, int count, String fn) {
    return new CallsHeader(
        task,
        0,
        count,
        fn,
        null,
        false,
        "job-1",
        "100-" + (100 + count),
        1,
        0,
        0,
        false,
        null,
        true);
  }

  /** Runs calls of a function and returns their outcomes. */
  List<JsonOutcome> run(String fn, String... args) throws IOException {
    calls(header(1, args.length, fn), args);
    return outcomes(args.length);
  }

  /** Runs one call and returns its failure. */
  RemoteFailure fail(String fn, String args) throws IOException {
    return run(fn, args)
        .get(0)
        .fold(
            value -> {
              throw new AssertionError("expected a failure, got " + value);
            },
            failure -> failure);
  }

  /** Runs one call and returns its value, as JSON. */
  String value(String fn, String args) throws IOException {
    return run(fn, args)
        .get(0)
        .fold(
            Payload::text,
            failure -> {
              throw new AssertionError("expected a value, got " + failure);
            });
  }

  /** Reads the next {@code count} outcomes; skips reports on running calls in between. */
  List<JsonOutcome> outcomes(int count) throws IOException {
    List<JsonOutcome> all = new ArrayList<>();
    while (all.size() < count) {
      Frame frame = next();
      if (frame == null) {
        throw new AssertionError("link ended after " + all.size() + "; output: " + output());
      }
      if (frame.type() == FrameType.OUTCOMES) {
        outcomeFrames.add(OutcomesHeader.read(frame));
        Lines lines = frame.lines();
        for (int i = 0; i < lines.count(); i++) {
          all.add(OutcomeLine.read(lines.get(i)));
        }
      } else if (frame.type() != FrameType.RUNNING && frame.type() != FrameType.NOTE) {
        throw new AssertionError("unexpected " + frame);
      }
    }
    return all;
  }

  /** Headers of the OUTCOMES frames read by {@link #outcomes}. */
  List<OutcomesHeader> outcomeFrames() {
    return outcomeFrames;
  }

  /** Waits for it to exit; returns the exit code. */
  int exitCode() throws InterruptedException {
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      throw new AssertionError("child " + process.pid() + " does not end");
    }
    return process.exitValue();
  }

  /** Its stdout and stderr so far. */
  String output() throws IOException {
    return Files.readString(folder.resolve("output"));
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    channel.close();
    Files.deleteIfExists(folder.resolve("link"));
    Files.deleteIfExists(folder.resolve("output"));
    Files.deleteIfExists(folder);
  }
}
