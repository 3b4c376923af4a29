package dev.warren.worker.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.json.Json;
import dev.warren.json.LineBuffer;
import dev.warren.task.Payload;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Headers written and read without the JSON library equal those of the library. */
class HeadersTest {
  private static final List<String> TEXTS =
      List.of(
          "",
          "a",
          "com.acme.Stats::score(I)D",
          "quote\"",
          "back\\slash",
          "tab\t",
          "é",
          "😀",
          "\u007f");

  /** Values that may be in the wrong place. */
  private static final String DAMAGE = "0149-.e\"\\{}[],:ntfu \n\té";

  @Test
  void a_calls_header_is_written_as_the_json_library_writes_it() {
    Random random = new Random(1);
    RepeatedText functions = new RepeatedText();
    for (int i = 0; i < 2000; i++) {
      CallsHeader header = header(random);
      LineBuffer written = new LineBuffer(4, Integer.MAX_VALUE);
      header.writeTo(written, functions);
      assertThat(written.toPayload()).isEqualTo(Json.write(header));
      Frame frame = Frame.of(FrameType.CALLS, header, Payload.of("[1]\n[2]"));
      CallsHeader read = CallsHeader.ofPlain(frame);
      assertThat(read == null ? frame.header(CallsHeader.class) : read).isEqualTo(header);
    }
  }

  @Test
  void a_damaged_calls_header_is_read_as_the_json_library_reads_it_or_left_to_it() {
    Random random = new Random(3);
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder json = new StringBuilder(Json.write(header(random)).text());
      int at = random.nextInt(json.length());
      switch (random.nextInt(4)) {
        case 0 -> json.deleteCharAt(at);
        case 1 -> json.insert(at, DAMAGE.charAt(random.nextInt(DAMAGE.length())));
        case 2 -> json.setCharAt(at, DAMAGE.charAt(random.nextInt(DAMAGE.length())));
        default -> json.setLength(at);
      }
      Frame frame = new Frame(FrameType.CALLS, Payload.of(json + "\n[1]"));
      CallsHeader plain = CallsHeader.ofPlain(frame);
      if (plain != null) {
        read++;
        assertThat(frame.header(CallsHeader.class)).as(json.toString()).isEqualTo(plain);
      }
    }
    assertThat(read).isPositive();
  }

  private static CallsHeader header(Random random) {
    return new CallsHeader(
        random.nextLong() >>> (1 + random.nextInt(63)),
        random.nextInt(1 << random.nextInt(31)),
        random.nextInt(1 << random.nextInt(31)),
        text(random),
        textOrNull(random),
        random.nextBoolean(),
        text(random),
        text(random),
        random.nextInt(5),
        random.nextInt(100_000),
        random.nextInt(100_000),
        random.nextBoolean(),
        textOrNull(random),
        true);
  }

  private static String text(Random random) {
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }

  private static @Nullable String textOrNull(Random random) {
    return random.nextBoolean() ? null : text(random);
  }

  @Test
  void a_plain_calls_header_needs_no_json_library() {
    CallsHeader header =
        new CallsHeader(7, 0, 2, "a.B::c", null, false, "j", "1-2", 1, 0, 0, false, null, true);
    assertThat(CallsHeader.ofPlain(Frame.of(FrameType.CALLS, header, Payload.of("[1]\n[2]"))))
        .isEqualTo(header);
  }

  @Test
  void an_outcomes_header_may_have_any_json_form() {
    OutcomesHeader header = new OutcomesHeader(7, 20, 3, 4000);
    for (String json :
        List.of(
            "{\"task\":7,\"from\":20,\"count\":3,\"busyMicros\":4000}",
            "{ \"task\": 7, \"from\": 20, \"count\": 3, \"busyMicros\": 4000 }",
            "{\"count\":3,\"busyMicros\":4000,\"from\":20,\"task\":7}",
            "{\"task\":7,\"from\":20,\"count\":3,\"busyMicros\":4000,\"new\":[]}")) {
      assertThat(OutcomesHeader.of(outcomes(json))).as(json).isEqualTo(header);
    }
    for (String json :
        List.of(
            "{\"task\":07,\"from\":20,\"count\":3,\"busyMicros\":4000}",
            "{\"task\":7,\"from\":20,\"count\":3,\"busyMicros\":4000}}",
            "{\"task\":7,\"from\":99999999999,\"count\":3,\"busyMicros\":4000}",
            "{\"task\":,\"from\":20,\"count\":3,\"busyMicros\":4000}",
            "")) {
      assertThatThrownBy(() -> OutcomesHeader.of(outcomes(json)))
          .as(json)
          .isInstanceOf(LinkException.class);
    }
  }

  private static Frame outcomes(String header) {
    return new Frame(FrameType.OUTCOMES, Payload.of(header + "\n{\"value\":1}"));
  }
}
