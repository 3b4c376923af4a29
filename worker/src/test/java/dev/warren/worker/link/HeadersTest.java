package dev.warren.worker.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.json.Json;
import dev.warren.json.LineBuffer;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

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
          "\b\f\n\r\u0000\u001b",
          "é\u2028",
          "😀",
          "\u007f");

  /** Characters that may be in the wrong place. */
  private static final String DAMAGE = "0149-.e\"\\{}[],:ntfu \n\té";

  private final Random random = new Random(1);

  // ---- round trips

  @Test
  void every_header_is_written_as_the_json_library_writes_it_and_read_back() {
    for (int i = 0; i < 2000; i++) {
      CallsHeader calls = calls();
      same(calls, calls.frame(Payload.of("[1]\n[2]")), CallsHeader::read);
      OutcomesHeader outcomes =
          new OutcomesHeader(number(), smallNumber(), smallNumber(), number());
      same(outcomes, outcomes.frame(Payload.of("{\"value\":1}")), OutcomesHeader::read);
      CallMark mark = new CallMark(number(), smallNumber(), number());
      same(mark, mark.running(), CallMark::read);
      same(mark, mark.interrupt(), CallMark::read);
      Note note = note();
      same(note, note.frame(), Note::read);
      ReturnedHeader returned = new ReturnedHeader(number(), smallNumber(), smallNumber());
      same(returned, returned.frame(), ReturnedHeader::read);
      RecycleHeader recycle = new RecycleHeader(textOrNull());
      same(recycle, recycle.frame(), RecycleHeader::read);
      Hello hello = new Hello(smallNumber(), text(), number(), random.nextBoolean());
      same(hello, hello.frame(), Hello::read);
    }
  }

  private static <T> void same(T header, Frame frame, Function<Frame, T> reader) {
    // without tracing the field is left out
    String json = Json.write(header).text().replace(",\"traceparent\":null}", "}");
    assertThat(frame.header().text()).isEqualTo(json);
    assertThat(reader.apply(frame)).isEqualTo(header);
  }

  @Test
  void a_setup_is_read_back_with_every_byte_of_its_arguments() {
    Setup setup =
        new Setup(
            1,
            "w-1 \"quoted\" \\ back",
            "höst\u0001\n\u2028😀",
            "a.B::c(I)V",
            "sha256:ff",
            Payload.of("[1, [2.50e3,{\"k]\":\"}\\\"\"}],null,\"ü\",-0.0]"),
            List.of("/a b", "/c,d", "/\"e\\"),
            List.of("a.**"),
            List.of("x.*", "y::*"),
            1_000_000,
            "a.B::c",
            "a.Json",
            "w-1");
    assertThat(Setup.read(setup.frame())).isEqualTo(setup);
    JsonNode json = Json.MAPPER.readTree(setup.frame().payload().toBytes());
    assertThat(json.get("host").asString()).isEqualTo(setup.host());
    assertThat(json.get("appPath").get(2).asString()).isEqualTo("/\"e\\");
    assertThat(json.get("initArgs").get(0).asInt()).isEqualTo(1);
  }

  @Test
  void a_setup_without_values_is_read_back() {
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
    assertThat(Setup.read(setup.frame())).isEqualTo(setup);
  }

  @Test
  void a_list_of_texts_may_have_spaces_anywhere() {
    Frame frame =
        new Frame(
            FrameType.SETUP, Payload.of("{ \"functions\" : [ \"a::b\" , \"c,d\"\t,\"e\" ] }"));
    assertThat(Setup.read(frame).functions()).containsExactly("a::b", "c,d", "e");
    Frame empty = new Frame(FrameType.SETUP, Payload.of("{\"functions\":[ ]}"));
    assertThat(Setup.read(empty).functions()).isEmpty();
  }

  @Test
  void a_failed_initializer_is_read_back() {
    RemoteFailure failure = RemoteFailure.of(FailureKind.INITIALIZER_FAILED, "no \"db\"\n", 1);
    assertThat(InitFailedHeader.read(InitFailedHeader.frame(failure))).isEqualTo(failure);
    assertThatThrownBy(
            () -> InitFailedHeader.read(new Frame(FrameType.INIT_FAILED, Payload.of("{\"kind\":"))))
        .isInstanceOf(LinkException.class)
        .hasMessageContaining("bad header in a INIT_FAILED frame");
  }

  @Test
  void a_text_with_half_a_surrogate_pair_is_still_a_text() {
    Note note = Note.ofCall(1, 2, "a\ud83d", null);
    assertThat(Note.read(note.frame()).log()).isEqualTo("a?");
  }

  @Test
  void headers_in_one_buffer_are_separate() {
    LineBuffer out = new LineBuffer(4, Integer.MAX_VALUE);
    new OutcomesHeader(1, 2, 3, 4).writeTo(out);
    out.write('\n');
    new OutcomesHeader(5, 6, 7, 8).writeTo(out);
    assertThat(out.toPayload().text())
        .isEqualTo(
            "{\"task\":1,\"from\":2,\"count\":3,\"busyMicros\":4}\n"
                + "{\"task\":5,\"from\":6,\"count\":7,\"busyMicros\":8}");
  }

  // ---- damage

  @Test
  void a_damaged_header_is_read_as_the_json_library_reads_it_or_refused_like_it() {
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      CallsHeader header = calls();
      StringBuilder json = new StringBuilder(Json.write(header).text());
      int at = random.nextInt(json.length());
      switch (random.nextInt(4)) {
        case 0 -> json.deleteCharAt(at);
        case 1 -> json.insert(at, DAMAGE.charAt(random.nextInt(DAMAGE.length())));
        case 2 -> json.setCharAt(at, DAMAGE.charAt(random.nextInt(DAMAGE.length())));
        default -> json.setLength(at);
      }
      Frame frame = new Frame(FrameType.CALLS, Payload.of(json + "\n[1]"));
      CallsHeader plain = readOrNull(frame);
      assertThat(plain).as(json.toString()).isEqualTo(byLibrary(frame));
      read += plain == null ? 0 : 1;
    }
    assertThat(read).isBetween(1000, 19_000);
  }

  @Test
  void each_call_of_a_frame_has_its_place_in_a_trace_or_all_have_one() {
    CallsHeader plain = calls();
    assertThat(traced(plain, null).traceparent(0)).isNull();
    assertThat(traced(plain, "a,,c").traceparent(0)).isEqualTo("a");
    assertThat(traced(plain, "a,,c").traceparent(1)).isNull();
    assertThat(traced(plain, "a,,c").traceparent(2)).isEqualTo("c");
    assertThat(traced(plain, "a,,c").traceparent(3)).isNull();
    assertThat(traced(plain, "a").traceparent(2)).isEqualTo("a");
  }

  private static CallsHeader traced(CallsHeader header, @Nullable String traceparent) {
    return new CallsHeader(
        header.task(),
        header.from(),
        header.count(),
        header.fn(),
        header.digest(),
        header.captured(),
        header.job(),
        header.calls(),
        header.attempt(),
        header.softMs(),
        header.hardMs(),
        header.flushEach(),
        header.retryOn(),
        header.strictJson(),
        traceparent);
  }

  private static @Nullable CallsHeader readOrNull(Frame frame) {
    try {
      return CallsHeader.read(frame);
    } catch (LinkException e) {
      return null;
    }
  }

  /** Reads a header with the JSON library; null if it refuses. */
  private static @Nullable CallsHeader byLibrary(Frame frame) {
    try {
      CallsHeader read = Json.read(frame.header(), CallsHeader.class);
      JsonNode tree = Json.MAPPER.readTree(frame.header().toBytes());
      return new CallsHeader(
          read.task(),
          read.from(),
          read.count(),
          orEmpty(read.fn()),
          read.digest(),
          read.captured(),
          orEmpty(read.job()),
          orEmpty(read.calls()),
          read.attempt(),
          read.softMs(),
          read.hardMs(),
          read.flushEach(),
          read.retryOn(),
          read.strictJson() || !tree.has("strictJson"),
          read.traceparent());
    } catch (JacksonException e) {
      return null;
    }
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private CallsHeader calls() {
    return new CallsHeader(
        number(),
        smallNumber(),
        smallNumber(),
        text(),
        textOrNull(),
        random.nextBoolean(),
        text(),
        text(),
        random.nextInt(5),
        random.nextInt(100_000),
        random.nextInt(100_000),
        random.nextBoolean(),
        textOrNull(),
        random.nextBoolean(),
        textOrNull());
  }

  private Note note() {
    Double progress = random.nextBoolean() ? null : (Double) random.nextDouble();
    return new Note(number(), smallNumber(), textOrNull(), progress, textOrNull(), textOrNull());
  }

  private long number() {
    return random.nextLong() >>> (1 + random.nextInt(63));
  }

  private int smallNumber() {
    return random.nextInt(1 << random.nextInt(31));
  }

  private String text() {
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }

  private @Nullable String textOrNull() {
    return random.nextBoolean() ? null : text();
  }
}
