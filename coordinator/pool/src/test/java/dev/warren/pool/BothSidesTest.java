package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.json.Lines;
import dev.warren.json.RandomValues;
import dev.warren.json.Shapely;
import dev.warren.json.Spelled;
import dev.warren.json.Values;
import dev.warren.pool.engine.function.ArgumentWriter;
import dev.warren.pool.engine.function.ReadFunction;
import dev.warren.task.Payload;
import dev.warren.wire.FunctionRef;
import dev.warren.worker.child.ChildSide;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random values go from a caller to a child as arguments, and from a child to a caller as results:
 * each round-trips or is refused, independently of the others. {@code -Dwarren.seed=…} repeats a
 * run, {@code -Dwarren.values=…} sets the number of values.
 */
class BothSidesTest {
  private static final int USUAL_VALUES = 20_000;
  private static final int CHUNK = 20;

  /** Functions that are not called; only their signatures are used. */
  @SuppressWarnings("unused")
  interface Signatures {
    int number(int a);

    double fraction(double a);

    Long boxed(Long a);

    String text(String a);

    Object object(Object a);

    <T> T variable(T a);

    <T> List<T> variables(List<T> a);

    Number anyNumber(Number a);

    List<Integer> numbers(List<Integer> a);

    List<Object> objects(List<Object> a);

    Map<String, Object> naturals(Map<String, Object> a);

    Map<Shapely.Plain, List<Long>> byEnum(Map<Shapely.Plain, List<Long>> a);

    Shapely.Point point(Shapely.Point a);

    List<Shapely.Item> items(List<Shapely.Item> a);

    Shapely.Wide wide(Shapely.Wide a);

    Shapely.Node node(Shapely.Node a);

    Shapely.Pair<Shapely.Bean, Set<Shapely.Point>> pair(
        Shapely.Pair<Shapely.Bean, Set<Shapely.Point>> a);

    Shapely.Bean bean(Shapely.Bean a);

    Shapely.Hidden[] hidden(Shapely.Hidden[] a);

    Shapely.Open open(Shapely.Open a);

    Shapely.Raw raw(Shapely.Raw a);

    List<Shapely.Raw> raws(List<Shapely.Raw> a);

    Shapely.Shape shape(Shapely.Shape a);

    List<Shapely.Marked> marked(List<Shapely.Marked> a);

    Shapely.Bodied bodied(Shapely.Bodied a);

    Shapely.Rounded rounded(Shapely.Rounded a);

    Shapely.Loop loop(Shapely.Loop a);

    Optional<Shapely.Derived> maybe(Optional<Shapely.Derived> a);

    Collection<? extends Shapely.Created> created(Collection<? extends Shapely.Created> a);

    SortedMap<BigDecimal, ZonedDateTime> times(SortedMap<BigDecimal, ZonedDateTime> a);

    Deque<BitSet> bits(Deque<BitSet> a);

    byte[][] bytes(byte[][] a);

    float[] floats(float[] a);
  }

  private record Function(
      String name, FunctionRef ref, Type type, ArgumentWriter writer, ResultReader<?> reader) {}

  private final ChildSide child = new ChildSide();
  private final List<Function> functions =
      Stream.of(Signatures.class.getDeclaredMethods())
          .sorted(Comparator.comparing(Method::getName))
          .map(BothSidesTest::function)
          .toList();
  private int carried;
  private int refused;

  private static Function function(Method method) {
    FunctionRef ref =
        new FunctionRef(
            Signatures.class.getName(), method.getName(), FunctionRef.descriptorOf(method), null);
    Type type = method.getGenericParameterTypes()[0];
    List<Type> parameters = List.of(Signatures.class, type);
    ReadFunction read = new ReadFunction(ref, null, parameters, type, null);
    return new Function(
        method.getName(),
        ref,
        type,
        new ArgumentWriter(
            100_000_000, ref.shortName(), Values.standard(), List.of(Object.class, type), true),
        new ResultReader<>(read, Values.standard(), true));
  }

  @Test
  void arguments_and_results_come_back_whole_or_are_refused() {
    long seed = Long.getLong("warren.seed", System.nanoTime());
    int count = Integer.getInteger("warren.values", USUAL_VALUES);
    System.out.println("BothSidesTest: -Dwarren.seed=" + seed + " -Dwarren.values=" + count);
    RandomValues random = new RandomValues(seed);
    for (int i = 0; i < count / (2 * CHUNK); i++) {
      Function function = functions.get(i % functions.size());
      String what = function.name() + ", chunk " + i + " of seed " + seed;
      List<@Nullable Object> values = new ArrayList<>();
      for (int j = 0; j < CHUNK; j++) {
        Object value = random.value(function.type());
        if (value != null || !(function.type() instanceof Class<?> t && t.isPrimitive())) {
          values.add(value);
          argument(what, function, value);
        }
      }
      results(what, function, values);
    }
    System.out.println("carried " + carried + ", refused " + refused);
    assertThat(carried).isGreaterThan(count / 4);
    assertThat(refused).isGreaterThan(count / 20);
  }

  private void argument(String what, Function function, @Nullable Object value) {
    Payload line;
    try {
      line = function.writer().line(null, value);
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).as(what).hasLineCount(1).contains("argument 2");
      refused++;
      return;
    }
    assertThat(line.indexOf((byte) '\n', 0)).as(what).isNegative();
    Object back;
    try {
      back = child.arguments(function.ref(), line)[1];
    } catch (RuntimeException e) {
      throw new AssertionError(what + ": " + line, e);
    }
    assertThat(Spelled.out(back)).as(what + ": " + line).isEqualTo(Spelled.out(value));
    carried++;
  }

  private void results(String what, Function function, List<@Nullable Object> values) {
    List<Payload> lines = new ArrayList<>();
    for (Object value : values) {
      Payload line = child.outcome(function.ref(), Payload.of("[null,1]"), value);
      assertThat(line.indexOf((byte) '\n', 0)).as(what).isNegative();
      lines.add(line);
    }
    Lines all =
        Lines.split(Payload.of(String.join("\n", lines.stream().map(Payload::text).toList())));
    assertThat(all.count()).isEqualTo(values.size());
    read(what, function.reader(), all, values);
  }

  private <R extends @Nullable Object> void read(
      String what, ResultReader<R> reader, Lines lines, List<@Nullable Object> values) {
    boolean[] seen = new boolean[values.size()];
    reader.readAll(
        lines,
        0,
        lines.count(),
        new ResultReader.Sink<>() {
          @Override
          public void value(int line, R value) {
            String json = lines.get(line).text();
            assertThat(Spelled.out(value))
                .as(what + ": " + json)
                .isEqualTo(Spelled.out(values.get(line)));
            seen[line] = true;
            carried++;
          }

          @Override
          public void failure(int line, LongFunction<Throwable> failure) {
            assertThat(failure.apply(0))
                .as(what)
                .isInstanceOf(ResultNotSerializableException.class)
                .hasMessageNotContaining("cannot be read as int");
            assertThat(lines.get(line).text()).as(what).startsWith("{\"error\":");
            seen[line] = true;
            refused++;
          }
        });
    assertThat(seen).as(what).doesNotContain(false);
  }
}
