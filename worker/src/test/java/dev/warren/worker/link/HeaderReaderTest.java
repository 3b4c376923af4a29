package dev.warren.worker.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.task.Payload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers are read in any form of JSON, and everything else is refused. */
final class HeaderReaderTest {
  private static Frame frame(FrameType type, String text) {
    return new Frame(type, Payload.of(text));
  }

  private static CallMark mark(String text) {
    return CallMark.read(frame(FrameType.INTERRUPT, text));
  }

  @Test
  void fields_of_later_versions_are_ignored() {
    String text =
        " { \"new\" : {\"a\":[1,{\"b\":\"]}\"},true,null]} , \"task\":5,\"x\":null,\"y\":-1.5e3,"
            + "\"z\":[],\t\"index\" : 9 } ";
    assertThat(mark(text)).isEqualTo(new CallMark(5, 9, 0));
    assertThat(mark("{\"new\":\"}\",\"task\":5,\"index\":9}")).isEqualTo(new CallMark(5, 9, 0));
    assertThat(mark("{\"task\":5,\"new\":1,\"index\":9}")).isEqualTo(new CallMark(5, 9, 0));
  }

  @Test
  void fields_may_come_in_any_order_and_the_last_of_a_name_counts() {
    assertThat(mark("{\"ranMicros\":1,\"index\":2,\"task\":3}")).isEqualTo(new CallMark(3, 2, 1));
    assertThat(mark("{\"task\":1,\"task\":2}").task()).isEqualTo(2);
    assertThat(mark("{\"t\\u0061sk\":4}").task()).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", " { } ", "{}\n[1]", "{\"task\":null}", "{ \"task\" : null }\r"})
  void a_missing_field_has_its_default(String text) {
    assertThat(mark(text)).isEqualTo(new CallMark(0, 0, 0));
    CallsHeader calls = CallsHeader.read(frame(FrameType.CALLS, text));
    assertThat(calls.fn()).isEmpty();
    assertThat(calls.digest()).isNull();
    assertThat(calls.captured()).isFalse();
    assertThat(calls.strictJson()).isTrue();
    Setup setup = Setup.read(frame(FrameType.SETUP, text));
    assertThat(setup.maxResultBytes()).isEqualTo(Integer.MAX_VALUE);
    assertThat(setup.appPath()).isNull();
    assertThat(setup.allow()).isEmpty();
    assertThat(RecycleHeader.read(frame(FrameType.RECYCLE, text)).reason()).isNull();
  }

  @Test
  void a_header_ends_with_its_line() {
    CallsHeader header = CallsHeader.read(frame(FrameType.CALLS, "{\"count\":3} \n[1]\n{no json"));
    assertThat(header.count()).isEqualTo(3);
  }

  @Test
  void texts_have_escapes_of_every_kind_and_all_characters() {
    String text =
        "{\"fn\":\"\\u0041\\ud83d\\ude00\\t\\b\\f\\r\\n\\/\\\\\\\"end\" ,\"job\":\"ü😀\\n\"}";
    CallsHeader header = CallsHeader.read(frame(FrameType.CALLS, text));
    assertThat(header.fn()).isEqualTo("A😀\t\b\f\r\n/\\\"end");
    assertThat(header.job()).isEqualTo("ü😀\n");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-7, -7",
    "999999999999999999, 999999999999999999",
    "9223372036854775807, 9223372036854775807",
    "-9223372036854775808, -9223372036854775808",
    "7.9, 7",
    "1.5e3, 1500",
    "'12 ', 12",
    "' \t12', 12"
  })
  void numbers_have_any_form_and_a_fraction_is_ignored(String number, long value) {
    assertThat(mark("{\"task\":" + number + "}").task()).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "0.25, 0.25", "5e-1, 0.5", "-1, -1"})
  void progress_may_be_a_whole_number(String number, double value) {
    Note note = Note.read(frame(FrameType.NOTE, "{\"progress\":" + number + "}"));
    assertThat(note.progress()).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "[]",
        "{",
        "}",
        "{\"task\"}",
        "{\"task\":}",
        "{\"task\":1",
        "{\"task\":01}",
        "{\"task\":1-}",
        "{\"task\":tru}",
        "{\"task\":1 \"index\":2}",
        "{\"task\":1,}",
        "{,\"task\":1}",
        "{\"task\":1}}",
        "{\"task\":1}{\"task\":2}",
        "{\"task\":1}x",
        "{\"task\":\n1}",
        "{\"a\":\"b\nc\"}",
        "{\"\\u12\":1}",
        "{\"\\x\":1}",
        "{task:1}",
        "{\"a\":[}",
        "{\"a\":{\"b\":1}"
      })
  void a_malformed_header_is_refused_with_the_frame_and_the_position(String text) {
    assertThatThrownBy(() -> mark(text))
        .isInstanceOf(LinkException.class)
        .hasMessageContaining("bad header in a INTERRUPT frame")
        .hasMessageContaining("at byte");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"task\":\"1\"}                 | not a number, field task",
        "{\"task\":true}                  | not a number, field task",
        "{\"task\":[1]}                   | not a number, field task",
        "{\"task\":99999999999999999999}  | 99999999999999999999 is too large, field task",
        "{\"task\":9223372036854775808}   | is too large, field task",
        "{\"task\":1e300}                 | is too large, field task",
        "{\"index\":4294967296}           | 4294967296 is too large, field index",
        "{\"fn\":1}                       | not a text, field fn",
        "{\"fn\":true}                    | not a text, field fn",
        "{\"fn\":[\"a\"]}                 | not a text, field fn",
        "{\"captured\":\"true\"}          | neither true nor false, field captured",
        "{\"captured\":1}                 | neither true nor false, field captured",
        "{\"appPath\":\"/a\"}             | not a list, field appPath",
        "{\"appPath\":[\"/a\",1]}         | not a list of texts, field appPath",
        "{\"initArgs\":{}}                | not a list, field initArgs",
      })
  void a_value_of_the_wrong_type_is_refused_with_its_field(String text, String problem) {
    assertThatThrownBy(
            () -> {
              mark(text);
              CallsHeader.read(frame(FrameType.INTERRUPT, text));
              Setup.read(frame(FrameType.INTERRUPT, text));
            })
        .isInstanceOf(LinkException.class)
        .hasMessageStartingWith("bad header in a INTERRUPT frame: ")
        .hasMessageContaining(problem);
  }
}
