package dev.warren.jobs.store.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.json.Lines;
import dev.warren.task.Payload;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlockCodecTest {
  private static Lines roundTrip(String text, int count) {
    return BlockCodec.decode(BlockCodec.encode(Payload.of(text), count), count);
  }

  @Test
  void lines_are_kept_as_they_are_including_empty_ones() {
    Lines lines = roundTrip("a\n\n{\"ü\": 1}\r\n \n\n", 5);
    assertThat(lines.get(0).text()).isEqualTo("a");
    assertThat(lines.get(1).text()).isEmpty();
    assertThat(lines.get(2).text()).isEqualTo("{\"ü\": 1}\r");
    assertThat(lines.get(3).text()).isEqualTo(" ");
    assertThat(lines.get(4).text()).isEmpty();
  }

  @Test
  void repetitive_lines_become_shorter() {
    String text = "{\"number\":1234}\n".repeat(1000);
    assertThat(BlockCodec.encode(Payload.of(text), 1000)).hasSizeLessThan(text.length() / 10);
    assertThat(roundTrip(text, 1000).get(999).text()).isEqualTo("{\"number\":1234}");
  }

  @Test
  void random_bytes_are_stored_as_they_are() {
    byte[] bytes = new byte[10_000];
    new Random(1).nextBytes(bytes);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = bytes[i] == '\n' ? 0 : bytes[i];
    }
    bytes[9_999] = '\n';
    byte[] body = BlockCodec.encode(Payload.of(bytes), 1);
    assertThat(body).hasSize(10_005);
    assertThat(BlockCodec.decode(body, 1).get(0)).isEqualTo(Payload.of(bytes).slice(0, 9_999));
  }

  @Test
  void a_line_feed_in_a_line_is_refused() {
    assertThatThrownBy(() -> BlockCodec.encode(Payload.of("a\nb\n"), 1))
        .hasMessageContaining("line feed");
  }

  @Test
  void damaged_blocks_are_refused() {
    byte[] body = BlockCodec.encode(Payload.of("{\"number\":1234}\n".repeat(10)), 10);
    assertThatThrownBy(() -> BlockCodec.decode(body, 11)).hasMessageContaining("10 lines");
    body[10] ^= 0x55;
    assertThatThrownBy(() -> BlockCodec.decode(body, 10))
        .isInstanceOf(IllegalArgumentException.class);
    body[0] = 9;
    assertThatThrownBy(() -> BlockCodec.decode(body, 10)).hasMessageContaining("unknown format");
  }
}
