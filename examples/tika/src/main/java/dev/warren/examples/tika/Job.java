package dev.warren.examples.tika;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program that extracts the text of the documents in a list, run as a process of its own.
 *
 * @param name for the table
 * @param program its main class
 * @param documents the file with the list, its first argument
 * @param arguments its other arguments
 */
record Job(String name, Class<?> program, Path documents, List<String> arguments) {
  private static final long SAMPLE_MS = 250;

  /** Without a new line for this long, the job will not end by itself. */
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(100);

  private static final double TICKS_PER_SECOND = 100;

  Job(String name, Class<?> program, Path documents, String... arguments) {
    this(name, program, documents, List.of(arguments));
  }

  /** Runs it; blocks until it has ended, or until it has printed nothing for 100 s. */
  Measured run(String heap, Path folder) throws IOException, InterruptedException {
    Path results = folder.resolve(documents.getFileName() + "." + program.getSimpleName());
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heap);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.add(documents.toString());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectOutput(results.toFile());
    builder.redirectError(Path.of(results + ".err").toFile());
    long began = System.nanoTime();
    Process process = builder.start();
    long peak = 0;
    double seconds = 0;
    double processor = 0;
    long size = 0;
    long grown = began;
    boolean ended = false;
    while (!ended && System.nanoTime() - grown < SILENCE_NANOS) {
      ended = process.waitFor(SAMPLE_MS, TimeUnit.MILLISECONDS);
      seconds = (System.nanoTime() - began) / 1e9;
      peak = Math.max(peak, memory(process));
      processor = Math.max(processor, processorTime(process));
      if (Files.size(results) > size) {
        size = Files.size(results);
        grown = System.nanoTime();
      }
    }
    if (!ended) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
    return count(results, seconds, processor, peak, ended);
  }

  private Measured count(Path results, double seconds, double processor, long peak, boolean ended)
      throws IOException {
    Set<String> good = new HashSet<>();
    Set<String> failed = new HashSet<>();
    try (Stream<String> lines = Files.lines(results)) {
      lines.forEach(
          line -> {
            String[] fields = line.split("\t", 3);
            if (fields.length == 3) {
              (fields[0].equals(Outcomes.GOOD) ? good : failed).add(fields[1]);
            }
          });
    }
    int all = Files.readAllLines(documents).size();
    int lost = all - good.size() - failed.size();
    return new Measured(good.size(), failed.size(), lost, seconds, processor, peak, ended);
  }

  /** Proportional memory: what processes share counts once. */
  private static long memory(Process process) {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants())
        .mapToLong(Job::memory)
        .sum();
  }

  private static long memory(ProcessHandle process) {
    try (Stream<String> lines = Files.lines(proc(process, "smaps_rollup"))) {
      return lines
          .filter(line -> line.startsWith("Pss:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .sum();
    } catch (IOException | java.io.UncheckedIOException e) {
      return 0; // it has ended
    }
  }

  /** Of the process, of the children that have ended, and of those that run. */
  private static double processorTime(Process process) {
    double ticks = ticks(process.toHandle(), true);
    return (ticks + process.descendants().mapToDouble(child -> ticks(child, true)).sum())
        / TICKS_PER_SECOND;
  }

  private static double ticks(ProcessHandle process, boolean ended) {
    try {
      String stat = Files.readString(proc(process, "stat"), StandardCharsets.UTF_8);
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      double own = Double.parseDouble(fields[11]) + Double.parseDouble(fields[12]);
      return ended ? own + Double.parseDouble(fields[13]) + Double.parseDouble(fields[14]) : own;
    } catch (IOException e) {
      return 0; // it has ended
    }
  }

  private static Path proc(ProcessHandle process, String file) {
    return Path.of("/proc", Long.toString(process.pid()), file);
  }
}
