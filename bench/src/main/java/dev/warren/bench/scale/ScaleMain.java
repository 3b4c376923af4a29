package dev.warren.bench.scale;

import dev.warren.bench.harness.Machine;
import dev.warren.bench.harness.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * A durable job at scale, as a program: one JVM simulates the workers, everything else is real: a
 * private RabbitMQ, {@code warren map --job} as a process, its SQLite store and its output. Prints
 * a table.
 */
@Command(
    name = "bench/run --scale",
    mixinStandardHelpOptions = true,
    description = "Runs a durable job on simulated workers and prints a table.")
public final class ScaleMain implements Callable<Integer> {
  @Option(names = "--workers", defaultValue = "100", description = "simulated workers")
  private int workers;

  @Option(names = "--slots", defaultValue = "16", description = "slots of each")
  private int slots;

  @Option(names = "--calls", defaultValue = "1000000", description = "calls of the job")
  private int calls;

  @Option(
      names = "--call-micros",
      defaultValue = "20000",
      description = "simulated time of a call, in microseconds")
  private long callMicros;

  @Option(names = "--chunk", defaultValue = "0", description = "calls per message; 0: adapts")
  private int chunk;

  @Option(names = "--heap", defaultValue = "512m", description = "heap of the coordinator")
  private String heap = "";

  @Option(
      names = "--kill",
      description = "kill the coordinator when half of the calls have ended, and start it again")
  private boolean kill;

  @Option(
      names = "--page",
      description =
          "run a coordinator as a service instead, and measure what viewers of its page cost")
  private boolean page;

  @Option(names = "--viewers", defaultValue = "10", description = "with --page: viewers")
  private int viewers;

  @Option(
      names = "--minutes",
      defaultValue = "0",
      description = "with --page: how long the viewers stay after the other measurements")
  private int minutes;

  @Option(names = "--home", hidden = true, required = true)
  private Path home = Path.of(".");

  public static void main(String[] args) {
    System.exit(new CommandLine(new ScaleMain()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("warren-scale");
    try (Site site = new Site(home.toAbsolutePath().normalize(), false)) {
      site.brokerUri(); // so that the description of the machine has its version
      Map<String, String> machine = Machine.describe(site);
      ScaleRun.Plan plan = new ScaleRun.Plan(workers, slots, calls, callMicros, chunk, heap, kill);
      ScaleRun run = new ScaleRun(site, folder, plan);
      Map<String, String> figures = page ? run.runPage(viewers, minutes) : run.run();
      System.out.printf(
          Locale.ROOT,
          "%n| %,d workers of %d slots, %,d calls of %.1f ms | |%n|---|---|%n",
          workers,
          slots,
          calls,
          callMicros / 1000.0);
      figures.forEach((name, value) -> System.out.println("| " + name + " | " + value + " |"));
      machine.forEach((name, value) -> System.out.println("- " + name + ": " + value));
      return 0;
    } finally {
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
