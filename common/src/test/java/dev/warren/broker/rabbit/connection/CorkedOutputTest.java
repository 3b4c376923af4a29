package dev.warren.broker.rabbit.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CorkedOutputTest {
  private final List<String> writes = new ArrayList<>();
  private final ByteArrayOutputStream all = new ByteArrayOutputStream();
  private final CorkedOutput output =
      new CorkedOutput(
          new OutputStream() {
            @Override
            public void write(int b) {
              throw new AssertionError("one byte at a time");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
              writes.add(new String(bytes, offset, length, StandardCharsets.ISO_8859_1));
              all.write(bytes, offset, length);
            }
          });

  @Test
  void an_open_output_sends_at_once() throws IOException {
    send("ab");
    send("c");
    assertThat(writes).containsExactly("ab", "c");
  }

  @Test
  void what_is_written_while_corked_leaves_in_one_write() throws IOException {
    output.cork();
    send("ab");
    output.write('c');
    send("d");
    assertThat(writes).isEmpty();
    output.uncork();
    send("e");
    assertThat(writes).containsExactly("abcd", "e");
  }

  @Test
  void a_corked_output_keeps_no_more_than_it_has_room_for() throws IOException {
    output.cork();
    send("a".repeat(60_000));
    send("b".repeat(10_000));
    assertThat(writes).containsExactly("a".repeat(60_000));
    send("c".repeat(100_000));
    assertThat(writes).containsExactly("a".repeat(60_000), "b".repeat(10_000), "c".repeat(100_000));
  }

  @Test
  void bytes_keep_their_order_whatever_is_corked() throws IOException {
    ByteArrayOutputStream wanted = new ByteArrayOutputStream();
    Random random = new Random(5);
    for (int i = 0; i < 2_000; i++) {
      byte[] bytes = new byte[random.nextInt(i % 100 == 0 ? 200_000 : 500)];
      random.nextBytes(bytes);
      wanted.writeBytes(bytes);
      switch (random.nextInt(5)) {
        case 0 -> output.cork();
        case 1 -> output.uncork();
        default -> output.flush();
      }
      output.write(bytes);
    }
    output.uncork();
    assertThat(all.toByteArray()).isEqualTo(wanted.toByteArray());
  }

  private void send(String text) throws IOException {
    output.write(text.getBytes(StandardCharsets.ISO_8859_1));
    output.flush();
  }
}
