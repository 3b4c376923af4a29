package dev.warren.jobs.store.sql;

import dev.warren.jobs.journal.Cause;
import dev.warren.jobs.journal.Journal;
import dev.warren.jobs.journal.RunStatistics;
import dev.warren.jobs.meter.JobMeters;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobStatistics;
import dev.warren.jobs.store.JobStore;
import dev.warren.jobs.store.JobUpload;
import dev.warren.jobs.store.NewJob;
import dev.warren.jobs.store.Segment;
import dev.warren.jobs.store.StoredJob;
import dev.warren.json.Lines;
import dev.warren.lifecycle.TimeSource;
import dev.warren.meter.Meters;
import dev.warren.pool.engine.pending.RanBy;
import dev.warren.task.Payload;
import dev.warren.testkit.server.PrivatePostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Semaphore;

/**
 * Measures a store on this machine; a program, not a test. Arguments: {@code sqlite} or {@code
 * postgresql}, a folder on the disk to measure, and the number of lines to upload.
 */
final class StoreMeasures {
  private static final int OUTCOMES = 2_000_000;
  private static final int DELIVERY = 100;

  /** Outcomes that are delivered and not acknowledged, as with a prefetch of 200 messages. */
  private static final int IN_FLIGHT = 20_000;

  private static final TimeSource TIME = TimeSource.SYSTEM;

  private StoreMeasures() {}

