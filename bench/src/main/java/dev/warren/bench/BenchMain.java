package dev.warren.bench;

import dev.warren.broker.server.PrivateBroker;
import dev.warren.pool.Pool;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Prints one line per measure, {@code name value unit}: the median of some runs, after one that
 * does not count. Arguments: {@code local} or {@code amqp URI}, then scenario names; none for all.
 */
public final class BenchMain {
  private static final int ROUNDS = 5;

  private BenchMain() {}

  public static void main(String[] args) throws InterruptedException {
    String where = args.length == 0 ? "local" : args[0];
    List<String> wanted = Arrays.asList(args).subList(Math.min(1, args.length), args.length);
    switch (where) {
      case "local" -> {
        try (Pool pool = Pool.open()) {
          measure("local.", pool, wanted);
        }
        recycling(wanted);
      }
      case "amqp" -> amqp(wanted);
      default -> {
        System.err.println("bench: '" + where + "' is neither local nor amqp");
        System.exit(2);
      }
    }
  }

  private static void amqp(List<String> wanted) throws InterruptedException {
    try (PrivateBroker broker = PrivateBroker.start();
        BenchWorker worker = BenchWorker.start(broker.uri() + "?pool=bench");
        Pool pool = Pool.open(broker.uri() + "?pool=bench")) {
      worker.awaitReady(pool);
      measure("amqp.", pool, wanted);
    }
  }

  private static void measure(String prefix, Pool pool, List<String> wanted) {
    for (Scenario scenario : Scenario.values()) {
      if (!wanted.isEmpty() && !wanted.contains(scenario.title)) {
        continue;
      }
      scenario.run(pool);
      double[] figures = new double[ROUNDS];
      for (int i = 0; i < ROUNDS; i++) {
        figures[i] = scenario.run(pool);
      }
      print(prefix + scenario.title, figures, scenario.unit);
    }
  }

  private static void recycling(List<String> wanted) {
    for (int bound : new int[] {1, 100}) {
      String name = bound == 1 ? "recycle.every_call" : "recycle.every_100";
      if (!wanted.isEmpty() && !wanted.contains(name)) {
        continue;
      }
      try (Pool pool = Pool.builder().maxTasksPerChild(bound).open()) {
        double[] figures = new double[3];
        for (int i = 0; i < figures.length; i++) {
          int calls = 40 * bound;
          long start = System.nanoTime();
          pool.map(Work::same, java.util.stream.IntStream.range(0, calls).boxed().toList(), 1);
          figures[i] = calls / ((System.nanoTime() - start) / 1e9);
        }
        print("local." + name, figures, "calls/s");
      }
    }
  }

  private static void print(String name, double[] figures, String unit) {
    Arrays.sort(figures);
    System.out.printf(
        Locale.ROOT,
        "%-32s %12.1f %s  (%.1f to %.1f)%n",
        name,
        figures[figures.length / 2],
        unit,
        figures[0],
        figures[figures.length - 1]);
  }
}
