package dev.warren.examples.tika;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Runs the same documents with Warren, a thread pool and a process per file, one after the other,
 * and prints tables in Markdown: results, time, processor time and peak memory.
 */
public final class Comparison {
  private static final String HEAP = "256m";
  private static final String RECYCLE = "100";
  private static final String LEAKY = "leaky";

  private final Path folder;
  private final PrintStream out;

  private Comparison(Path folder, PrintStream out) {
    this.folder = folder;
    this.out = out;
  }

  /**
   * Prints the tables.
   *
   * @param args a folder for generated documents and results; the share of documents to take, 1 for
   *     about 700; the number of rounds over the healthy documents
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(Path.of(args[0]));
    double share = Double.parseDouble(args[1]);
    int rounds = Integer.parseInt(args[2]);
    new Comparison(folder, System.out).run(share, rounds);
  }

  private void run(double share, int rounds) throws IOException, InterruptedException {
    GeneratedDocuments generated = new GeneratedDocuments(folder);
    List<String> healthy = new ArrayList<>(Documents.ofThisMachine(share));
    healthy.addAll(generated.sound((int) Math.ceil(40 * share)));
    java.util.Collections.shuffle(healthy, new java.util.Random(1));

    healthy(list("healthy", healthy), list("tenth", everyTenth(healthy)), rounds);

    List<String> hostile = new ArrayList<>(everyTenth(healthy));
    hostile.addAll(generated.damaged(5));
    hostile.addAll(generated.bombs());
    hostile.add(hostile.size() / 4, generated.trouble("exhaust"));
    hostile.add(hostile.size() / 2, generated.trouble("hang"));
    hostile.add(hostile.size() * 3 / 4, generated.trouble("crash"));
    Path documents = list("hostile", hostile);
    title(
        "Damaged and hostile documents",
        hostile.size()
            + " documents: healthy ones, 15 cut off in the middle, two decompression bombs, one that"
            + " uses up the heap, one that never ends, one that crashes the JVM");
    row(new Job("thread pool", ThreadPoolJob.class, documents));
    row(new Job("process per file", ProcessPerFileJob.class, documents, HEAP));
    row(new Job("Warren", WarrenJob.class, documents, HEAP, RECYCLE));

    title("A leaky library", "the healthy documents; the library keeps a megabyte of each");
    documents = list("leaky", healthy);
    row(new Job("thread pool", ThreadPoolJob.class, documents, LEAKY));
    row(
        new Job(
            "Warren, children replaced after 100",
            WarrenJob.class,
            documents,
            HEAP,
            RECYCLE,
            LEAKY));
  }

  private void healthy(Path all, Path tenth, int rounds) throws IOException, InterruptedException {
    List<Job> jobs =
        List.of(
            new Job("thread pool", ThreadPoolJob.class, all),
            new Job("Warren", WarrenJob.class, all, HEAP, "0"),
            new Job("Warren, children replaced after 100", WarrenJob.class, all, HEAP, RECYCLE));
    // not counted: the first run creates the children's class-data archives, in the background
    new Job("first run", WarrenJob.class, all, HEAP, "50").run(HEAP, folder);
    Map<Job, List<Measured>> measured = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      for (Job job : jobs) {
        measured.computeIfAbsent(job, j -> new ArrayList<>()).add(job.run(HEAP, folder));
      }
    }
    title(
        "Healthy documents",
        lines(all)
            + " documents; the median of "
            + rounds
            + " rounds, in which the jobs took turns");
    measured.forEach((job, rounded) -> row(job, Measured.median(rounded)));
    row(new Job("process per file (every tenth document)", ProcessPerFileJob.class, tenth, HEAP));
  }

  private static List<String> everyTenth(List<String> all) {
    List<String> some = new ArrayList<>();
    for (int i = 0; i < all.size(); i += 10) {
      some.add(all.get(i));
    }
    return some;
  }

  private Path list(String name, List<String> documents) throws IOException {
    return Files.write(folder.resolve(name + ".list"), documents);
  }

  private static int lines(Path file) throws IOException {
    return Files.readAllLines(file).size();
  }

  private void title(String title, String what) {
    out.printf("%n%s: %s.%n%n", title, what);
    out.println(
        "| | good | failed, with its reason | lost | time | processor time | peak memory |");
    out.println("|---|---|---|---|---|---|---|");
    out.flush();
  }

  private void row(Job job) throws IOException, InterruptedException {
    row(job, job.run(HEAP, folder));
  }

  private void row(Job job, Measured measured) {
    out.printf(
        Locale.ROOT,
        "| %s | %d | %d | %d | %.1f s%s | %.1f s | %d MB |%n",
        job.name(),
        measured.good(),
        measured.failed(),
        measured.lost(),
        measured.seconds(),
        measured.ended() ? "" : ", then killed",
        measured.processorSeconds(),
        measured.peakBytes() / 1_000_000);
    out.flush();
  }
}
