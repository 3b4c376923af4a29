package dev.warren.service.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Lines that are too long. */
class BoundedLinesTest {
  private static BoundedLines lines(String text, int max) {
    return new BoundedLines(
        new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)),
        max,
        "which the broker does not accept");
  }

  @Test
  void lines_of_the_maximum_pass_unchanged() throws IOException {
    String text = "1234\n\n123\n1234";
    assertThat(lines(text, 4).readAllBytes()).asString().isEqualTo(text);
  }

  @Test
  void a_longer_line_is_named() {
    assertThatThrownBy(() -> lines("1\n12\n12345\n1", 4).readAllBytes())
        .hasMessage("line 3 has more than 4 bytes, which the broker does not accept");
  }
}
