package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.pool.engine.FunctionReader;
import dev.warren.task.FailureKind;
import dev.warren.task.Fn1;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.Lines;
import dev.warren.wire.OutcomeLine;
import java.util.ArrayList;
import java.util.List;
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
              "fn", (Fn1<Integer, @Nullable List<Point>>) ResultReaderTest::points));

  private List<Ended<List<Point>>> readAll(String... lines) {
    List<Ended<List<Point>>> all = new ArrayList<>();
    Lines cut = Lines.split(Payload.of(String.join("\n", lines)));
    reader.readAll(
        cut,
        0,
        cut.count(),
        (line, ended) -> {
          assertThat(line).isEqualTo(all.size());
          all.add(ended);
        });
    return all;
  }

  @Test
  void lines_are_read_in_one_go_with_failures_among_them() {
    String failure = OutcomeLine.of(RemoteFailure.of(FailureKind.EXPIRED, "late {\"", 1)).text();
    List<Ended<List<Point>>> all =
        readAll("{\"value\":[{\"x\":1,\"y\":2}]}", failure, "{\"value\":null}", "{\"value\":[]}");
    assertThat(all.get(0).value()).containsExactly(new Point(1, 2));
    assertThat(all.get(1).failure()).isInstanceOf(TaskExpiredException.class);
    assertThat(all.get(2).value()).isNull();
    assertThat(all.get(3).value()).isEmpty();
  }

  @Test
  void a_line_that_cannot_be_read_costs_only_itself() {
    List<Ended<List<Point>>> all =
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
  void a_value_with_more_behind_it_is_no_value() {
    assertThat(reader.read(Payload.of("{\"value\":[] []}")).failure())
        .isInstanceOf(ResultNotSerializableException.class);
  }
}
