package dev.warren.bench.jmh;

import dev.warren.json.LineBuffer;
import dev.warren.json.Lines;
import dev.warren.task.Payload;
import dev.warren.task.TaskOptions;
import dev.warren.wire.CallRanges;
import dev.warren.wire.FunctionRef;
import dev.warren.wire.Message;
import dev.warren.wire.PoolSettings;
import dev.warren.wire.ResultMessage;
import dev.warren.wire.TaskMessage;
import dev.warren.wire.WireCodecs;
import java.util.Arrays;
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

/** Encoding and decoding task and result messages; time per message of several calls. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MessagesBenchmark {
  private static final WireCodecs CODECS = WireCodecs.create();

  @Param({"1", "100", "8192"})
  public int calls;

  private TaskMessage task;
  private Message taskBytes;
  private ResultMessage result;
  private Message resultBytes;

  @Setup
  public void prepare() {
    task =
        new TaskMessage(
            "c-7f.1",
            "warren.results.c-7f",
            null,
            true,
            "job-1",
            FunctionRef.parse("com.acme.Stats::score(I)I", null),
            CallRanges.of(1_000_000, calls),
            PoolSettings.DEFAULTS,
            null,
            lines("[", "]"),
            TaskOptions.DEFAULTS,
            TaskMessage.Counts.FIRST,
            TaskMessage.Times.ANY,
            false);
    taskBytes = CODECS.tasks().write(task);
    result =
        new ResultMessage(
            "w-1.r1",
            "warren.results.c-7f",
            null,
            CallRanges.of(1_000_000, calls),
            lines("{\"value\":", "}"),
            calls,
            "w-1");
    resultBytes = CODECS.results().write(result);
  }

  private Lines lines(String before, String after) {
    LineBuffer text = new LineBuffer(1 << 16, Integer.MAX_VALUE);
    for (int i = 0; i < calls; i++) {
      text.writeAscii((i == 0 ? "" : "\n") + before + (100_000 + i) + after);
    }
    return Lines.split(Payload.of(Arrays.copyOf(text.array(), (int) text.size())));
  }

  @Benchmark
  public Message taskToBytes() {
    return CODECS.tasks().write(task);
  }

  @Benchmark
  public TaskMessage bytesToTask() {
    return CODECS.tasks().read(taskBytes);
  }

  @Benchmark
  public Message resultToBytes() {
    return CODECS.results().write(result);
  }

  @Benchmark
  public ResultMessage bytesToResult() {
    return CODECS.results().read("warren.results.c-7f", resultBytes);
  }
}
