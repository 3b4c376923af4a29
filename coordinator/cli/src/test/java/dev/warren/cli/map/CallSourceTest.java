package dev.warren.cli.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.ExitCode;
import dev.warren.jobs.spec.InputLines;
import dev.warren.task.Payload;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallSourceTest {

  private static CallSource source(String text, int arity, boolean plain) {
    return source(text.getBytes(StandardCharsets.UTF_8), "in.jsonl", arity, plain);
  }

  private static CallSource source(byte[] bytes, String name, int arity, boolean plain) {
    return new CallSource(
        new InputLines(new ByteArrayInputStream(bytes)),
        name,
        arity,
        plain,
        FinishedCalls.NONE,
        new CallsInFlight(false));
  }

  private static List<String> all(CallSource source) {
    List<String> calls = new ArrayList<>();
    while (source.hasNext()) {
      calls.add(source.next().text());
    }
    return calls;
  }

  @Test
  void for_one_parameter_the_line_is_the_argument_even_an_array() {
    CallSource source = source("1\n\"ä\"\n[1,2]\n{\"a\":[null]}\nnull", 1, false);
    assertThat(all(source))
        .containsExactly("[1]", "[\"ä\"]", "[[1,2]]", "[{\"a\":[null]}]", "[null]");
    assertThat(source.failure()).isNull();
  }

  @Test
  void for_more_parameters_the_line_is_the_array_of_them() {
    CallSource source = source("[1,\"a\"]\r\n[[2,3],{}]\n", 2, false);
    assertThat(all(source)).containsExactly("[1,\"a\"]", "[[2,3],{}]");
    assertThat(source.failure()).isNull();
  }

  @Test
  void plain_lines_become_strings() {
    CallSource source = source("a \"b\"\r\n\n\\tä", 1, true);
    assertThat(all(source)).containsExactly("[\"a \\\"b\\\"\"]", "[\"\"]", "[\"\\\\tä\"]");
  }

  @Test
  void a_byte_order_mark_is_not_part_of_the_first_line() {
    assertThat(all(source("\uFEFF1\n2", 1, false))).containsExactly("[1]", "[2]");
  }

  @Test
  void a_line_longer_than_any_buffer_is_one_line() {
    String line = "\"" + "x".repeat(300_000) + "\"";
    assertThat(all(source("1\n" + line + "\n2\n", 1, false)))
        .containsExactly("[1]", "[" + line + "]", "[2]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\":", "[1", "nul", "x", "\"open", "{a:1}", "NaN", "[1,]", "}"})
  void a_line_that_is_not_json_ends_the_input_with_its_number(String bad) {
    CallSource source = source("1\n2\n" + bad + "\n4\n", 1, false);
    assertThat(all(source)).containsExactly("[1]", "[2]");
    CommandFailure failure = source.failure();
    assertThat(failure).isNotNull();
    assertThat(failure)
        .hasMessageStartingWith("in.jsonl line 3 is not JSON: ")
        .hasMessageEndingWith("(--lines takes lines as plain strings)");
    assertThat(failure.getMessage().lines()).hasSize(1);
    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 2|1|in.jsonl line 1 has more than one JSON value",
        "[1]|2|in.jsonl line 1 must be an array of 2 arguments, but has 1",
        "[1,[2],3]|2|in.jsonl line 1 must be an array of 2 arguments, but has 3",
        "{\"a\":1}|3|in.jsonl line 1 must be an array of 3 arguments, but is not an array",
      })
  void a_line_of_another_shape_fails_with_the_required_shape(
      String line, int arity, String message) {
    CallSource source = source(line + "\n", arity, false);
    assertThat(all(source)).isEmpty();
    assertThat(source.failure()).hasMessage(message);
  }

  @Test
  void an_empty_line_is_refused_since_it_would_shift_later_indexes() {
    CallSource source = source("1\n\n3\n", 1, false);
    assertThat(all(source)).containsExactly("[1]");
    assertThat(source.failure())
        .hasMessage("in.jsonl line 2 is empty; write one JSON value per line");
  }

  @Test
  void bytes_that_are_not_text_are_refused() {
    byte[] latin = {'a', '\n', (byte) 0xE4, '\n'};
    CallSource source = source(latin, "in.txt", 1, true);
    assertThat(all(source)).containsExactly("[\"a\"]");
    assertThat(source.failure()).hasMessage("in.txt line 2 is not UTF-8");
    CallSource utf16 = source(new byte[] {0, '1'}, "in.txt", 1, false);
    assertThat(all(utf16)).isEmpty();
    assertThat(utf16.failure()).hasMessageContaining("line 1 has a zero byte");
  }

  @Test
  void an_empty_input_has_no_calls() {
    assertThat(source("", 1, false).hasNext()).isFalse();
    assertThat(Payload.EMPTY.length()).isZero();
  }
}
