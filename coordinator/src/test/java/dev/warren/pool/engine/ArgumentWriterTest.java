package dev.warren.pool.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.warren.task.Payload;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArgumentWriterTest {
  private final ArgumentWriter writer = new ArgumentWriter(ArgumentWriter.MARGIN + 1000);

  @Test
  void arguments_become_an_array_on_one_line() {
    assertThat(writer.write().text()).isEqualTo("[]");
    assertThat(writer.write(1, "a\nb", null).text()).isEqualTo("[1,\"a\\nb\",null]");
    assertThat(writer.writeOne(Map.of("k", 1)).text()).isEqualTo("[{\"k\":1}]");
  }

  @Test
  void what_is_over_the_limit_is_refused_with_both_sizes() {
    assertThat(writer.writeOne("x".repeat(996)).length()).isEqualTo(1000);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.writeOne("x".repeat(997)))
        .withMessageContaining("1001 bytes")
        .withMessageContaining("at most 1000");
  }

  @Test
  void json_that_is_no_array_on_one_line_is_refused() {
    assertThat(writer.checkedArray(Payload.of("[1]")).text()).isEqualTo("[1]");
    assertThatIllegalArgumentException().isThrownBy(() -> writer.checkedArray(Payload.of("1")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.checkedArray(Payload.of("[1,\n2]")));
  }
}
