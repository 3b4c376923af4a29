package dev.warren.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.json.Json;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

class OutcomeLineTest {
  private static final List<String> VALUES =
      List.of(
          "1",
          "-0.5e+10",
          "\"a\\u00e4\\n\\\"ü€😀\"",
          "[1,[2,{\"a\":null}],true]",
          "{\"x\":{\"y\":[],\"z\":{}},\"w\":false}",
          " [ 1 , 2 ] ",
          "[[[[[[[[[[1]]]]]]]]]]",
          "123456789012345678901234567890",
          "{}",
          "\"\"");

  private static Payload line(String text) {
    return Payload.of(text);
  }

  @Test
  void whole_outcomes_are_well_formed() {
    for (String value : VALUES) {
      assertThat(OutcomeLine.isWellFormed(line("{\"value\":" + value + "}"))).as(value).isTrue();
    }
    assertThat(OutcomeLine.isWellFormed(line("{\"error\": {\"kind\": \"failed\"}}"))).isTrue();
  }

  @Test
  void anything_after_the_value_makes_a_line_malformed() {
    for (String text :
        List.of(
            "{\"value\":1} trailing",
            "{\"value\":1}{\"value\":2}",
            "{\"value\":10}}{\"value\":{\"raw\":666}",
            "{\"value\":1,\"more\":2}",
            "{\"value\":1 2}",
            "{\"value\":01}",
            "{\"value\":1.}",
            "{\"value\":tru}",
            "{\"value\":\"\\x\"}",
            "{\"value\":\"\t\"}",
            "{\"value\":[1,]}",
            "{\"value\":{\"a\"}}",
            "{\"value\":{\"a\":1,}}",
            "{\"value\":[1}}",
            "{\"value\":" + "[".repeat(600) + "]".repeat(600) + "}",
            "{\"error\":null}",
            "{\"error\":[]}",
            "{\"value\":}",
            "{\"value\":",
            "{\"value\"",
            "")) {
      assertThat(OutcomeLine.isWellFormed(line(text))).as(text).isFalse();
    }
  }

  @Test
  void a_damaged_line_is_well_formed_if_the_json_library_agrees() {
    Random random = new Random(16);
    for (int i = 0; i < 100_000; i++) {
      byte[] bytes =
          ("{\"value\":" + VALUES.get(random.nextInt(VALUES.size())) + "}")
              .getBytes(StandardCharsets.UTF_8);
      for (int changes = random.nextInt(3); changes > 0; changes--) {
        byte[] pool = "{}[]\",:\\ue0129-.tfn \u0001".getBytes(StandardCharsets.UTF_8);
        bytes[9 + random.nextInt(bytes.length - 9)] =
            random.nextInt(4) == 0 ? (byte) random.nextInt(256) : pool[random.nextInt(pool.length)];
      }
      Payload line = Payload.of(bytes);
      if (line.indexOf((byte) '\n', 0) < 0) {
        assertThat(OutcomeLine.isWellFormed(line)).as(line.text()).isEqualTo(jacksonSays(line));
      }
    }
  }

  /** Whether it is an object of one property, in UTF-8, that ends where the line ends. */
  private static boolean jacksonSays(Payload line) {
    try {
      StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(line.array(), line.offset(), line.length()));
      if (line.at(line.length() - 1) != '}') {
        return false;
      }
      try (JsonParser parser = Json.parser(line)) {
        parser.nextToken();
        parser.nextToken();
        parser.nextToken();
        parser.skipChildren();
        return parser.nextToken() == tools.jackson.core.JsonToken.END_OBJECT
            && parser.nextToken() == null;
      }
    } catch (CharacterCodingException | JacksonException e) {
      return false;
    }
  }

  @Test
  void missing_fields_of_a_failure_have_defaults() {
    RemoteFailure failure = OutcomeLine.failure(line("{\"error\":{\"types\":[null,\"a\"]}}"));
    assertThat(failure.kind()).isEqualTo(FailureKind.FAILED);
    assertThat(failure.type()).isEqualTo("failed");
    assertThat(failure.types()).containsExactly("a");
    assertThat(failure.details()).isEmpty();
  }

  @Test
  void what_is_no_failure_is_refused_as_such() {
    for (String text :
        List.of("{\"error\":null}", "{\"error\":{\"kind\":[]}}", "{\"value\":1}", "x", "")) {
      assertThatThrownBy(() -> OutcomeLine.failure(line(text)))
          .as(text)
          .isInstanceOf(WireFormatException.class);
    }
  }

  @Test
  void a_malformed_outcome_is_quoted_in_printable_characters() {
    assertThat(OutcomeLine.notAnOutcome(line("a\u001b[31m\u202eb"), 2).message())
        .contains("10 bytes: a?[31m???b");
  }

  @Test
  void the_kind_of_a_failure_is_found_wherever_it_is() {
    RemoteFailure failure = RemoteFailure.of(FailureKind.TIME_LIMIT, "too long", 1);
    assertThat(OutcomeLine.kind(OutcomeLine.of(failure))).isEqualTo("time_limit");
    String elsewhere = "{\"error\":{\"type\":\"a.B\",\"attempt\":1,\"kind\":\"child_lost\"}}";
    assertThat(OutcomeLine.kind(Payload.of(elsewhere))).isEqualTo("child_lost");
    assertThat(OutcomeLine.kind(Payload.of("no outcome"))).isEqualTo("result_not_serializable");
    assertThat(OutcomeLine.kind(Payload.of("{\"error\":{\"kind\":\"fail")))
        .isEqualTo("result_not_serializable");
  }
}
