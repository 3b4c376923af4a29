package dev.warren.worker.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.task.Payload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameWriterTest {
  private final Random random = new Random(2);
  private final FrameWriter writer = new FrameWriter();
  private final Taking channel = new Taking();
  private final ByteArrayOutputStream wanted = new ByteArrayOutputStream();

  @Test
  void frames_arrive_whole_and_in_order_over_a_slow_channel() throws IOException {
    for (int i = 0; i < 300; i++) {
      byte[] bytes = new byte[random.nextInt(20) == 0 ? 300_000 : random.nextInt(2000)];
      random.nextBytes(bytes);
      Frame frame = new Frame(FrameType.NOTE, Payload.of(bytes));
      writer.add(frame);
      wanted.writeBytes(frame.toBuffer().array());
      if (random.nextBoolean()) {
        channel.max = random.nextInt(100_000);
        boolean all = writer.writeTo(channel);
        assertThat(all).isEqualTo(channel.taken.size() == wanted.size());
      }
    }
    channel.max = Integer.MAX_VALUE;
    assertThat(writer.writeTo(channel)).isTrue();
    assertThat(channel.taken.toByteArray()).isEqualTo(wanted.toByteArray());
  }

  @Test
  void calls_are_written_as_header_captured_arguments_and_lines() throws IOException {
    CallsHeader header =
        new CallsHeader(1, 0, 2, "a.B::c", null, true, "j", "1-2", 1, 0, 0, false, null, true);
    writer.add(header, Payload.of("[0]"), Payload.of("[1]\n[2]"));
    writer.add(header, null, Payload.of("[3]"));
    channel.max = Integer.MAX_VALUE;
    assertThat(writer.writeTo(channel)).isTrue();
    wanted.writeBytes(header.frame(Payload.of("[0]\n[1]\n[2]")).toBuffer().array());
    wanted.writeBytes(header.frame(Payload.of("[3]")).toBuffer().array());
    assertThat(channel.taken.toByteArray()).isEqualTo(wanted.toByteArray());
  }

  @Test
  void cleared_frames_are_not_written() throws IOException {
    writer.add(new Frame(FrameType.NOTE, Payload.of("x".repeat(200_000))));
    channel.max = 7;
    assertThat(writer.writeTo(channel)).isFalse();
    writer.clear();
    assertThat(writer.writeTo(channel)).isTrue();
    assertThat(channel.taken.size()).isEqualTo(7);
  }

  /**
   * Accepts a limited number of bytes, over all writes of a test or until the limit is set again.
   */
  private static final class Taking implements WritableByteChannel {
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private int max;

    @Override
    public int write(ByteBuffer source) {
      byte[] bytes = new byte[Math.min(max, source.remaining())];
      source.get(bytes);
      taken.writeBytes(bytes);
      max -= bytes.length;
      return bytes.length;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
