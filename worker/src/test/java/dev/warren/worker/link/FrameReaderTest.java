package dev.warren.worker.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.task.Payload;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameReaderTest {

  @Test
  void frames_survive_any_split() throws IOException {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      List<Frame> frames = new ArrayList<>();
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (int i = 0; i < 20; i++) {
        int size = random.nextInt(10) == 0 ? random.nextInt(200_000) : random.nextInt(50);
        byte[] payload = new byte[size];
        random.nextBytes(payload);
        FrameType type = size % 2 == 0 ? FrameType.CALLS : FrameType.OUTCOMES;
        Frame frame = new Frame(type, Payload.of(payload));
        frames.add(frame);
        bytes.writeBytes(frame.toBuffer().array());
      }
      FrameReader reader = new FrameReader(new Splitting(bytes.toByteArray(), random));
      for (Frame frame : frames) {
        assertThat(reader.read()).isEqualTo(frame);
      }
      assertThat(reader.read()).isNull();
    }
  }

  @Test
  void an_end_inside_a_frame_is_an_error() {
    byte[] bytes = new Frame(FrameType.READY, Payload.of("x")).toBuffer().array();
    for (int length = 1; length < bytes.length; length++) {
      FrameReader reader = reader(Arrays.copyOf(bytes, length));
      assertThatThrownBy(reader::read).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void garbage_is_refused() {
    assertThatThrownBy(() -> reader(new byte[] {0, 0, 0, 0, 'R'}).read())
        .isInstanceOf(LinkException.class)
        .hasMessageContaining("length 0");
    assertThatThrownBy(() -> reader(new byte[] {-1, -1, -1, -1, 'R'}).read())
        .isInstanceOf(LinkException.class);
    assertThatThrownBy(() -> reader("HTTP/1.1 200".getBytes(StandardCharsets.UTF_8)).read())
        .isInstanceOf(LinkException.class);
    assertThatThrownBy(() -> reader(new byte[] {0, 0, 0, 1, 'z'}).read())
        .isInstanceOf(LinkException.class)
        .hasMessageContaining("unknown frame type");
  }

  @Test
  void headers_and_lines_are_separated() {
    CallMark mark = new CallMark(1, 2, 3);
    Frame frame =
        new Frame(
            FrameType.CALLS, Payload.of("{\"task\":1,\"index\":2,\"ranMicros\":3}\n[1]\n[2]"));
    assertThat(CallMark.read(frame)).isEqualTo(mark);
    assertThat(frame.lines().count()).isEqualTo(2);
    assertThat(mark.running().lines().count()).isZero();
    assertThatThrownBy(() -> CallMark.read(new Frame(FrameType.RUNNING, Payload.of("?"))))
        .isInstanceOf(LinkException.class)
        .hasMessageContaining("bad header in a RUNNING frame");
  }

  private static FrameReader reader(byte[] bytes) {
    return new FrameReader(Channels.newChannel(new ByteArrayInputStream(bytes)));
  }

  /** Returns its bytes in pieces of random size, sometimes none. */
  private static final class Splitting implements ReadableByteChannel {
    private final ByteBuffer bytes;
    private final Random random;

    Splitting(byte[] bytes, Random random) {
      this.bytes = ByteBuffer.wrap(bytes);
      this.random = random;
    }

    @Override
    public int read(ByteBuffer into) {
      if (!bytes.hasRemaining()) {
        return -1;
      }
      int length = Math.min(into.remaining(), Math.min(bytes.remaining(), random.nextInt(3000)));
      into.put(bytes.slice(bytes.position(), length));
      bytes.position(bytes.position() + length);
      return length;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
