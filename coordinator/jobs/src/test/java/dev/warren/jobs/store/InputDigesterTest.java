package dev.warren.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.task.Payload;
import java.security.MessageDigest;
import org.junit.jupiter.api.Test;

class InputDigesterTest {
  private static final int BLOCK = InputDigest.BLOCK;

  private static Payload line(long number) {
    return Payload.of("line " + number);
  }

  private static void add(InputDigester digester, long from, long to) {
    for (long i = from; i < to; i++) {
      digester.add(line(i));
    }
  }

  private static InputDigest digest(long lines) {
    InputDigester digester = new InputDigester();
    add(digester, 0, lines);
    return digester.digest();
  }

  @Test
  void a_block_is_the_sha_256_of_its_lines_with_line_feeds() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < BLOCK; i++) {
      text.append("line ").append(i).append('\n');
    }
    byte[] first = MessageDigest.getInstance("SHA-256").digest(bytes(text.toString()));
    byte[] second = MessageDigest.getInstance("SHA-256").digest(bytes("line " + BLOCK + "\n"));
    InputDigest digest = digest(BLOCK + 1);
    assertThat(digest.lines()).isEqualTo(BLOCK + 1);
    assertThat(digest.blocks().slice(0, 32)).isEqualTo(Payload.of(first));
    assertThat(digest.blocks().slice(32, 64)).isEqualTo(Payload.of(second));
  }

  private static byte[] bytes(String text) {
    return Payload.of(text).toBytes();
  }

  @Test
  void long_lines_count_like_short_ones() throws Exception {
    for (int length : new int[] {8190, 8191, 8192, 8193, 100_000}) {
      InputDigester digester = new InputDigester();
      String line = "x".repeat(length);
      digester.add(Payload.of("a"));
      digester.add(Payload.of(line));
      digester.add(Payload.of(""));
      assertThat(digester.digest().blocks())
          .isEqualTo(
              Payload.of(
                  MessageDigest.getInstance("SHA-256").digest(bytes("a\n" + line + "\n\n"))));
    }
  }

  @Test
  void the_digest_so_far_can_be_asked_for_at_any_time() {
    InputDigester digester = new InputDigester();
    add(digester, 0, 10);
    assertThat(digester.digest()).isEqualTo(digest(10));
    add(digester, 10, BLOCK);
    assertThat(digester.digest()).isEqualTo(digest(BLOCK));
    assertThat(new InputDigester().digest()).isEqualTo(new InputDigest(0, Payload.EMPTY));
  }

  @Test
  void the_same_input_contains_the_other() {
    for (long lines : new long[] {0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK}) {
      InputDigester digester = InputDigester.comparing(digest(lines));
      add(digester, 0, lines);
      assertThat(digester.containsOther()).isTrue();
      assertThat(digester.differentBlock()).isEmpty();
    }
  }

  @Test
  void a_longer_input_contains_the_other_even_if_its_last_block_was_not_full() {
    for (long lines : new long[] {0, 1, BLOCK - 1, BLOCK, BLOCK + 1}) {
      InputDigester digester = InputDigester.comparing(digest(lines));
      add(digester, 0, lines + BLOCK + 7);
      assertThat(digester.containsOther()).isTrue();
      assertThat(digester.differentBlock()).isEmpty();
      assertThat(digester.digest()).isEqualTo(digest(lines + BLOCK + 7));
    }
  }

  @Test
  void a_shorter_input_does_not_contain_the_other() {
    InputDigester digester = InputDigester.comparing(digest(BLOCK + 10));
    add(digester, 0, BLOCK + 9);
    assertThat(digester.containsOther()).isFalse();
    assertThat(digester.differentBlock()).isEmpty();
  }

  @Test
  void the_first_block_that_differs_is_named() {
    for (long changed : new long[] {0, BLOCK - 1, BLOCK, 2 * BLOCK + 1, 3 * BLOCK + 5}) {
      InputDigester digester = InputDigester.comparing(digest(3 * BLOCK + 6));
      add(digester, 0, changed);
      digester.add(Payload.of("another line"));
      add(digester, changed + 1, 4 * BLOCK);
      assertThat(digester.differentBlock()).hasValue(changed / BLOCK);
      assertThat(digester.containsOther()).isFalse();
    }
  }

  @Test
  void a_continued_input_has_the_digest_of_the_whole() {
    for (long lines : new long[] {0, 1, BLOCK, BLOCK + 5}) {
      InputDigester digester = InputDigester.continuing(digest(lines));
      assertThat(digester.lines()).isEqualTo(lines / BLOCK * BLOCK);
      add(digester, digester.lines(), lines + BLOCK);
      assertThat(digester.digest()).isEqualTo(digest(lines + BLOCK));
    }
  }
}
