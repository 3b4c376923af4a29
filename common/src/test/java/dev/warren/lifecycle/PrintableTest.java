package dev.warren.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** External text cannot control a terminal or forge a log line. */
class PrintableTest {
  private static final String FORGED = "job\n12:00:00.000 ERROR Worker forged";

  /** C0, DEL, C1, ESC sequences, bidi, zero-width, line separators, tags, lone surrogates. */
  private static final String HOSTILE =
      "a\u0000\u0007\b\u000b\f\r\u001b[31m\u007f\u0085\u009b\u00ad\u061c\u200b\u200e\u200f\u2028\u2029"
          + "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\udb40\udc41\ud800z";

  private static String through(byte[] bytes, Random random) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (PrintableStream stream = new PrintableStream(out)) {
      for (int at = 0; at < bytes.length; ) {
        int count = Math.min(bytes.length - at, 1 + random.nextInt(5));
        stream.write(bytes, at, count);
        at += count;
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void a_line_contains_no_control_character() {
    String line = Printable.line(HOSTILE);
    assertThat(line).startsWith("a\\u0000").endsWith("\\ud800z").contains("\\u001b[31m", "\\u202e");
    assertThat(line.codePoints()).allMatch(Printable::isPrintable);
  }

  @Test
  void ordinary_text_is_unchanged() {
    for (String text : new String[] {"", "plain", "ü 漢字 العربية 😀 e\u0301", "C:\\u\\x"}) {
      assertThat(Printable.line(text)).isEqualTo(text);
    }
  }

  @Test
  void a_stream_escapes_like_a_line_for_any_split_of_the_bytes() throws IOException {
    Random random = new Random(1);
    String text = HOSTILE.replace("\ud800", "") + "\n\tü漢😀\n";
    for (int i = 0; i < 200; i++) {
      assertThat(through(text.getBytes(StandardCharsets.UTF_8), random))
          .isEqualTo(Printable.line(HOSTILE.replace("\ud800", "")) + "\n ü漢😀\n");
    }
  }

  @Test
  void invalid_utf_8_becomes_replacement_characters() throws IOException {
    Random random = new Random(2);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(12)];
      random.nextBytes(bytes);
      String printed = through(bytes, random);
      assertThat(printed.replace("\n", "").codePoints()).allMatch(Printable::isPrintable);
    }
    assertThat(through(new byte[] {'a', (byte) 0x9b, 'b', (byte) 0xc3, 'c'}, random))
        .isEqualTo("a\ufffdb\ufffdc");
  }

  @Test
  void a_log_line_is_one_line_whatever_its_arguments_and_exceptions_hold() {
    Logger logback = (Logger) LoggerFactory.getLogger(PrintableTest.class);
    ListAppender<ILoggingEvent> seen = new ListAppender<>();
    seen.start();
    logback.addAppender(seen);
    try {
      Exception failure = new IllegalStateException(FORGED, new RuntimeException(HOSTILE));
      failure.addSuppressed(new IllegalArgumentException(FORGED));
      Logs.of(PrintableTest.class).warn("task {} of {}", FORGED, List.of(HOSTILE), failure);
      Logs.of(PrintableTest.class).atInfo().addArgument(FORGED).log("fluent {}");
    } finally {
      logback.detachAppender(seen);
    }
    assertThat(seen.list).hasSize(2);
    for (ILoggingEvent event : seen.list) {
      assertThat(event.getFormattedMessage().codePoints()).allMatch(Printable::isPrintable);
    }
    assertThat(seen.list.get(0).getFormattedMessage())
        .startsWith("task job 12:00:00.000 ERROR Worker forged of [a\\u0000");
    for (var at = seen.list.get(0).getThrowableProxy(); at != null; at = at.getCause()) {
      assertThat(at.getMessage().codePoints()).allMatch(Printable::isPrintable);
    }
    assertThat(seen.list.get(0).getThrowableProxy().getSuppressed()[0].getMessage())
        .contains("IllegalArgumentException: job 12:00:00.000");
  }

  @Test
  void an_exception_whose_methods_throw_is_logged_by_its_class() {
    class Broken extends RuntimeException {
      private static final long serialVersionUID = 1L;

      @Override
      public String getMessage() {
        throw new AssertionError("no message");
      }
    }
    assertThat(PrintableThrowable.of(new Broken()).getMessage())
        .contains("Broken", "its texts cannot be read", "AssertionError");
    Throwable fine = new IllegalStateException("fine");
    assertThat(PrintableThrowable.of(fine)).isSameAs(fine);
  }

  @Test
  void of_many_similar_lines_one_is_written_and_the_others_are_counted() {
    LogThrottle throttle = new LogThrottle(java.time.Duration.ofSeconds(10));
    assertThat(throttle.allows(5)).isTrue();
    assertThat(throttle.heldBack()).isEmpty();
    for (int i = 0; i < 7; i++) {
      assertThat(throttle.allows(6)).isFalse();
    }
    assertThat(throttle.allows(5 + 10_000_000_000L)).isTrue();
    assertThat(throttle.heldBack()).isEqualTo(" (and 7 more like it)");
    assertThat(throttle.heldBack()).isEmpty();
  }
}
