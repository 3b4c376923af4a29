package dev.warren.worker.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.task.Payload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The bytes shown in docs/child-protocol.md are those of the frames. */
class ProtocolDocTest {
  private static final Pattern FRAME =
      Pattern.compile("(?m)^[<>] ((?:[0-9a-f]{2} ){4}[0-9a-f]{2})  ([^\\n]*(?:\\n {18}[^\\n]*)*)");

  @Test
  void the_documented_conversation_is_exact_to_the_byte() throws IOException {
    String text = Files.readString(Path.of("../docs/child-protocol.md"));
    List<FrameType> types = new ArrayList<>();
    Matcher matcher = FRAME.matcher(text);
    while (matcher.find()) {
      String payload = matcher.group(2).replaceAll("\\n {18}", "\n");
      byte[] start = HexFormat.ofDelimiter(" ").parseHex(matcher.group(1));
      FrameType type = FrameType.ofCode(start[4]);
      byte[] real =
          new Frame(type, Payload.of(payload.getBytes(StandardCharsets.UTF_8))).toBuffer().array();
      assertThat(real).as(payload).startsWith(start);
      check(new Frame(type, Payload.of(payload)));
      types.add(type);
    }
    assertThat(types)
        .containsExactly(
            FrameType.HELLO,
            FrameType.SETUP,
            FrameType.READY,
            FrameType.CALLS,
            FrameType.OUTCOMES,
            FrameType.QUIT);
    assertThat(Frame.empty(FrameType.READY))
        .isEqualTo(new Frame(FrameType.READY, Payload.of("{}")));
  }

  /** Reads a frame as Warren does. */
  private static void check(Frame frame) {
    switch (frame.type()) {
      case HELLO -> assertThat(Hello.read(frame)).isEqualTo(new Hello(1, "s3cret", 4711, false));
      case SETUP -> assertThat(Setup.read(frame).allow()).containsExactly("math::*");
      case CALLS -> assertThat(CallsHeader.read(frame).count()).isEqualTo(frame.lines().count());
      case OUTCOMES ->
          assertThat(OutcomesHeader.read(frame)).isEqualTo(new OutcomesHeader(12, 0, 2, 7));
      default -> assertThat(frame).isEqualTo(Frame.empty(frame.type()));
    }
  }
}
