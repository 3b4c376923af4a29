package dev.warren.bench;

import dev.warren.bench.harness.Machine;
import dev.warren.bench.harness.Measure;
import dev.warren.bench.harness.Processes;
import dev.warren.bench.harness.Report;
import dev.warren.bench.harness.Result;
import dev.warren.bench.harness.Runner;
import dev.warren.bench.harness.Site;
import dev.warren.bench.harness.Stats;
import dev.warren.bench.harness.Work;
import dev.warren.bench.measure.AmqpMeasures;
import dev.warren.bench.measure.CoordinatorMeasures;
import dev.warren.bench.measure.JobMeasures;
import dev.warren.bench.measure.LatencyMeasures;
import dev.warren.bench.measure.LocalMeasures;
import dev.warren.bench.measure.StartMeasures;
import dev.warren.bench.measure.WorkerMeasures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The bench as a program: prints one line per measure, a report, and the ratios to the peers. */
@Command(
    name = "bench/run",
    mixinStandardHelpOptions = true,
    description = {
      "Measures Warren on this machine. Prints one line per measure: its name, the median of its"
          + " rounds, the unit.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./bench/run --quick                 all measures, roughly, in a few minutes",
      "  ./bench/run local                   measures without a broker",
      "  ./bench/run local.map amqp.single   by name, or by a prefix of the name",
      "  ./bench/run amqp.map.latency        with delays of 0, 10 and 50 ms; otherwise only 50",
      "  ./bench/run --jmh Link              single steps, with JMH, whose options may follow (-h)",
      "  ./bench/run --scale --workers 1000  a durable job on simulated workers (--scale -h)",
      "  ./bench/run --peers                 compared with CPython's Pool, Celery and RabbitMQ's PerfTest;",
      "                                      writes the table into docs/PERFORMANCE.md"
    })
public final class BenchMain implements java.util.concurrent.Callable<Integer> {
  @Parameters(
      paramLabel = "SCENARIO",
      description = "name of a measure, or a prefix of it; default: all")
  private List<String> wanted = new ArrayList<>();

  @Option(names = "--peers", description = "also measure the peers, in turns")
  private boolean peers;

  @Option(names = "--quick", description = "a fifth of the work, two rounds")
  private boolean quick;

  @Option(names = "--json", paramLabel = "FILE", description = "file for the report")
  private @Nullable Path json;

  @Option(names = "--list", description = "print the names of all measures and their targets")
  private boolean list;

  @Option(names = "--home", hidden = true, required = true)
  private Path home = Path.of(".");

  public static void main(String[] args) {
    System.exit(new CommandLine(new BenchMain()).execute(args));
  }

  static List<Measure> all() {
    return Stream.of(
            LocalMeasures.all(),
            AmqpMeasures.all(),
            JobMeasures.all(),
            LatencyMeasures.all(),
            CoordinatorMeasures.all(),
            WorkerMeasures.all(),
            StartMeasures.all())
        .flatMap(List::stream)
        .toList();
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<Measure> measures = all().stream().filter(this::isWanted).toList();
    if (measures.isEmpty()) {
      System.err.println("bench: no measure is called " + wanted + "; ./bench/run --list");
      return 2;
    }
    if (list) {
      measures.forEach(measure -> System.out.println(measure.name() + " " + measure.targets()));
      return 0;
    }
    try (Site site = new Site(home.toAbsolutePath().normalize(), quick)) {
      return measure(site, measures);
    }
  }

  private boolean isWanted(Measure measure) {
    if (LatencyMeasures.onlyByName(measure)
        && wanted.stream().noneMatch(name -> name.startsWith(LatencyMeasures.PREFIX))) {
      return false;
    }
    return wanted.isEmpty()
        || wanted.stream()
            .anyMatch(name -> measure.name().equals(name) || measure.name().startsWith(name + "."));
  }

  private int measure(Site site, List<Measure> measures) throws IOException, InterruptedException {
    Warmup.run();
    Runner runner = new Runner(site, peers);
    List<Result> results = new ArrayList<>();
    List<String> failed = new ArrayList<>();
    for (Measure measure : measures) {
      long start = System.nanoTime();
      try {
        Result result = runner.run(measure);
        results.add(result);
        System.out.println(result.line());
        explain(result, (System.nanoTime() - start) / 1e9);
      } catch (IOException | RuntimeException e) {
        failed.add(measure.name() + ": " + e);
        System.err.println("bench: " + measure.name() + " failed: " + e);
      }
    }
    failed.addAll(runner.problems());
    Report report = new Report(Machine.describe(site), results, failed);
    Path file = json == null ? home.resolve("bench/target/report.json") : json;
    report.writeJson(file);
    System.err.println("report: " + file);
    if (peers) {
      finishPeers(report);
    }
    return failed.isEmpty() ? 0 : 1;
  }

  private void finishPeers(Report report) throws IOException {
    System.out.println("\n" + report.table());
    if (wanted.isEmpty() && !quick) {
      Path page = home.resolve("docs/PERFORMANCE.md");
      report.writeInto(page);
      System.err.println("table: " + page);
    }
  }

  /** Prints to stderr, because stdout has only the pinned lines. */
  private static void explain(Result result, double seconds) {
    StringBuilder text = new StringBuilder();
    Stats own = result.own();
    text.append(
        String.format(
            Locale.ROOT,
            "  %d rounds, %s to %s, took %.0f s",
            own.samples().size(),
            Stats.plain(own.min()),
            Stats.plain(own.max()),
            seconds));
    result
        .peers()
        .forEach(
            (peer, s) ->
                text.append("; ").append(peer).append(' ').append(Stats.plain(s.median())));
    result.verdicts().forEach(verdict -> text.append("\n  ").append(verdict));
    result
        .notes()
        .forEach((name, value) -> text.append("\n  ").append(name).append(": ").append(value));
    System.err.println(text);
  }

  /**
   * Creates the children's class data archive, which the first run on a machine writes; users have
   * it.
   */
  private static final class Warmup {
    private static void run() {
      try (var pool = dev.warren.pool.Pool.open()) {
        pool.apply(Work::same, 0);
      }
      Processes.awaitArchives();
    }
  }
}
