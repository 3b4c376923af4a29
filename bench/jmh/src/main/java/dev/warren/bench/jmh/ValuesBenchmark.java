package dev.warren.bench.jmh;

import dev.warren.json.Json;
import dev.warren.json.LineBuffer;
import dev.warren.json.Scalars;
import dev.warren.task.Payload;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Arguments and results of one call: numbers and texts by the fast path, all others by the JSON
 * library.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ValuesBenchmark {
  private static final Class<?>[] INT = {int.class};
  private static final Class<?>[] TEXT = {String.class};

  private final Scalars scalars = new Scalars();
  private final LineBuffer line = new LineBuffer(1024, Integer.MAX_VALUE);
  private final Payload number = Payload.of("[123456]");
  private final Payload text = Payload.of("[\"a text of thirty-two characters.\"]");
  private final Payload object = Payload.of("{\"name\":\"north\",\"scores\":[1,2,3]}");
  private final Object map = Map.of("name", "north", "scores", List.of(1, 2, 3));

  @Benchmark
  public Object[] readInt() {
    return scalars.read(INT, number);
  }

  @Benchmark
  public Object[] readText() {
    return scalars.read(TEXT, text);
  }

  @Benchmark
  public Object readObject() {
    return Json.read(object, Map.class);
  }

  @Benchmark
  public long writeInt() {
    line.clear();
    Scalars.write(123_456, line);
    return line.size();
  }

  @Benchmark
  public long writeText() {
    line.clear();
    Scalars.write("a text of thirty-two characters.", line);
    return line.size();
  }

  @Benchmark
  public Payload writeObject() {
    return Json.write(map);
  }
}
