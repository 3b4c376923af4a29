package dev.warren.bench.measure;

import dev.warren.bench.ceiling.BareChild;
import dev.warren.bench.harness.Measure;
import dev.warren.bench.harness.Site;
import dev.warren.bench.harness.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Measures of start-up times. */
public final class StartMeasures {
  private static final int INPUTS = 10;

  private StartMeasures() {}

  public static List<Measure> all() {
    return List.of(
        Measure.of("start.cli", "s", 10, site -> () -> commandLine(site)).target(Target.atMost(1)),
        Measure.of("start.child", "x", 1, ChildStart::open)
            .peer("bare-child", BareChild::open)
            .target(Target.atMost(1.6)));
  }

  /** Seconds of {@code ./warren map} with ten inputs, from start to exit. */
  private static double commandLine(Site site) throws IOException, InterruptedException {
    String input =
        IntStream.rangeClosed(1, INPUTS)
            .mapToObj(String::valueOf)
            .collect(Collectors.joining("\n"));
    List<String> command = new ArrayList<>(List.of(site.home().resolve("warren").toString()));
    command.addAll(List.of("map", "--fn", "java.lang.Integer::toBinaryString"));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    long start = System.nanoTime();
    Process process = builder.start();
    try (var in = process.outputWriter(StandardCharsets.UTF_8)) {
      in.write(input + "\n");
    }
    long lines = process.inputReader(StandardCharsets.UTF_8).lines().count();
    int code = process.waitFor();
    double took = (System.nanoTime() - start) / 1e9;
    if (code != 0 || lines != INPUTS) {
      throw new IOException("warren map: exit code " + code + ", " + lines + " lines of " + INPUTS);
    }
    return took;
  }
}
