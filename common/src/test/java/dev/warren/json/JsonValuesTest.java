package dev.warren.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.task.Payload;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;

/** The fast path writes and reads what Jackson does, or leaves the value to it. */
class JsonValuesTest {
  private final Values values = Values.standard();
  private int byJackson;

  private JsonValues json(Type result, Class<?>... parameters) {
    return new JsonValues(
        parameters,
        result,
        value -> {
          byJackson++;
          return values.writer(values.type(result));
        });
  }

  @Test
  void results_are_equal_on_both_paths() {
    Random random = new Random(6);
    List<@Nullable Object> all =
        new ArrayList<>(
            Arrays.asList(
                null,
                true,
                0,
                9,
                10,
                99,
                100,
                999_999_999,
                1_000_000_000,
                -1,
                Integer.MIN_VALUE,
                Long.MIN_VALUE,
                0L,
                0.0,
                -0.0,
                1e300,
                1.0E-5,
                Double.NaN,
                Double.POSITIVE_INFINITY,
                "",
                "a/b",
                "\"",
                "\\",
                "é",
                "\u007f",
                "\u2028",
                "tab\t",
                'c',
                1.5f,
                (short) 3));
    for (int i = 0; i < 3000; i++) {
      all.add(random.nextLong() >> random.nextInt(64));
      all.add(random.nextInt() >> random.nextInt(32));
      all.add(random.nextGaussian());
    }
    for (Object value : all) {
      LineBuffer out = new LineBuffer(16, 1000);
      if (Scalars.write(value, out)) {
        assertThat(new String(out.array(), 0, (int) out.size(), StandardCharsets.UTF_8))
            .isEqualTo(Json.MAPPER.writeValueAsString(value));
      }
    }
  }

  private static String written(JsonValues json, @Nullable Object value) {
    LineBuffer out = new LineBuffer(16, 1000);
    json.write(value, out, true);
    return out.toPayload().text();
  }

  @Test
  void a_result_of_its_declared_plain_class_needs_no_jackson() {
    assertThat(written(json(int.class), 7)).isEqualTo("7");
    assertThat(written(json(Double.class), 0.5)).isEqualTo("0.5");
    assertThat(written(json(String.class), "a b")).isEqualTo("\"a b\"");
    assertThat(written(json(void.class), null)).isEqualTo("null");
    assertThat(byJackson).isZero();
    assertThat(json(int.class, int.class, String.class).needsJackson()).isFalse();
    assertThat(json(void.class).needsJackson()).isFalse();
  }

  @Test
  void every_other_result_is_written_by_jackson() {
    assertThat(written(json(String.class), "\u00e9\n")).isEqualTo("\"\u00e9\\n\"");
    assertThat(written(json(Object.class), 7)).isEqualTo("7");
    assertThat(written(json(Integer.class), null)).isEqualTo("null");
    assertThat(written(json(int[].class), new int[] {1, 2})).isEqualTo("[1,2]");
    assertThat(byJackson).isEqualTo(4);
    assertThat(json(Object.class).needsJackson()).isTrue();
    assertThat(json(int.class, List.class).needsJackson()).isTrue();
  }

  @Test
  void arguments_in_another_form_are_left_to_jackson() {
    JsonValues json = json(int.class, int.class, String.class);
    assertThat(json.readPlain(Payload.of("[1,\"a\"]"))).containsExactly(1, "a");
    for (String other : List.of("[1,\"\\n\"]", "[1]", "[1,null]", "[1.0,\"a\"]", "{}")) {
      assertThat(json.readPlain(Payload.of(other))).as(other).isNull();
    }
    assertThat(json(int.class, List.class).readPlain(Payload.of("[[1]]"))).isNull();
  }

  @Test
  void members_are_read_in_order_and_lines_that_are_no_values_are_told() {
    List<String> numbers =
        List.of("{\"value\":1}", "{\"error\":{}}", "{\"value\":2}", "{\"value\":x}", "{");
    assertThat(read(int.class, numbers)).containsExactly("0=1", "1", "2=2", "3", "4");
    List<String> lists =
        List.of("{\"value\":[1]}", "{\"error\":{}}", "{\"value\":[2]}", "{\"value\":3}}");
    assertThat(read(List.class, lists)).containsExactly("0=[1]", "1", "2=[2]", "3");
  }

  private List<String> read(Class<?> type, List<String> lines) {
    List<String> told = new ArrayList<>();
    Lines split = Lines.split(Payload.of(String.join("\n", lines)));
    values
        .reader(values.type(type), true)
        .readMembers(
            split,
            0,
            split.count(),
            new ValueReader.Members() {
              @Override
              public void value(int line, @Nullable Object value) {
                told.add(line + "=" + value);
              }

              @Override
              public void other(int line) {
                told.add(String.valueOf(line));
              }
            });
    return told;
  }

  @Test
  void one_member_is_read_in_any_form_or_refused() {
    ValueReader reader = values.reader(values.type(int.class), true);
    assertThat(reader.isScalar()).isTrue();
    assertThat(reader.readMember(Payload.of("{\"value\":7}"))).isEqualTo(7);
    assertThat(reader.readMember(Payload.of("{\"value\": 7 }"))).isEqualTo(7);
    assertThatThrownBy(() -> reader.readMember(Payload.of("{\"value\":\"a\"}")))
        .isInstanceOf(JacksonException.class);
  }
}
