package dev.warren.worker.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.task.Payload;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers as supervisors write them are read exactly, and everything else is refused. */
final class HeaderReaderTest {
  @Test
  void a_setup_round_trips() {
    Setup setup =
        new Setup(
            1,
            "w-1 \"quoted\" \\ back",
            "höst\u0001\n\u2028😀",
            "a.B::c(I)V",
            "sha256:ff",
            "[1, [2.50e3,{\"k]\":\"}\\\"\"}],null,\"ü\",-0.0]",
            List.of("/a b", "/c,d"),
            List.of("a.**"),
            List.of("x.*", "y::*"),
            1_000_000,
            "a.B::c",
            "a.Json",
            "w-1");

    assertThat(HeaderReader.setup(Frame.of(FrameType.SETUP, setup))).isEqualTo(setup);
  }

  @Test
  void an_empty_setup_has_no_values() {
    Setup setup =
        new Setup(
            1,
            "",
            "",
            null,
            null,
            null,
            null,
            List.of(),
            List.of(),
            Integer.MAX_VALUE,
            null,
            null,
            "");

    assertThat(HeaderReader.setup(Frame.of(FrameType.SETUP, setup))).isEqualTo(setup);
  }

  @Test
  void calls_are_read_without_their_lines() {
    CallsHeader header =
        new CallsHeader(
            Long.MAX_VALUE,
            7,
            3,
            "a.B::c",
            null,
            true,
            "job-ä",
            "17-19",
            2,
            50,
            100,
            true,
            "E,F",
            true);

    Frame frame = Frame.of(FrameType.CALLS, header, Payload.of("[1]\n[2]\n{not json"));

    assertThat(HeaderReader.calls(frame)).isEqualTo(header);
  }

  @Test
  void fields_of_later_versions_are_ignored() {
    String text =
        " { \"new\" : {\"a\":[1,{\"b\":\"]}\"},true,null]} , \"task\":5,\"x\":null,\"y\":-1.5e3,"
            + "\"z\":[],\t\"index\" : 9 } ";

    assertThat(HeaderReader.mark(frame(FrameType.INTERRUPT, text)))
        .isEqualTo(new CallMark(5, 9, 0));
  }

  @Test
  void escapes_of_every_kind_are_decoded() {
    String text = "{\"fn\":\"\\u0041\\ud83d\\ude00\\t\\b\\f\\r\\n\\/\\\\\\\"end\"}";

    assertThat(HeaderReader.calls(frame(FrameType.CALLS, text)).fn())
        .isEqualTo("A😀\t\b\f\r\n/\\\"end");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{\"task\"}",
        "{\"task\":}",
        "{\"task\":\"1\"}",
        "{\"task\":1.5}",
        "{\"task\":1 \"index\":2}",
        "{\"task\":1,}",
        "{\"index\":4294967296}",
        "{\"task\":99999999999999999999}",
        "{\"\\u12\":1}",
        "{\"\\x\":1}",
        "{\"a\":[}",
        "{\"a\":{\"b\":1}"
      })
  void a_malformed_header_is_refused_with_the_frame_and_the_position(String text) {
    assertThatThrownBy(() -> HeaderReader.mark(frame(FrameType.INTERRUPT, text)))
        .isInstanceOf(LinkException.class)
        .hasMessageContaining("INTERRUPT")
        .hasMessageContaining("at byte");
  }

  private static Frame frame(FrameType type, String text) {
    return new Frame(type, Payload.of(text));
  }
}
