package dev.warren.jobs.store.sql;

import dev.warren.jobs.journal.Cause;
import dev.warren.jobs.journal.Journal;
import dev.warren.jobs.journal.RunStatistics;
import dev.warren.jobs.meter.JobMeters;
import dev.warren.jobs.store.JobStatistics;
import dev.warren.jobs.store.JobStore;
import dev.warren.jobs.store.JobUpload;
import dev.warren.jobs.store.StoredJob;
import dev.warren.json.Lines;
import dev.warren.lifecycle.TimeSource;
import dev.warren.meter.Meters;
import dev.warren.pool.engine.pending.RanBy;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.testkit.TestJava;
import dev.warren.wire.OutcomeLine;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;

/** Another process that uses a store until it is killed. Confined to the test's thread. */
final class StoreProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private StoreProcess(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * Starts a process that journals outcomes of a job, from call {@code first} on. After each commit
   * it prints the number after those of the calls that are kept.
   */
  static StoreProcess journalling(String url, String job, long first) throws IOException {
    return start("journal", url, job, Long.toString(first));
  }

  /** Starts a process that uploads a job and never ends; it prints numbers of lines added. */
  static StoreProcess uploading(String url, String name) throws IOException {
    return start("upload", url, name);
  }

  private static StoreProcess start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(TestJava.command());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(StoreProcess.class.getName());
    command.addAll(List.of(arguments));
    return new StoreProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** Waits for the next number; fails if the process has ended. */
  long next() throws IOException {
    String line = output.readLine();
    if (line == null) {
      throw new AssertionError("the process has ended");
    }
    return Long.parseLong(line);
  }

  /** Kills the process; returns the last number that it printed, or {@code last} if none. */
  long kill(long last) throws IOException, InterruptedException {
    process.toHandle().destroyForcibly(); // unlike the process, it leaves the output open
    process.waitFor();
    long printed = last;
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      printed = line.matches("[0-9]+") ? Long.parseLong(line) : printed; // the last may be cut
    }
    return printed;
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  // ---- in the other process

  /** The program. */
  public static void main(String[] arguments) throws Exception {
    try (JobStore store = SqlStore.open(arguments[1])) {
      if (arguments[0].equals("upload")) {
        upload(store, arguments[2]);
      } else {
        journal(store, arguments[2], Long.parseLong(arguments[3]));
      }
    }
  }

  private static void upload(JobStore store, String name) {
    try (JobUpload upload = store.receive(StoreSamples.newJob(name))) {
      for (int i = 0; i >= 0; i += 10_000) {
        StoreSamples.addLines(upload, i, i + 10_000);
        System.out.println(upload.lines());
      }
    }
  }

  private static void journal(JobStore store, String id, long first) throws Exception {
    Random random = new Random(first);
    try (StoredJob job = store.job(id)) {
      OptionalLong epoch = job.tryAcquire("process", Duration.ofMillis(1));
      while (epoch.isEmpty()) {
        epoch = job.tryAcquire("process", Duration.ofMillis(1));
      }
      try (Journal journal =
          Journal.start(
              job,
              epoch.getAsLong(),
              failure -> new Cause(String.valueOf(failure.message()), "error", "a failure"),
              new RunStatistics(JobStatistics.NONE, 0),
              superseded -> Runtime.getRuntime().halt(3),
              TimeSource.SYSTEM,
              new Meters().histogram(JobMeters.JOURNAL_COMMIT))) {
        for (long call = first; ; ) {
          Lines lines = lines(random, call);
          journal.outcomes(call, lines, 0, lines.count(), RanBy.NOBODY);
          call += lines.count();
          long kept = call;
          var stage = journal.kept().thenRun(() -> System.out.println(kept));
          if (random.nextInt(4) == 0) {
            stage.toCompletableFuture().get();
          }
        }
      }
    }
  }

  private static Lines lines(Random random, long first) {
    int count = 1 + random.nextInt(300);
    Lines.Builder lines = new Lines.Builder(count * 40, count);
    for (int i = 0; i < count; i++) {
      lines.add(outcome(first + i));
    }
    return lines.build();
  }

  /** The outcome of a call: every tenth failed, with one of seven causes. */
  static Payload outcome(long call) {
    return call % 10 == 9
        ? OutcomeLine.of(RemoteFailure.of(FailureKind.FAILED, "cause " + call % 7, 1))
        : Payload.of("{\"value\":" + call + "}");
  }
}
