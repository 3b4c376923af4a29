package dev.warren.bench.scale;

import dev.warren.bench.harness.Processes;
import dev.warren.bench.harness.Site;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A {@code warren map --job} as a process with a bounded heap. Confined to one thread. */
final class Coordinator {
  private static final Pattern AFTER_GC = Pattern.compile("Pause.* \\d+M->(\\d+)M");

  private final String java;
  private final Process process;
  private final Path gcLog;
  private double processorSeconds;

  private Coordinator(String java, Process process, Path gcLog) {
    this.java = java;
    this.process = process;
    this.gcLog = gcLog;
  }

  /** Starts it with these arguments of {@code warren}. */
  static Coordinator start(Site site, Path folder, String heap, List<String> arguments)
      throws IOException {
    Path gcLog = Files.createTempFile(folder, "gc", ".log");
    List<String> command = new ArrayList<>(List.of(site.java(), "-XX:+UseSerialGC", "-Xmx" + heap));
    command.add("-Xlog:gc:file=" + gcLog);
    command.addAll(List.of("-cp", site.home().resolve("coordinator/cli/target/dist/lib") + "/*"));
    command.add("dev.warren.cli.WarrenMain");
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(Redirect.INHERIT)
            .redirectError(Redirect.INHERIT);
    return new Coordinator(site.java(), builder.start(), gcLog);
  }

  /** Whether it runs; notes its processor time. */
  boolean alive() {
    processorSeconds = Math.max(processorSeconds, Processes.processorSeconds(process.pid()));
    return process.isAlive();
  }

  /** Processor time at the last {@link #alive}. */
  double processorSeconds() {
    return processorSeconds;
  }

  /** The largest heap after a collection, in MiB. */
  long heapAfterGc() throws IOException {
    return heapsAfterGc().stream().mapToLong(Long::longValue).max().orElse(0);
  }

  /** The heap in use, in MiB, after a collection that this causes. */
  long heapInUse() throws IOException, InterruptedException {
    Path jcmd = Path.of(java).resolveSibling("jcmd");
    new ProcessBuilder(jcmd.toString(), String.valueOf(process.pid()), "GC.run")
        .redirectOutput(Redirect.DISCARD)
        .redirectError(Redirect.INHERIT)
        .start()
        .waitFor();
    List<Long> heaps = heapsAfterGc();
    if (heaps.isEmpty()) {
      throw new IOException("the coordinator has logged no collection; is " + jcmd + " there?");
    }
    return heaps.get(heaps.size() - 1);
  }

  private List<Long> heapsAfterGc() throws IOException {
    List<Long> heaps = new ArrayList<>();
    for (String line : Files.readAllLines(gcLog)) {
      Matcher matcher = AFTER_GC.matcher(line);
      if (matcher.find()) {
        heaps.add(Long.parseLong(matcher.group(1)));
      }
    }
    return heaps;
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  int awaitExit() throws InterruptedException {
    return process.waitFor();
  }
}
