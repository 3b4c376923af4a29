package dev.warren.worker.child;

import dev.warren.task.Payload;
import dev.warren.worker.link.CallsHeader;
import dev.warren.worker.link.Frame;
import dev.warren.worker.link.FrameType;
import dev.warren.worker.link.OutcomesHeader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Measures one child, by hand: calls per second in large frames, and the round trip of a single
 * call.
 */
final class ChildSpeed {
  private static final String F = TestFunctions.class.getName() + "::";
  private static final int FRAME = 4096;

  private ChildSpeed() {}

  /** Arguments: JVM options of the child. */
  public static void main(String[] options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Arrays.asList(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(ChildMain.class.getName());
    try (TestChild child = TestChild.start(command).ready()) {
      throughput(child, F + "increment(I)I", "[12345]");
      throughput(child, F + "upper(Ljava/lang/String;)Ljava/lang/String;", "[\"hello world\"]");
      throughput(child, F + "half(D)D", "[12345.5]");
      throughput(child, F + "echoPoints", "[[{\"x\":1,\"y\":2}]]");
      roundTrip(child, F + "increment(I)I", "[12345]");
    }
  }

  private static void throughput(TestChild child, String fn, String args) throws IOException {
    String[] lines = new String[FRAME];
    Arrays.fill(lines, args);
    CallsHeader header = TestChild.header(1, FRAME, fn);
    Frame frame = header.frame(Payload.of(String.join("\n", lines)));
    for (int round = 0; round < 5; round++) {
      long start = System.nanoTime();
      int frames = 400;
      for (int i = 0; i < 3; i++) {
        child.send(frame);
      }
      int sent = 3;
      long got = 0;
      while (got < (long) frames * FRAME) {
        Frame outcomes = child.next();
        if (outcomes == null) {
          throw new IOException("child ended: " + child.output());
        }
        if (outcomes.type() == FrameType.OUTCOMES) {
          got += OutcomesHeader.read(outcomes).count();
        }
        while (sent < frames && got > (sent - 3L) * FRAME) {
          child.send(frame);
          sent++;
        }
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf("%s: %.2f M calls/s%n", fn, got / seconds / 1e6);
    }
  }

  private static void roundTrip(TestChild child, String fn, String args) throws IOException {
    Frame frame = TestChild.header(1, 1, fn).frame(Payload.of(args));
    for (int round = 0; round < 5; round++) {
      long start = System.nanoTime();
      int count = 20_000;
      for (int i = 0; i < count; i++) {
        child.send(frame);
        child.expect(FrameType.OUTCOMES);
      }
      System.out.printf("round trip %.1f us%n", (System.nanoTime() - start) / 1e3 / count);
    }
  }
}
