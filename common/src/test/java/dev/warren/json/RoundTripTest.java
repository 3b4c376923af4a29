package dev.warren.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.task.Payload;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JavaType;

/**
 * Random values of ordinary and odd classes round-trip exactly or are refused; there is no third
 * outcome. {@code -Dwarren.seed=…} repeats a run, {@code -Dwarren.values=…} sets the number of
 * values.
 */
class RoundTripTest {
  private static final int USUAL_VALUES = 20_000;
  private static final int MAX_TYPES = 300;

  private final Values values = Values.standard();
  private final Map<String, Integer> carried = new TreeMap<>();
  private final Map<String, Integer> refused = new TreeMap<>();

  @Test
  void every_value_comes_back_whole_or_is_refused() {
    long seed = Long.getLong("warren.seed", System.nanoTime());
    int count = Integer.getInteger("warren.values", USUAL_VALUES);
    System.out.println("RoundTripTest: -Dwarren.seed=" + seed + " -Dwarren.values=" + count);
    RandomValues random = new RandomValues(seed);
    List<Type> types = Stream.generate(random::type).limit(MAX_TYPES).toList();
    for (int i = 0; i < count; i++) {
      // Jackson needs long for a type that it has not seen
      Type type = types.get(i % types.size());
      Object value = random.value(type);
      tryOne("value " + i + " of seed " + seed + ", as " + type.getTypeName(), type, value);
    }
    System.out.println("carried " + carried + "\nrefused " + refused);
    assertThat(sum(carried)).isGreaterThan(count / 5);
    assertThat(sum(refused)).isGreaterThan(count / 5);
  }

  private static int sum(Map<String, Integer> counts) {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  private void tryOne(String what, Type declared, @Nullable Object value) {
    if (value == null && declared instanceof Class<?> plain && plain.isPrimitive()) {
      return;
    }
    JavaType type = values.type(declared);
    LineBuffer line = new LineBuffer(16, Integer.MAX_VALUE);
    String name = value == null ? "null" : value.getClass().getSimpleName();
    try {
      values.writer(type).write(value, line, true);
    } catch (ValueException e) {
      assertThat(e.getMessage()).as(what).isNotEmpty().doesNotContain("\n");
      if (name.equals(System.getProperty("warren.show"))) {
        System.out.println(type.toCanonical() + ": " + e.getMessage());
      }
      refused.merge(name, 1, Integer::sum);
      return;
    } catch (Throwable e) {
      throw new AssertionError(what, e);
    }
    Payload json = line.toPayload();
    String before = Spelled.out(value);
    assertThat(json.indexOf((byte) '\n', 0)).as(what).isNegative();
    Object back;
    try {
      back = values.reader(type, true).read(json);
    } catch (RuntimeException e) {
      throw new AssertionError(what + ": " + before + " as " + json, e);
    }
    assertThat(Spelled.out(back)).as(what + ": " + json).isEqualTo(before);
    carried.merge(name, 1, Integer::sum);
  }
}
