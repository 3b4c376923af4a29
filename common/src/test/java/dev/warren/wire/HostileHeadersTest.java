package dev.warren.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.task.Payload;
import dev.warren.wire.control.CancelMessage;
import dev.warren.wire.control.ControlLimits;
import dev.warren.wire.control.Heartbeat;
import dev.warren.wire.control.OwnershipQuery;
import dev.warren.wire.control.SupersededMessage;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every header and number of a message has a type and bounds. */
class HostileHeadersTest {
  private static final WireCodecs CODECS = WireCodecs.create();

  private static Message task(String header, Object value) {
    Map<String, Object> headers = new HashMap<>();
    headers.put("warren-version", 1);
    headers.put("warren-fn", "a.B::c");
    headers.put(header, value);
    return new Message("id", null, null, null, 4, headers, Payload.of("[]"));
  }

  private static void refused(String header, Object value, String why) {
    assertThatThrownBy(() -> CODECS.tasks().read(task(header, value)))
        .as("%s=%s", header, value)
        .isInstanceOf(WireFormatException.class)
        .hasMessageContaining(why);
  }

  @Test
  void a_number_is_whole_and_within_its_bounds_or_refused() {
    for (Object odd :
        new Object[] {1.5, 1f, new BigDecimal("1"), true, List.of(1), new byte[] {1}, "x", ""}) {
      refused("warren-attempt", odd, "header warren-attempt is not a number: '");
      refused("warren-version", odd, "header warren-version is");
    }
    refused("warren-attempt", Long.MIN_VALUE, "must be 1 to 1000000");
    refused("warren-max-child-losses", -1, "must be 0 to 1000");
    assertThat(CODECS.tasks().read(task("warren-attempt", (byte) 2)).counts().attempt())
        .isEqualTo(2);
    assertThat(CODECS.tasks().read(task("warren-attempt", "2")).counts().attempt()).isEqualTo(2);
  }

  @Test
  void a_flag_is_a_boolean_or_refused() {
    for (Object odd : new Object[] {"yes", 1, "", List.of()}) {
      refused("warren-at-most-once", odd, "must be true or false");
    }
    assertThat(CODECS.tasks().read(task("warren-at-most-once", "TRUE")).options().atMostOnce())
        .isTrue();
  }

  @Test
  void a_text_has_bounded_length_or_is_refused() {
    for (Object odd : new Object[] {1.5, true, List.of("a"), Map.of("a", 1), new byte[3]}) {
      refused("warren-job", odd, "header warren-job is not a text");
      refused("warren-fn", odd, "header warren-fn is not a text");
      refused("warren-calls", odd, "header warren-calls is not a text");
    }
    refused("warren-job", "x".repeat(1001), "must be at most 1000");
    refused("warren-fn", "x".repeat(100_000), "must be at most 8000");
    refused("warren-calls", "x".repeat(100_000), "not a range");
  }

  @Test
  void a_refusal_shows_only_the_beginning_of_a_value() {
    for (String header : new String[] {"warren-attempt", "warren-calls", "warren-version"}) {
      assertThatThrownBy(() -> CODECS.tasks().read(task(header, "z".repeat(100_000))))
          .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
    }
  }

  @Test
  void a_message_whose_headers_were_replaced_is_refused_with_their_reason() {
    Message message = task(Headers.UNREADABLE, "its headers are nested more than 16 levels deep");
    for (org.assertj.core.api.ThrowableAssert.ThrowingCallable read :
        List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
            () -> CODECS.tasks().read(message),
            () -> CODECS.results().read("q", message),
            () -> Heartbeat.of(message),
            () -> OwnershipQuery.of(message),
            () -> CancelMessage.of(message),
            () -> SupersededMessage.of(message))) {
      assertThatThrownBy(read)
          .isInstanceOf(WireFormatException.class)
          .hasMessageContaining("cannot be decoded: its headers are nested");
    }
  }

  private static Message control(String type, String body) {
    return new Message(
        "id",
        type,
        null,
        null,
        4,
        Map.of("warren-version", 1, "warren-owner", "o"),
        Payload.of(body));
  }

  private static String beat(String slots, String held) {
    return "{\"supervisor\":\"w\",\"host\":\"h\",\"pid\":1,\"sequence\":1,\"slots\":"
        + slots
        + ",\"busy\":0,\"held\":"
        + held
        + ",\"leaving\":false,\"intervalMillis\":1000}";
  }

  @Test
  void a_heartbeat_with_numbers_or_lists_out_of_bounds_is_refused() {
    assertThat(Heartbeat.of(control("warren.heartbeat", beat("4", "[\"a\"]"))).slots())
        .isEqualTo(4);
    String tooMany = "[" + String.join(",", Collections.nCopies(2001, "\"a\"")) + "]";
    for (String body :
        new String[] {
          beat("2000000000", "[]"),
          beat("-1", "[]"),
          beat("4", "[null]"),
          beat("4", tooMany),
          beat("4", "[\"" + "x".repeat(256) + "\"]"),
          beat("4", "[]").replace("\"w\"", "null"),
          beat("4", "[]").replace("\"w\"", "\"" + "w".repeat(300) + "\""),
          beat("4", "[]").replace("1000", "300001"),
          beat("4", "[]").replace("\"pid\":1", "\"pid\":-1"),
          beat("4", "[]") + " ".repeat(ControlLimits.BODY_BYTES),
          "null",
          "[]",
          "",
          "{".repeat(10_000),
        }) {
      assertThatThrownBy(() -> Heartbeat.of(control("warren.heartbeat", body)))
          .isInstanceOf(WireFormatException.class);
    }
  }

  @Test
  void an_oversized_cancel_is_refused() {
    String most = "0" + ",2".repeat(ControlLimits.RANGES - 1);
    assertThat(CancelMessage.of(control("warren.cancel", most)).calls().ranges())
        .isEqualTo(ControlLimits.RANGES);
    assertThatThrownBy(() -> CancelMessage.of(control("warren.cancel", most + ",2")))
        .hasMessageContaining("number of ranges is 6001; must be 1 to 6000");
    assertThatThrownBy(() -> CancelMessage.of(control("warren.cancel", "1,".repeat(320_000) + "1")))
        .hasMessageContaining("the body has 640001 bytes; must be at most 262144");
  }

  @Test
  void the_largest_cancel_that_is_sent_fits_its_bound() {
    CallRanges.Builder ranges = new CallRanges.Builder();
    for (long i = 0; i < ControlLimits.RANGES; i++) {
      ranges.add(Long.MAX_VALUE - 3 * i - 1, Long.MAX_VALUE - 3 * i);
    }
    assertThat(ranges.build().toString().length()).isLessThan(ControlLimits.BODY_BYTES);
  }

  @Test
  void control_messages_between_workers_have_bounds() {
    String tooMany = "[" + String.join(",", Collections.nCopies(2001, "\"a\"")) + "]";
    for (String body :
        new String[] {
          "null",
          "{\"supervisor\":null,\"sequence\":1}",
          "{\"supervisor\":\"w\",\"sequence\":1,\"asked\":[null]}",
          "{\"supervisor\":\"w\",\"sequence\":1,\"settled\":" + tooMany + "}"
        }) {
      assertThatThrownBy(() -> OwnershipQuery.of(control("warren.holders", body)))
          .isInstanceOf(WireFormatException.class);
    }
  }
}
