package dev.warren.worker.child;

import dev.warren.worker.link.FrameType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Measures, by hand, how long a child takes from its start to HELLO, READY and its first outcome.
 */
final class ChildStart {
  private ChildStart() {}

  /** Arguments: class path of the child, its JVM options. */
  public static void main(String[] args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Arrays.asList(args).subList(1, args.length));
    command.addAll(List.of("-cp", args[0], ChildMain.class.getName()));
    List<Long> hello = new ArrayList<>();
    List<Long> ready = new ArrayList<>();
    List<Long> outcome = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      long start = System.nanoTime();
      try (TestChild child = TestChild.start(command)) {
        hello.add(System.nanoTime() - start);
        child.send(TestChild.setup(null, null).frame());
        child.expect(FrameType.READY);
        ready.add(System.nanoTime() - start);
        child.calls(TestChild.header(1, 1, "java.lang.Math::abs(I)I"), "[-1]");
        child.expect(FrameType.OUTCOMES);
        outcome.add(System.nanoTime() - start);
      }
    }
    report("HELLO", hello);
    report("READY", ready);
    report("first outcome", outcome);
  }

  private static void report(String what, List<Long> nanos) {
    List<Long> sorted = nanos.stream().sorted().toList();
    System.out.printf(
        "%s: median %.0f ms, best %.0f ms%n",
        what, sorted.get(sorted.size() / 2) / 1e6, sorted.get(0) / 1e6);
  }
}