  /** The program. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory(Path.of(arguments[1]), "warren-measures-");
    int lines = Integer.parseInt(arguments[2]);
    if (arguments[0].equals("sqlite")) {
      measure(folder.toString(), lines);
    } else {
      try (PrivatePostgres server = PrivatePostgres.start()) {
        measure(server.url(), lines);
      }
    }
  }

  private static void measure(String url, int lines) throws Exception {
    try (JobStore store = SqlStore.open(url)) {
      System.out.println(store.description());
      upload(store, "warmup", Math.min(lines, 300_000));
      upload(store, "input", lines);
      readInput(store, "input");
      journal(store, "warmup2", OUTCOMES / 10);
      journal(store, "outcomes", OUTCOMES);
      latency(store, "latency", 1, 2);
      latency(store, "latency10", 10, 5);
    }
    for (int i = 0; i < 2; i++) {
      reopen(url, "outcomes");
    }
  }

  private static void print(String what, double value, String unit) {
    System.out.printf(Locale.ROOT, "%-34s %,12.1f %s%n", what, value, unit);
  }

  private static double seconds(long began) {
    return (TIME.nanos() - began) / 1e9;
  }

  private static double processorSeconds() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
  }

  private static NewJob job(String name) {
    return new NewJob("pool", name, "{}", Duration.ofDays(7));
  }

  private static void upload(JobStore store, String name, int lines) {
    byte[][] samples = new byte[10_000][];
    Random random = new Random(1);
    for (int i = 0; i < samples.length; i++) {
      samples[i] =
          Payload.of(
                  String.format(
                      Locale.ROOT,
                      "{\"id\":%08d,\"customer\":\"c-%06d\",\"score\":%.6f,\"region\":\"eu-%d\",\"note\":\"%x\"}",
                      i,
                      random.nextInt(1_000_000),
                      random.nextDouble(),
                      random.nextInt(9),
                      random.nextLong()))
              .toBytes();
    }
    double processor = processorSeconds();
    long began = TIME.nanos();
    try (JobUpload upload = store.receive(job(name))) {
      for (int i = 0; i < lines; i++) {
        byte[] line = samples[(int) (i * 7919L % samples.length)].clone();
        for (int digit = 0, rest = i; digit < 8; digit++, rest /= 10) {
          line[13 - digit] = (byte) ('0' + rest % 10);
        }
        upload.add(Payload.of(line));
      }
      double added = seconds(began);
      JobRecord record = upload.accept();
      double took = seconds(began);
      print(name + ": upload", record.inputBytes() / 1e6 / took, "MB/s");
      print(
          name + ": processor time",
          (processorSeconds() - processor) * 1e9 / record.inputBytes(),
          "s/GB");
      print(name + ": bytes per line", (double) record.inputBytes() / lines, "");
      print(name + ": acceptance", (took - added) * 1000, "ms");
    }
  }

  private static void readInput(JobStore store, String name) {
    JobRecord record = store.find("pool", name).orElseThrow();
    long began = TIME.nanos();
    try (StoredJob job = store.job(record.id())) {
      for (long at = 0; at < record.calls(); at += 1000) {
        job.input(at, (int) Math.min(1000, record.calls() - at));
      }
    }
    print(name + ": read in pieces of 1000", record.calls() / seconds(began), "lines/s");
  }

  private static Lines outcomes(int count) {
    Lines.Builder lines = new Lines.Builder(count * 64, count);
    Random random = new Random(2);
    for (int i = 0; i < count; i++) {
      String value = "{\"value\":{\"key\":\"" + Long.toHexString(random.nextLong()) + "\",\"n\":";
      lines.add(Payload.of(value + "1".repeat(60 - value.length()) + "}}"));
    }
    return lines.build();
  }

  private static Journal start(StoredJob job) {
    long epoch = job.tryAcquire("measures", Duration.ofHours(1)).orElseThrow();
    return Journal.start(
        job,
        epoch,
        failure -> new Cause("a", "error", "b"),
        new RunStatistics(JobStatistics.NONE, 0),
        lost -> {},
        TIME,
        new Meters().histogram(JobMeters.JOURNAL_COMMIT));
  }

  private static StoredJob newJob(JobStore store, String name) {
    try (JobUpload upload = store.receive(job(name))) {
      upload.add(Payload.of("1"));
      return store.job(upload.accept().id());
    }
  }

  private static void journal(JobStore store, String name, int outcomes) throws Exception {
    Lines lines = outcomes(DELIVERY);
    Semaphore free = new Semaphore(IN_FLIGHT);
    try (StoredJob job = newJob(store, name)) {
      long began = TIME.nanos();
      try (Journal journal = start(job)) {
        for (int i = 0; i < outcomes; i += DELIVERY) {
          free.acquire(DELIVERY);
          journal.outcomes(i, lines, 0, DELIVERY, RanBy.NOBODY);
          journal.kept().thenRun(() -> free.release(DELIVERY));
        }
        free.acquire(IN_FLIGHT);
      }
      print(name + ": journal", outcomes / seconds(began), "outcomes/s");
      long[] segments = {0};
      job.segments(0, EnumSet.of(Segment.Kind.OUTCOMES), segment -> segments[0]++);
      print(name + ": outcomes per commit", (double) outcomes / segments[0], "");
    }
  }

  /** Deliveries at a steady rate, each timed from its arrival until it is kept. */
  private static void latency(JobStore store, String name, int count, int everyMillis)
      throws Exception {
    Lines lines = outcomes(count);
    int deliveries = 1000;
    double[] millis = new double[deliveries];
    Semaphore done = new Semaphore(0);
    try (StoredJob job = newJob(store, name);
        Journal journal = start(job)) {
      for (int i = 0; i < deliveries; i++) {
        Thread.sleep(everyMillis);
        int index = i;
        long began = TIME.nanos();
        journal.outcomes((long) i * count, lines, 0, count, RanBy.NOBODY);
        journal
            .kept()
            .thenRun(
                () -> {
                  millis[index] = (TIME.nanos() - began) / 1e6;
                  done.release();
                });
      }
      done.acquire(deliveries);
    }
    Arrays.sort(millis);
    String what = name + ": " + count + " every " + everyMillis + " ms, ";
    print(what + "p50", millis[deliveries / 2], "ms");
    print(what + "p99", millis[deliveries * 99 / 100], "ms");
  }

  private static void reopen(String url, String name) {
    long began = TIME.nanos();
    try (JobStore store = SqlStore.open(url);
        StoredJob job = store.job(store.find("pool", name).orElseThrow().id())) {
      BitSet ended = new BitSet();
      job.segments(
          0,
          EnumSet.allOf(Segment.Kind.class),
          segment ->
              segment
                  .calls()
                  .forEachRange((first, last) -> ended.set((int) first, (int) last + 1)));
      double took = seconds(began);
      print(name + ": reopened, per million", took * 1e3 / (ended.cardinality() / 1e6), "ms");
      long[] read = {0};
      began = TIME.nanos();
      job.segments(
          0,
          EnumSet.of(Segment.Kind.OUTCOMES),
          segment -> read[0] += Lines.split(segment.body(), segment.calls().count()).count());
      print(name + ": outcomes read in order", read[0] / seconds(began), "lines/s");
    }
  }
}
