package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.json.Lines;
import dev.warren.json.Values;
import dev.warren.pool.engine.function.FunctionReader;
import dev.warren.task.FailureKind;
import dev.warren.task.Fn1;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.OutcomeLine;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ResultReaderTest {
  record Point(int x, int y) {}

  static @Nullable List<Point> points(int n) {
    return null;
  }

  private final ResultReader<List<Point>> reader =
      new ResultReader<>(
          FunctionReader.read(
              "fn",
              (Fn1<Integer, @Nullable List<Point>>) ResultReaderTest::points,
              Values.standard()),
          Values.standard(),
          true);

  private List<DecodedOutcome<List<Point>>> readAll(String... lines) {
    return readAll(reader, lines);
  }

  private static <R extends @Nullable Object> List<DecodedOutcome<R>> readAll(
      ResultReader<R> reader, String... lines) {
    List<DecodedOutcome<R>> all = new ArrayList<>();
    Lines cut = Lines.split(Payload.of(String.join("\n", lines)));
    reader.readAll(
        cut,
        0,
        cut.count(),
        new ResultReader.Sink<>() {
          @Override
          public void value(int line, R value) {
            assertThat(line).isEqualTo(all.size());
            all.add(DecodedOutcome.with(value));
          }

          @Override
          public void failure(int line, LongFunction<Throwable> failure) {
            assertThat(line).isEqualTo(all.size());
            all.add(DecodedOutcome.failed(failure.apply(0)));
          }
        });
    return all;
  }

  @Test
  void lines_are_read_in_one_pass_with_failures_among_them() {
    String failure = OutcomeLine.of(RemoteFailure.of(FailureKind.EXPIRED, "late {\"", 1)).text();
    List<DecodedOutcome<List<Point>>> all =
        readAll("{\"value\":[{\"x\":1,\"y\":2}]}", failure, "{\"value\":null}", "{\"value\":[]}");
    assertThat(all.get(0).value()).containsExactly(new Point(1, 2));
    assertThat(all.get(1).failure()).isInstanceOf(TaskExpiredException.class);
    assertThat(all.get(2).value()).isNull();
    assertThat(all.get(3).value()).isEmpty();
  }

  @Test
  void a_line_that_cannot_be_read_costs_only_itself() {
    List<DecodedOutcome<List<Point>>> all =
        readAll("{\"value\":[]}", "{\"value\":7}", "{\"value\":[]}", "garbage", "{\"value\":[]}");
    assertThat(all).hasSize(5);
    assertThat(all.get(1).failure())
        .isInstanceOf(ResultNotSerializableException.class)
        .hasMessageContaining("Point");
    assertThat(all.get(2).value()).isEmpty();
    assertThat(all.get(3).failure()).isInstanceOf(ResultNotSerializableException.class);
    assertThat(all.get(4).value()).isEmpty();
  }

  @Test
  void a_value_that_does_not_end_with_its_line_shifts_no_other() {
    String good = "{\"value\":[{\"x\":1,\"y\":2}]}";
    for (String bad :
        List.of(
            "{\"value\":[]}{\"value\":[]}",
            "{\"value\":[]}}{\"value\":[]}",
            "{\"value\":[]} {\"value\":[]",
            "{\"value\":[",
            "{\"value\":[}",
            "{\"value\":}",
            "{\"value\":[],\"value\":[]}",
            "{\"value\":[{\"x\":1,\"y\":2}",
            "{\"value\":[]}]}",
            "{\"error\":{}}{\"value\":[]}",
            "{\"error\":null}{}",
            "")) {
      List<DecodedOutcome<List<Point>>> all = readAll(good, bad, good, "{\"value\":null}", good);
      assertThat(all).as(bad).hasSize(5);
      for (int i : List.of(0, 2, 4)) {
        assertThat(all.get(i).value()).as(bad).containsExactly(new Point(1, 2));
      }
      assertThat(all.get(1).failure()).as(bad).isInstanceOf(ResultNotSerializableException.class);
      assertThat(all.get(3).value()).as(bad).isNull();
    }
  }

  @Test
  void results_are_read_strictly_by_default() {
    for (String value :
        List.of("[{\"x\":1}]", "[{\"x\":1,\"y\":\"\"}]", "[{\"x\":1,\"y\":2,\"z\":3}]")) {
      Payload line = Payload.of("{\"value\":" + value + "}");
      assertThat(reader.read(line, 0).failure())
          .isInstanceOf(ResultNotSerializableException.class)
          .hasMessageContaining("cannot be read as java.util.List<");
      ResultReader<List<Point>> lax =
          new ResultReader<>(
              FunctionReader.read(
                  "fn",
                  (Fn1<Integer, @Nullable List<Point>>) ResultReaderTest::points,
                  Values.standard()),
              Values.standard(),
              false);
      assertThat(lax.read(line, 0).value()).hasSize(1);
    }
  }

  @Test
  void a_value_followed_by_more_is_malformed() {
    assertThat(reader.read(Payload.of("{\"value\":[] []}"), 0).failure())
        .isInstanceOf(ResultNotSerializableException.class);
  }

  @Test
  void plain_numbers_and_texts_are_read_as_jackson_reads_them() {
    List<String> values = new ArrayList<>(List.of("0", "-0", "01", "1.5", "1e3", "2147483648"));
    values.addAll(List.of("null", "true", "false", "\"a\"", "\"\\n\"", "\"é\"", "\"7\"", "[]", ""));
    Random random = new Random(7);
    for (int i = 0; i < 500; i++) {
      values.add(Long.toString(random.nextLong() >> random.nextInt(64)));
      values.add(Double.toString(random.nextGaussian() * Math.pow(10, random.nextInt(12))));
    }
    String[] lines =
        values.stream().map(value -> "{\"value\":" + value + "}").toArray(String[]::new);
    for (Serializable fn :
        List.<Fn1<?, ?>>of(
            (Fn1<Integer, Integer>) Math::abs,
            (Fn1<Long, Long>) Math::abs,
            (Fn1<Double, Double>) Math::abs,
            (Fn1<String, Boolean>) Boolean::parseBoolean,
            (Fn1<String, String>) String::trim)) {
      ResultReader<Object> plain =
          new ResultReader<>(
              FunctionReader.read("fn", fn, Values.standard()), Values.standard(), true);
      List<DecodedOutcome<Object>> all = readAll(plain, lines);
      for (int i = 0; i < lines.length; i++) {
        DecodedOutcome<Object> alone = plain.read(Payload.of(lines[i]), 0);
        assertThat(all.get(i).failure() == null).as(lines[i]).isEqualTo(alone.failure() == null);
        if (alone.failure() == null) {
          assertThat(all.get(i).value()).as(lines[i]).isEqualTo(alone.value());
        }
      }
    }
  }
}
