package dev.warren.worker.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.OutcomeLine;
import dev.warren.worker.config.ChildOutput;
import dev.warren.worker.link.CallMark;
import dev.warren.worker.link.CallsHeader;
import dev.warren.worker.link.Frame;
import dev.warren.worker.link.FrameReader;
import dev.warren.worker.link.FrameType;
import dev.warren.worker.link.FrameWriter;
import dev.warren.worker.link.Hello;
import dev.warren.worker.link.InitFailedHeader;
import dev.warren.worker.link.OutcomesHeader;
import dev.warren.worker.link.ReturnedHeader;
import dev.warren.worker.supervise.process.ChildProcess;
import dev.warren.worker.supervise.process.CrashReport;
import dev.warren.worker.supervise.process.OutputCapture;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A child played by a test: its end of a real link, and no process. It does nothing by itself, and
 * the loop handles what it sends in its next round.
 */
public final class FakeChild implements ChildProcess {
  final String name;
  final String token;
  private final long pid;
  private final Path socket;
  private final OutputCapture output;
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();
  private final List<Frame> received = new ArrayList<>();
  private final FrameWriter writer = new FrameWriter();
  private CrashReport crash = CrashReport.NONE;
  private SocketChannel channel;
  private FrameReader reader;
  private boolean linkEnded;
  private int kills;

  public FakeChild(String name, String token, long pid, Path socket) {
    this.name = name;
    this.token = token;
    this.pid = pid;
    this.socket = socket;
    this.output = new OutputCapture(name, 17, ChildOutput.LOG);
  }

  // ---- the link

  /** Connects and sends HELLO. */
  public FakeChild connect() {
    return connect(true);
  }

  FakeChild connect(boolean withdraws) {
    open();
    return send(new Hello(Hello.VERSION, token, pid, withdraws).frame());
  }

  /** Connects and sends nothing. */
  public FakeChild open() {
    try {
      channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      channel.connect(UnixDomainSocketAddress.of(socket));
      channel.configureBlocking(false);
      reader = new FrameReader(channel);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean connected() {
    return channel != null;
  }

  public FakeChild send(Frame frame) {
    try {
      writer.add(frame);
      assertThat(writer.writeTo(channel)).as("the socket takes the frame").isTrue();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  FakeChild sendBytes(String bytes) {
    try {
      channel.write(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public FakeChild ready() {
    return send(Frame.empty(FrameType.READY));
  }

  FakeChild initFailed(RemoteFailure failure) {
    return send(InitFailedHeader.frame(failure));
  }

  FakeChild running(long task, int index, long ranMicros) {
    return send(new CallMark(task, index, ranMicros).running());
  }

  FakeChild returned(long task, int from, int count) {
    return send(new ReturnedHeader(task, from, count).frame());
  }

  /** Answers consecutive calls with values. */
  FakeChild outcomes(long task, int from, int count, long busyMicros) {
    String value = "{\"value\":0}";
    String lines = (value + "\n").repeat(count - 1) + value;
    return outcomes(task, from, count, busyMicros, lines);
  }

  FakeChild outcomes(long task, int from, int count, long busyMicros, String lines) {
    OutcomesHeader header = new OutcomesHeader(task, from, count, busyMicros);
    return send(header.frame(Payload.of(lines)));
  }

  /** Answers all calls that it holds, each after this time. */
  public FakeChild answerAll(long microsEach) {
    for (CallsHeader calls : takeCalls()) {
      outcomes(calls.task(), calls.from(), calls.count(), microsEach * calls.count());
    }
    return this;
  }

  /** Answers all calls that it holds with this failure. */
  public FakeChild failAll(RemoteFailure failure) {
    for (CallsHeader calls : takeCalls()) {
      String line = OutcomeLine.of(failure).text();
      String lines = (line + "\n").repeat(calls.count() - 1) + line;
      outcomes(calls.task(), calls.from(), calls.count(), 10, lines);
    }
    return this;
  }

  /** Headers of the CALLS frames that have arrived and were not taken by the test. */
  List<CallsHeader> takeCalls() {
    List<CallsHeader> calls = new ArrayList<>();
    received()
        .removeIf(frame -> frame.type() == FrameType.CALLS && calls.add(CallsHeader.read(frame)));
    return calls;
  }

  /** Number of calls in these frames. */
  public int callsGiven() {
    return received().stream()
        .filter(frame -> frame.type() == FrameType.CALLS)
        .mapToInt(frame -> CallsHeader.read(frame).count())
        .sum();
  }

  /** Whether it has received a frame of this type. */
  public boolean got(FrameType type) {
    return received().stream().anyMatch(frame -> frame.type() == type);
  }

  /** The only frame of this type that it has received. */
  public Frame only(FrameType type) {
    List<Frame> frames = received().stream().filter(frame -> frame.type() == type).toList();
    assertThat(frames).as("%s frames", type).hasSize(1);
    return frames.get(0);
  }

  /** All frames received so far; a test may remove some. */
  List<Frame> received() {
    if (channel == null || linkEnded) {
      return received;
    }
    try {
      int read;
      do {
        read = reader.fill();
        for (Frame frame = reader.poll(); frame != null; frame = reader.poll()) {
          received.add(frame);
        }
      } while (read > 0);
      linkEnded = read < 0;
    } catch (IOException e) {
      linkEnded = true;
    }
    return received;
  }

  /** Whether the supervisor has closed the link. */
  public boolean linkEnded() {
    received();
    return linkEnded;
  }

  public FakeChild closeLink() {
    try {
      channel.close();
      linkEnded = true;
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // ---- the process

  /** Its process ends and its stderr has been read; the link ends with it. */
  public FakeChild exits(int code, String... stderr) {
    if (channel != null && channel.isOpen()) {
      closeLink();
    }
    return exitsAlone(code, stderr);
  }

  /** Its process ends while another process has its end of the link. */
  FakeChild exitsAlone(int code, String... stderr) {
    String text = String.join("\n", stderr);
    output.readErrors(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    exit.complete(code);
    return this;
  }

  /** Its process ends while a process that it has started keeps its stderr open. */
  FakeChild exitsWithStderrOpen(int code) {
    closeLink();
    exit.complete(code);
    return this;
  }

  FakeChild crashed(CrashReport report) {
    crash = report;
    return this;
  }

  /** Its output. */
  void prints(InputStream text) {
    output.readOut(text);
  }

  /** How often it was killed. */
  public int kills() {
    return kills;
  }

  @Override
  public long pid() {
    return pid;
  }

  @Override
  public void kill() {
    kills++;
  }

  @Override
  public CompletableFuture<Integer> exit() {
    return exit;
  }

  @Override
  public OutputCapture output() {
    return output;
  }

  @Override
  public CrashReport crash() {
    return crash;
  }
}
