package dev.warren.bench.jmh;

import dev.warren.task.Payload;
import dev.warren.worker.link.CallsHeader;
import dev.warren.worker.link.Frame;
import dev.warren.worker.link.FrameReader;
import dev.warren.worker.link.FrameWriter;
import dev.warren.worker.link.OutcomesHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Encoding and decoding frames of the link, without its socket; time per frame of several calls.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LinkBenchmark {
  @Param({"1", "100"})
  public int calls;

  private final FrameWriter writer = new FrameWriter();
  private final Sink sink = new Sink();
  private FrameReader callsReader;
  private FrameReader outcomesReader;
  private CallsHeader header;
  private Payload args;

  @Setup
  public void prepare() {
    header =
        new CallsHeader(
            7,
            0,
            calls,
            "com.acme.Stats::score(I)I",
            null,
            false,
            "job-1",
            "40-" + (39 + calls),
            1,
            0,
            0,
            false,
            null,
            true);
    args = Payload.of(String.join("\n", Collections.nCopies(calls, "[123456]")));
    Payload outcomes =
        Payload.of(String.join("\n", Collections.nCopies(calls, "{\"value\":123456}")));
    callsReader = new FrameReader(new Loop(header.frame(args)));
    OutcomesHeader answer = new OutcomesHeader(7, 0, calls, 3);
    outcomesReader = new FrameReader(new Loop(answer.frame(outcomes)));
  }

  @Benchmark
  public boolean writeCalls() throws IOException {
    writer.add(header, null, args);
    return writer.writeTo(sink);
  }

  @Benchmark
  public CallsHeader readCalls() throws IOException {
    Frame frame = callsReader.read();
    return CallsHeader.read(frame);
  }

  @Benchmark
  public int readOutcomes() throws IOException {
    Frame frame = outcomesReader.read();
    return OutcomesHeader.read(frame).count() + frame.lines().count();
  }

  /** Accepts all bytes. */
  private static final class Sink implements WritableByteChannel {
    @Override
    public int write(ByteBuffer source) {
      int taken = source.remaining();
      source.position(source.limit());
      return taken;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  /** Returns the same frame forever. */
  private static final class Loop implements ReadableByteChannel {
    private final byte[] bytes;
    private int next;

    Loop(Frame frame) {
      this.bytes = frame.toBuffer().array();
    }

    @Override
    public int read(ByteBuffer target) {
      int before = target.remaining();
      while (target.hasRemaining()) {
        int count = Math.min(target.remaining(), bytes.length - next);
        target.put(bytes, next, count);
        next = next + count == bytes.length ? 0 : next + count;
      }
      return before;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
