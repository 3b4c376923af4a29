package dev.warren.jobs.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.json.Lines;
import dev.warren.task.Payload;
import org.junit.jupiter.api.Test;

class LineCheckTest {
  private static void check(LineMode mode, int arity, String line) throws LineException {
    new LineCheck(mode, arity).check(Payload.of(line));
  }

  @Test
  void a_line_of_json_is_one_argument_or_an_array_of_several() {
    assertThatCode(() -> check(LineMode.JSON, 1, "[1,2,3]")).doesNotThrowAnyException();
    assertThatCode(() -> check(LineMode.JSON, 2, "[1,[2]]")).doesNotThrowAnyException();
    assertThatThrownBy(() -> check(LineMode.JSON, 2, "[1]"))
        .hasMessage("must be an array of 2 arguments, but has 1");
    assertThatThrownBy(() -> check(LineMode.JSON, 2, "7"))
        .hasMessage("must be an array of 2 arguments, but is not an array");
    assertThatThrownBy(() -> check(LineMode.JSON, 1, "")).hasMessageStartingWith("is empty");
    assertThatThrownBy(() -> check(LineMode.JSON, 1, "1 2"))
        .hasMessage("has more than one JSON value");
    assertThatThrownBy(() -> check(LineMode.JSON, 1, "abc"))
        .hasMessageStartingWith("is not JSON: ")
        .isInstanceOfSatisfying(LineException.class, e -> assertThat(e.mayBeText()).isTrue());
  }

  @Test
  void a_line_of_text_may_be_anything_in_utf_8() {
    assertThatCode(() -> check(LineMode.TEXT, 1, "")).doesNotThrowAnyException();
    Payload latin1 = Payload.of(new byte[] {(byte) 0xe4});
    assertThatThrownBy(() -> new LineCheck(LineMode.TEXT, 1).check(latin1))
        .hasMessage("is not UTF-8");
  }

  @Test
  void lines_become_arrays_of_arguments() {
    Lines lines = Lines.split(Payload.of("1\n[2]\n"));
    assertThat(new Arguments(LineMode.JSON, 1).of(lines).get(1)).hasToString("[[2]]");
    assertThat(new Arguments(LineMode.JSON, 2).of(lines).get(1)).hasToString("[2]");
    Lines text = Lines.split(Payload.of("a \"b\"\n"));
    assertThat(new Arguments(LineMode.TEXT, 1).of(text).get(0)).hasToString("[\"a \\\"b\\\"\"]");
  }
}
