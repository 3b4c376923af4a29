package dev.warren.service.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.testkit.ManualTime;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Bodies that are too long or too slow. */
class UploadStreamTest {
  private final ManualTime time = new ManualTime();

  /** A client that sends some bytes at a time. */
  private InputStream client(int bytes, Duration pause) {
    return new InputStream() {
      @Override
      public int read() {
        throw new UnsupportedOperationException();
      }

      @Override
      public int read(byte[] to, int offset, int length) {
        time.pass(pause);
        return Math.min(bytes, length);
      }
    };
  }

  @Test
  void a_body_of_the_maximum_is_read_and_a_longer_one_is_refused() throws IOException {
    UploadStream exact = new UploadStream(new ByteArrayInputStream(new byte[10]), 10, time);
    assertThat(exact.readAllBytes()).hasSize(10);
    UploadStream longer = new UploadStream(new ByteArrayInputStream(new byte[11]), 10, time);
    assertThatThrownBy(longer::readAllBytes)
        .hasMessage("the input has more than 10 bytes, the limit");
  }

  @Test
  void a_client_that_sends_a_byte_now_and_then_is_given_up() {
    UploadStream slow = new UploadStream(client(1, Duration.ofSeconds(5)), 1 << 20, time);
    assertThatThrownBy(slow::readAllBytes)
        .hasMessageContaining("the input came too slowly: ")
        .hasMessageContaining(" bytes in 35 s");
  }

  @Test
  void a_client_on_a_slow_line_is_not() {
    UploadStream slow = new UploadStream(client(2000, Duration.ofSeconds(1)), 1 << 20, time);
    assertThatThrownBy(slow::readAllBytes).hasMessageContaining("more than 1048576 bytes");
  }
}
