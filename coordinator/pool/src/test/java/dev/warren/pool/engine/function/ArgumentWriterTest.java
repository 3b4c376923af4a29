package dev.warren.pool.engine.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.warren.broker.Broker;
import dev.warren.json.LineBuffer;
import dev.warren.json.Values;
import dev.warren.task.Payload;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArgumentWriterTest {
  private final ArgumentWriter writer = writer(Object.class, Object.class, Object.class);
  private final LineBuffer line = new LineBuffer(4, Integer.MAX_VALUE);

  private static ArgumentWriter writer(Type... parameters) {
    return new ArgumentWriter(
        Broker.BODY_MARGIN + 1000, "a.B::c", Values.standard(), List.of(parameters), true);
  }

  @Test
  void arguments_become_an_array_on_one_line() {
    assertThat(writer.line().text()).isEqualTo("[]");
    assertThat(writer.line(1, "a\nb", null).text()).isEqualTo("[1,\"a\\nb\",null]");
    assertThat(writer.line(Map.of("k", 1)).text()).isEqualTo("[{\"k\":1}]");
  }

  @Test
  void arguments_over_the_limit_are_refused_with_both_sizes() {
    assertThat(writer.line("x".repeat(996)).length()).isEqualTo(1000);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.line("x".repeat(997)))
        .withMessageContaining("1001 bytes")
        .withMessageContaining("at most 1000");
  }

  @Test
  void json_that_is_not_an_array_on_one_line_is_refused() {
    writer.copy(Payload.of("[1]"), line);
    assertThat(line.toPayload().text()).isEqualTo("[1]");
    assertThatIllegalArgumentException().isThrownBy(() -> writer.copy(Payload.of("1"), line));
    assertThatIllegalArgumentException().isThrownBy(() -> writer.copy(Payload.of("[1,\n2]"), line));
  }

  @Test
  void a_refusal_leaves_the_buffer_as_it_was() {
    writer.writeOne(7, line);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.write(line, 8, List.of("x", new Unwritable())))
        .withMessageContaining("argument 2");
    assertThatIllegalArgumentException().isThrownBy(() -> writer.writeOne("x".repeat(997), line));
    assertThat(line.toPayload().text()).isEqualTo("[7]");
  }

  /** Cannot be written, which fails only after its first property. */
  @SuppressWarnings("unused") // its getters are called by name
  static final class Unwritable {
    public int getA() {
      return 1;
    }

    public int getB() {
      throw new IllegalStateException("no b");
    }
  }
}
