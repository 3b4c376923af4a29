package dev.warren.bench.jmh;

import dev.warren.json.Json;
import dev.warren.json.JsonValues;
import dev.warren.json.LineBuffer;
import dev.warren.json.Values;
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
  private final JsonValues numbers = values(int.class);
  private final JsonValues texts = values(String.class);
  private final LineBuffer line = new LineBuffer(1024, Integer.MAX_VALUE);
  private final Payload number = Payload.of("[123456]");
  private final Payload text = Payload.of("[\"a text of thirty-two characters.\"]");
  private final Payload object = Payload.of("{\"name\":\"north\",\"scores\":[1,2,3]}");
  private final Object map = Map.of("name", "north", "scores", List.of(1, 2, 3));

  /** The values of a function of one type. */
  private static JsonValues values(Class<?> type) {
    return new JsonValues(
        new Class<?>[] {type},
        type,
        result -> Values.standard().writer(Values.standard().type(type)));
  }

  @Benchmark
  public Object[] readInt() {
    return numbers.readPlain(number);
  }

  @Benchmark
  public Object[] readText() {
    return texts.readPlain(text);
  }

  @Benchmark
  public Object readObject() {
    return Json.read(object, Map.class);
  }

  @Benchmark
  public long writeInt() {
    line.clear();
    numbers.write(123_456, line, true);
    return line.size();
  }

  @Benchmark
  public long writeText() {
    line.clear();
    texts.write("a text of thirty-two characters.", line, true);
    return line.size();
  }

  @Benchmark
  public Payload writeObject() {
    return Json.write(map);
  }
}
