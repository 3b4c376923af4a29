package dev.warren.worker.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.task.RemoteFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Damaged frames: each is read, or refused as a fault of the link; there is no third outcome. */
class FramesFuzzTest {
  private static final int FRAMES = 100_000;

  private static final List<Frame> WHOLE =
      List.of(
          new Hello(1, "token", 17, true).frame(),
          new CallMark(3, 4, 5).running(),
          Note.ofCall(3, 4, "text", 0.5).frame(),
          new ReturnedHeader(3, 4, 5).frame(),
          Frame.empty(FrameType.RECYCLE),
          InitFailedHeader.frame(RemoteFailure.of(dev.warren.task.FailureKind.FAILED, "m", 1)),
          new OutcomesHeader(3, 4, 2, 100)
              .frame(dev.warren.task.Payload.of("{\"value\":1}\n{\"value\":2}")));

  @Test
  void a_damaged_frame_is_read_or_refused() throws IOException {
    Random random = new Random(16);
    int read = 0;
    for (int i = 0; i < FRAMES; i++) {
      byte[] bytes = WHOLE.get(random.nextInt(WHOLE.size())).toBuffer().array().clone();
      for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      read += isRead(bytes) ? 1 : 0;
    }
    assertThat(read)
        .as("frames that could still be read")
        .isBetween(FRAMES / 100, FRAMES - FRAMES / 100);
  }

  /** Reads as a supervisor does; any exception but the two of a broken link fails the test. */
  private static boolean isRead(byte[] bytes) {
    FrameReader reader = new FrameReader(Channels.newChannel(new ByteArrayInputStream(bytes)));
    try {
      @Nullable Frame frame = reader.read();
      if (frame != null) {
        read(frame);
      }
      return frame != null;
    } catch (LinkException | IOException e) {
      return false;
    }
  }

  private static void read(Frame frame) {
    switch (frame.type()) {
      case HELLO -> Hello.read(frame);
      case RUNNING -> CallMark.read(frame);
      case NOTE -> Note.read(frame);
      case RETURNED -> ReturnedHeader.read(frame);
      case INIT_FAILED -> InitFailedHeader.read(frame);
      case OUTCOMES -> {
        OutcomesHeader.read(frame);
        frame.lines();
      }
      default -> frame.body();
    }
  }
}
